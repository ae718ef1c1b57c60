"""Names that policy files use of each other must exist: checked at load."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from handoff.document.document import Document
from handoff.model.calendar import never_opens
from handoff.model.diagnostic import Diagnostic, Severity
from handoff.model.span import Pointer
from handoff.policy.channel_checks import channel_problems
from handoff.policy.clock_checks import clock_problems
from handoff.policy.clocks import ANY_EVENT, read_calendars
from handoff.policy.facts import DERIVED
from handoff.policy.schemas import SchemaSet

_BUILT_IN_CALENDAR = "always"
Names = Mapping[str, frozenset[str]]
_Problem = tuple[str, Pointer, str, str]


def cross_check(
    documents: Mapping[str, Document],
    schemas: SchemaSet,
) -> tuple[Diagnostic, ...]:
    """List names nobody defines and calendars that never open, with their place."""
    known = _known(documents, schemas)
    problems = [
        *_unknown_names(documents, known),
        *_never_opening(documents),
        *_closed_backwards(documents),
        *_days_on_working_time(documents),
        *clock_problems(documents, schemas),
        *channel_problems(documents),
    ]
    return tuple(_diagnostic(documents, *problem) for problem in problems)


def _known(documents: Mapping[str, Document], schemas: SchemaSet) -> Names:
    event = schemas.schema("event").describe(("event",))
    subject = schemas.schema("event/$defs/approval-given").describe(("subject",))
    packet = schemas.schema("packet")
    sections = _mapping(documents["stages"].header["sections"])
    listed = _rows(documents["profiles"], "profiles") if "profiles" in documents else ()
    profiles = map(_mapping, listed)
    groups = (str(each["group"]) for each in profiles if "group" in each)
    places = [(), *((group,) for group in groups)]
    return {
        "part": frozenset(
            [name for place in places for name, _ in packet.fields(place)]
            + _strings(sections["packet"]),
        ),
        "event": frozenset(_strings(event.get("enum"))) | DERIVED,
        "subject": frozenset(_strings(subject.get("enum"))),
        "stage": _column(documents["stages"], "stages"),
        "calendar": _column(documents["calendars"], "calendars") | {_BUILT_IN_CALENDAR},
        "role": frozenset(_mapping(documents["people"].header.get("roles"))),
        "field": schemas.schema("opportunity").declared(
            {},
            schemas.resolve("opportunity"),
        ),
        "section": frozenset(
            _strings(sections["opportunity"]),
        ),
    }


# Where names stand: file, path of keys (`*` for every entry), and what they name.
_USES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("stages", ("stages", "*", "entered_by", "*"), "event"),
    ("stages", ("stages", "*", "from", "*"), "stage"),
    ("stages", ("stages", "*", "gate", "events", "*"), "event"),
    ("stages", ("stages", "*", "gate", "approvals", "*"), "subject"),
    ("stages", ("stages", "*", "gate", "sections", "*"), "section"),
    ("stages", ("stages", "*", "gate", "roles", "*"), "role"),
    ("stages", ("stages", "*", "gate", "fields", "required", "*"), "field"),
    ("stages", ("gates", "*", "event"), "event"),
    ("stages", ("gates", "*", "gate", "events", "*"), "event"),
    ("stages", ("gates", "*", "gate", "approvals", "*"), "subject"),
    ("stages", ("gates", "*", "gate", "sections", "*"), "section"),
    ("stages", ("premature", "*", "fields", "*"), "field"),
    ("stages", ("premature", "*", "before"), "event"),
    ("stages", ("won_by", "*"), "event"),
    ("stages", ("completions", "*"), "event"),
    ("stages", ("returns_by",), "event"),
    ("stages", ("reopens_by",), "event"),
    ("stages", ("returns_from", "*"), "stage"),
    ("clocks", ("clocks", "*", "start", "*", "event"), "event"),
    ("clocks", ("clocks", "*", "start", "*", "all", "*", "event"), "event"),
    ("clocks", ("clocks", "*", "stop", "*"), "event"),
    ("clocks", ("clocks", "*", "cancel", "*"), "event"),
    ("clocks", ("clocks", "*", "calendar"), "calendar"),
    ("clocks", ("clocks", "*", "owner"), "role"),
    ("clocks", ("clocks", "*", "ladder", "*", "to"), "role"),
    ("stages", ("client_safe", "fields", "*"), "field"),
    ("stages", ("client_safe", "section"), "section"),
    ("stages", ("client_safe", "approval"), "subject"),
    ("profiles", ("profiles", "*", "weights", "*", "parts", "*"), "part"),
    ("people", ("acknowledged_by",), "role"),
    ("people", ("people", "*", "roles", "*", "role"), "role"),
    ("people", ("roles", "*", "held_by"), "role"),
    ("people", ("roles", "*", "field"), "field"),
    ("trust", ("owner_changed_by", "*"), "role"),
    ("trust", ("policy_changed_by", "*"), "role"),
    ("waivers", ("approver",), "role"),
)


def _unknown_names(
    documents: Mapping[str, Document],
    known: Names,
) -> Iterator[_Problem]:
    for file, path, what in _USES:
        header = documents[file].header if file in documents else {}
        for pointer, value in _walk(header, path, ()):
            if value not in known[what] and value != ANY_EVENT:
                near = get_close_matches(str(value), known[what], n=1)
                hint = f"Did you mean `{near[0]}`?" if near else ""
                names = ", ".join(sorted(known[what]))
                hint = hint or f"Use one of: {names}."
                article = "an" if what[0] in "aeiou" else "a"
                message = f"`{value}` is not the name of {article} {what}"
                yield file, pointer, message, hint


def _never_opening(documents: Mapping[str, Document]) -> Iterator[_Problem]:
    calendars = read_calendars(documents["calendars"].header)
    for index, name in enumerate(list(calendars)[1:]):
        if never_opens(calendars[name]):
            message = f"calendar `{name}` never opens, so no clock on it could end"
            hint = "Give at least one weekday an opening time."
            yield "calendars", ("calendars", index, "week"), message, hint


def _closed_backwards(documents: Mapping[str, Document]) -> Iterator[_Problem]:
    header, path = documents["calendars"].header, ("calendars", "*", "closed", "*")
    for pointer, span in _walk(header, path, ()):
        first, last = str(_mapping(span).get("on")), _mapping(span).get("until", "")
        if last and str(last) < first:  # days of one length compare as text
            message = f"closed until {last}, which is before {first}"
            hint = "Write the first day in `on` and the last in `until`."
            yield "calendars", (*pointer, "until"), message, hint


def _days_on_working_time(documents: Mapping[str, Document]) -> Iterator[_Problem]:
    for pointer, clock in _walk(documents["clocks"].header, ("clocks", "*"), ()):
        entry = _mapping(clock)
        within = str(_mapping(entry.get("target")).get("within", ""))
        if within.endswith("d") and entry.get("calendar") != _BUILT_IN_CALENDAR:
            message = f"`{within}` is ambiguous on working time"
            hint = "Write hours: 16h is two working days of eight hours."
            yield "clocks", (*pointer, "target", "within"), message, hint


def _walk(
    value: object,
    path: tuple[str, ...],
    pointer: Pointer,
) -> Iterator[tuple[Pointer, object]]:
    """Give every value below `value` that a path with wildcards reaches."""
    if not path:
        yield pointer, value
        return
    entries: Iterable[tuple[str | int, object]] = ()
    if isinstance(value, list):
        entries = enumerate(value)
    elif isinstance(value, dict):
        entries = value.items()
    for key, inner in entries:
        if path[0] in ("*", key):
            yield from _walk(inner, path[1:], (*pointer, key))


def _column(document: Document, name: str) -> frozenset[str]:
    return frozenset(str(_mapping(e).get("name")) for e in _rows(document, name))


def _rows(document: Document, name: str) -> list[object]:
    rows = document.header.get(name)
    return rows if isinstance(rows, list) else []


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _strings(value: object) -> list[str]:
    return [str(entry) for entry in value] if isinstance(value, list) else []


def _diagnostic(
    documents: Mapping[str, Document],
    file: str,
    pointer: Pointer,
    message: str,
    hint: str,
) -> Diagnostic:
    document = documents[file]
    span = document.span(pointer)
    return Diagnostic(
        path=document.path,
        span=span,
        rule="unknown-policy-name",
        severity=Severity.ERROR,
        message=message,
        hint=hint,
        related=(),
        source=document.line(span.line),
    )
