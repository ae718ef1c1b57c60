"""Whether one answer will do, by the same checks that judge the whole record."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from handoff.authoring.paths import put_top
from handoff.authoring.questions import place_at
from handoff.document.document import read_document
from handoff.document.editing import CannotEditError, SetSection, apply_edits
from handoff.document.outline import read_sections
from handoff.document.rendering import render_record
from handoff.evaluation.prose import is_placeholder, section_gap
from handoff.model.diagnostic import Finding
from handoff.model.span import Pointer, format_pointer
from handoff.policy.policy import Policy
from handoff.policy.shape import read_shape


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an answer will not do, and what to type instead."""

    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Checker:
    """Judges answers to the questions of one schema.

    Attributes:
        schema: its name, as in `packet`.
        around: fields the schema decides by, as the kind of an event.
    """

    policy: Policy
    schema: str
    around: Mapping[str, object]

    def problem(self, pointer: Pointer, value: object) -> Problem | None:
        """Say what is wrong with a value, text or list of texts, at a place."""
        place: Pointer = tuple(0 if isinstance(key, int) else key for key in pointer)
        header = put_top(self.around, place, value)
        for finding in self._findings(header):
            if finding.rule != "missing-field":
                found, meant = format_pointer(place), format_pointer(pointer)
                return Problem(finding.message.replace(found, meant), finding.hint)
        texts = value if isinstance(value, list) else [value]
        said = (self._said(pointer, str(text)) for text in texts)
        return next(filter(None, said), None)

    def _findings(self, header: Mapping[str, object]) -> tuple[Finding, ...]:
        content = render_record(header, "").encode("utf-8", "surrogatepass")
        document, findings = read_document("", content)
        if document is None:
            return findings
        schema = self.policy.schemas.schema(self.schema)
        return (*findings, *read_shape(document, schema)[1])

    def _said(self, pointer: Pointer, text: str) -> Problem | None:
        """Refuse what stands for an answer, and people nobody knows."""
        name = format_pointer(pointer)
        if is_placeholder(text, self.policy.pipeline.placeholders):
            message = f"`{name}` is `{text}`, not an answer"
            return Problem(message, "Leave it out until you know the answer.")
        schema = self.policy.schemas.schema(self.schema)
        if place_at(schema, pointer).get("format") == "person":
            return person_problem(self.policy, name, text)
        return None


def person_problem(policy: Policy, field: str, handle: str) -> Problem | None:
    """Say that a handle is nobody's, with the nearest that is somebody's."""
    people = policy.roster.people
    if handle in people:
        return None
    near = get_close_matches(handle, people, n=1)
    hint = f"Did you mean `{near[0]}`?" if near else f"Known: {', '.join(people)}."
    return Problem(f"`{field}` is `{handle}`, who is not known", hint)


def section_problem(policy: Policy, title: str, text: object) -> Problem | None:
    """Say what is wrong with the text of a section."""
    empty = f"---\nschema: none\n---\n\n## {title}\n".encode()
    try:
        written = apply_edits(empty, (SetSection(title, str(text)),))
    except CannotEditError as error:
        return Problem(error.message, error.hint)
    body = written.decode().partition("\n---\n")[2]
    gap = section_gap(read_sections(body, 1)[0], policy.pipeline.placeholders)[1]
    if not gap:
        return None
    return Problem(f"section `{title}` {gap}", "Write the answer, or `None: ` and why.")


def typed_value(policy: Policy, schema: str, pointer: Pointer, text: str) -> object:
    """Read what was typed for a field: `[a, b]`, `[]` or one entry where it is a list.

    Args:
        policy: for its schemas.
        schema: name of the schema.
        pointer: the field.
        text: what was typed.
    """
    place = place_at(policy.schemas.schema(schema), pointer)
    if place.get("type") != "array":
        return text
    if not (text.startswith("[") and text.endswith("]")):
        return [text]
    return [part.strip() for part in text[1:-1].split(",") if part.strip()]
