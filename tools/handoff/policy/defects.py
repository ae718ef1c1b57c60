"""What each shape rule means; the text behind `handoff explain` and the docs."""

from collections.abc import Mapping

from handoff.model.defect import Defect
from handoff.model.diagnostic import Severity

SHAPE_DEFECTS: Mapping[str, Defect] = {
    defect.name: defect
    for defect in (
        Defect(
            "missing-field",
            Severity.ERROR,
            "a required field is not there",
            "The schema of this kind of record requires the field. People downstream "
            "read it, so leaving it out is refused instead of guessed at. Add the "
            "field; its description and an example stand in the message.",
        ),
        Defect(
            "empty-field",
            Severity.ERROR,
            "a field is there but says nothing",
            "An empty value is the same as a missing one: nobody can act on it. Write "
            "the value, or remove the field if it is optional.",
        ),
        Defect(
            "unknown-field",
            Severity.ERROR,
            "a field is not known here",
            "Headers are a closed world: a misspelt key would otherwise be ignored, "
            "and what was typed would be lost. The message names the nearest known "
            "field where there is one. An event only takes the fields of its kind.",
        ),
        Defect(
            "value-not-allowed",
            Severity.ERROR,
            "a value is not one of the allowed ones",
            "The field takes one word of a fixed list, so that counting and gates "
            "work. The message lists the words.",
        ),
        Defect(
            "malformed-value",
            Severity.ERROR,
            "a value is not written the way its field needs",
            "Dates are YYYY-MM-DD, instants carry an offset, money is a whole number "
            "of minor units, people are handles. Values are read as text and only "
            "become numbers or dates if they are written in exactly that form, so "
            "that nothing is silently taken for something else.",
        ),
        Defect(
            "schema-mismatch",
            Severity.ERROR,
            "the header does not fit its schema",
            "A condition of the schema that involves more than one field, or the "
            "kind of a value (a list where text is expected), is not met.",
        ),
    )
}
