"""Shape of a header: schema violations as findings with a place and a way out."""

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from handoff.document.document import Document
from handoff.model.diagnostic import Finding
from handoff.model.span import Pointer, Span, format_pointer
from handoff.policy.schemas import CompiledSchema
from handoff.policy.violation import Violation

_SHOWN = 60
POSSIBLE_SECRET = "pasted-secret"  # noqa: S105 - the name of a rule
"""Rule of findings whose line is not to be shown."""

_Shaper = Callable[["_Place"], Iterator[Finding]]


def read_shape(
    document: Document,
    schema: CompiledSchema,
) -> tuple[Mapping[str, Any], tuple[Finding, ...]]:
    """Give a document's header with its numbers, and what is wrong with its shape.

    A valid header costs one quick question.
    """
    value = schema.coerce(document.header)
    if schema.accepts(value):
        return value, ()
    found = dict.fromkeys(
        finding
        for violation in schema.violations(value)
        for finding in _findings(_Place(document, schema, violation))
    )
    return value, tuple(sorted(found, key=lambda finding: finding.span))


class _Place:
    """A violation with what is needed to speak about it."""

    def __init__(
        self,
        document: Document,
        schema: CompiledSchema,
        violation: Violation,
    ) -> None:
        self.document = document
        self.schema = schema
        self.violation = violation
        self.pointer = violation.pointer

    @property
    def subject(self) -> str:
        return f"`{format_pointer(self.pointer)}`" if self.pointer else "the header"

    @property
    def found(self) -> str:
        return _shown(self.violation.value)

    def finding(self, rule: str, message: str, hint: str) -> Finding:
        return Finding(rule, self.document.span(self.pointer), message, hint)

    def form(self, pointer: Pointer) -> str:
        """Say how a list or group is typed; a single value needs no word."""
        about = self.schema.describe(pointer)
        if about.get("type") == "array":
            return "Write each entry below it, on a line that starts with `- `. "
        if about.get("type") != "object":
            return ""
        required = about.get("required")
        names = required if isinstance(required, list) else []
        listed = ", ".join(f"`{name}:`" for name in names) or "its fields"
        return f"Write {listed} below it, each on a line indented by two spaces. "

    def advice(self, pointer: Pointer) -> str:
        """Say what belongs in a field: its hint, or description and example."""
        about = self.schema.describe(pointer)
        own = self.violation.schema if pointer == self.pointer else {}
        if hint := own.get("x-hint") or about.get("x-hint"):
            return str(hint)
        examples = about.get("examples")
        example = _scalar(examples[0]) if isinstance(examples, list) else ""
        text = str(about.get("description", ""))
        return f"{text} For example: {example}" if example else text


def _findings(place: _Place) -> Iterator[Finding]:
    if place.violation.value == "":
        message = f"{place.subject} is empty"
        form = place.form(place.pointer) or "Type it behind the colon. "
        hint = form + place.advice(place.pointer)
        yield place.finding("empty-field", message, hint.rstrip())
        return
    yield from _SHAPERS.get(place.violation.keyword, _mismatch)(place)


def _missing(place: _Place) -> Iterator[Finding]:
    name = str(place.violation.detail)
    where = f" in {place.subject}" if place.pointer else ""
    pointer = (*place.pointer, name)
    hint = f"Add `{name}:`. {place.form(pointer)}{place.advice(pointer)}".rstrip()
    span = place.document.span(pointer)
    yield Finding("missing-field", span, f"`{name}` is missing{where}", hint)


def _unknown(place: _Place) -> Iterator[Finding]:
    names = place.violation.detail
    known = place.schema.declared(place.violation.value, place.violation.schema)
    for name in sorted(set(names if isinstance(names, list) else ()) - known):
        near = get_close_matches(name, known, n=1)
        hint = (
            f"Did you mean `{near[0]}`?"
            if near
            else f"Remove it. Known here: {', '.join(sorted(known))}."
        )
        span: Span = place.document.key_span((*place.pointer, name))
        where = f" in {place.subject}" if place.pointer else ""
        message = f"`{name}` is not a known field{where}"
        yield Finding("unknown-field", span, message, hint)


def _not_allowed(place: _Place) -> Iterator[Finding]:
    detail = place.violation.detail
    allowed = [str(v) for v in detail] if isinstance(detail, list) else [str(detail)]
    near = get_close_matches(str(place.violation.value), allowed, n=1)
    guess = f"Did you mean `{near[0]}`? " if near else ""
    hint = f"{guess}Allowed: {', '.join(allowed)}."
    message = f"{place.subject} is {place.found}, which is not an allowed value"
    yield place.finding("value-not-allowed", message, hint)


def _malformed(place: _Place) -> Iterator[Finding]:
    title = str(place.schema.describe(place.pointer).get("title", "")).lower()
    word = str(place.violation.detail)
    expected = _EXPECTED.get(word, title)
    # Where the name of a variable belongs, people paste the secret itself.
    rule = POSSIBLE_SECRET if word == "variable" else "malformed-value"
    found = "something else" if rule == POSSIBLE_SECRET else place.found
    message = f"{place.subject} is {found}, expected {expected}"
    yield place.finding(rule, message, place.advice(place.pointer))


def _out_of_range(place: _Place) -> Iterator[Finding]:
    word = "at least" if place.violation.keyword == "minimum" else "at most"
    message = (
        f"{place.subject} is {place.found}, expected {word} {place.violation.detail}"
    )
    yield place.finding("malformed-value", message, place.advice(place.pointer))


def _wrong_type(place: _Place) -> Iterator[Finding]:
    types = place.violation.detail
    names = types if isinstance(types, list) else [types]
    expected = " or ".join(_TYPES.get(str(name), str(name)) for name in names)
    is_scalar = isinstance(place.violation.value, str)
    rule = "malformed-value" if is_scalar else "schema-mismatch"
    message = f"{place.subject} is {place.found}, expected {expected}"
    hint = place.form(place.pointer) + place.advice(place.pointer)
    yield place.finding(rule, message, hint.rstrip())


def _too_few(place: _Place) -> Iterator[Finding]:
    message = f"{place.subject} is an empty list"
    hint = place.form(place.pointer) + place.advice(place.pointer)
    yield place.finding("empty-field", message, hint.rstrip())


def _repeated(place: _Place) -> Iterator[Finding]:
    message = f"{place.subject} names the same entry twice"
    yield place.finding("schema-mismatch", message, "Keep each entry once.")


def _forbidden(place: _Place) -> Iterator[Finding]:
    message = f"{place.subject} does not belong here"
    hint = place.advice(place.pointer) or "Remove it."
    yield place.finding("schema-mismatch", message, hint)


def _mismatch(place: _Place) -> Iterator[Finding]:
    message = f"{place.subject} does not fit its schema (`{place.violation.keyword}`)"
    yield place.finding("schema-mismatch", message, place.advice(place.pointer))


_SHAPERS: Mapping[str, _Shaper] = {
    "required": _missing,
    "additionalProperties": _unknown,
    "unevaluatedProperties": _unknown,
    "enum": _not_allowed,
    "const": _not_allowed,
    "format": _malformed,
    "pattern": _malformed,
    "minimum": _out_of_range,
    "maximum": _out_of_range,
    "type": _wrong_type,
    "minItems": _too_few,
    "uniqueItems": _repeated,
    "not": _forbidden,
}

_TYPES: Mapping[str, str] = {
    "string": "text",
    "integer": "a whole number",
    "boolean": "`true` or `false`",
    "object": "fields of its own, indented below it",
    "array": "a list, each entry on a line with `- `",
}

_EXPECTED: Mapping[str, str] = {
    "text": "text that says something",
    "line": "one line of text",
    "name": "a name without hidden or look-alike characters",
    "slug": "lower-case words joined by hyphens",
    "person": "a person's handle",
    "item-id": "a short id such as `P1`",
    "email": "an e-mail address",
    "phone": "a phone number",
    "date": "a day written YYYY-MM-DD",
    "date-time": "an instant with an offset",
    "date-or-instant": "a day or an instant with an offset",
    "date-or-unknown": "a day written YYYY-MM-DD, or `unknown`",
    "duration-short": "a time such as `2h`",
    "window": "opening times such as `09:00-13:00`",
    "zone": "an IANA time zone",
    "opportunity-id": "the id of an opportunity",
    "variable": "the name of an environment variable",
    "event-pattern": "the kind of an event, or `*`",
}


def _scalar(value: object) -> str:
    return str(value) if isinstance(value, str | int) else ""


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "a group of fields"
    if isinstance(value, list):
        return "a list"
    text = str(value)
    return f"`{text if len(text) <= _SHOWN else text[:_SHOWN] + '…'}`"
