"""Clocks that could never do what they say: found when policy is loaded.

Each check takes one entry of `clocks.yaml`, already of the right shape, and yields the
place below the entry, what is wrong there, and what to do.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from difflib import get_close_matches
from typing import Any

from handoff.document.document import Document
from handoff.model.instant import parse_date, parse_duration
from handoff.model.span import Pointer
from handoff.policy.clocks import ANY_EVENT
from handoff.policy.facts import DERIVED_AT, PAUSED
from handoff.policy.schemas import SchemaSet

Problem = tuple[Pointer, str, str]
Entry = Mapping[str, Any]
_Check = Callable[[Entry, SchemaSet], Iterator[Problem]]


_DUE_FORMATS = frozenset({"date", "date-time", "date-or-instant"})


def clock_problems(
    documents: Mapping[str, Document],
    schemas: SchemaSet,
) -> Iterator[tuple[str, Pointer, str, str]]:
    """Give file, place, message and hint of everything wrong with the clocks."""
    header: Mapping[str, Any] = documents["clocks"].header
    for problem in _problems(header, schemas):
        yield "clocks", *problem


def _problems(header: Mapping[str, Any], schemas: SchemaSet) -> Iterator[Problem]:
    entries: Sequence[Entry] = header["clocks"]
    for index, entry in enumerate(entries):
        for check in _CHECKS:
            for pointer, message, hint in check(entry, schemas):
                yield ("clocks", index, *pointer), message, hint
    yield from _overlaps(entries)
    yield from _too_old(entries, parse_date(header.get("enforced_from", "")))


def _parts(entry: Entry) -> Iterator[tuple[Pointer, Entry]]:
    """Give every fact a clock starts on, with its place."""
    for way, start in enumerate(entry["start"]):
        if "all" in start:
            listed = enumerate(start["all"])
            yield from ((("start", way, "all", n), part) for n, part in listed)
        elif "event" in start:
            yield ("start", way), start


def _ways(entry: Entry, _schemas: SchemaSet) -> Iterator[Problem]:
    for way, start in enumerate(entry["start"]):
        if ("event" in start) == ("all" in start) or (
            "all" in start and len(start) > 1
        ):
            message = "a start names either one `event`, or `all` of several"
            hint = "Write `event:` for one fact; below `all:` list each with `event:`."
            yield ("start", way), message, hint


def _never_starts(entry: Entry, _schemas: SchemaSet) -> Iterator[Problem]:
    for pointer, part in _parts(entry):
        for key, does in (("stop", "stops"), ("cancel", "cancels")):
            if part["event"] != ANY_EVENT and part["event"] in entry.get(key, ()):
                message = f"`{part['event']}` starts the clock and {does} it as well"
                hint = f"Take it out of `{key}`, or start the clock on another fact."
                yield (*pointer, "event"), message, hint


def _fields(entry: Entry, schemas: SchemaSet) -> Iterator[Problem]:
    """Find what a start asks of its fact that no such fact can have."""
    for pointer, part in _parts(entry):
        kind = part["event"]
        for name, value in part.get("when", {}).items():
            about = _about(kind, (name,), schemas)
            yield from _value((*pointer, "when", name), name, [value], about, kind)
        having = [("having", part["having"])] if "having" in part else []
        latest = (("latest_of", name) for name in part.get("latest_of", ()))
        for key, name in (*having, *latest):
            about = _about(kind, (name,), schemas)
            if about is None:
                yield (*pointer, key), *_no_field(name, kind)
            elif key == "latest_of" and about.get("format", "date-time") != "date-time":
                yield (*pointer, key), *_no_time(name, kind, "an instant")


def _pauses(entry: Entry, schemas: SchemaSet) -> Iterator[Problem]:
    held = entry.get("pause", ())
    for pointer, part in _parts(entry):
        what = part.get("when", {}).get("what")
        if part["event"] == PAUSED and held and what in {None, *held}:
            message = "the pause that starts the clock also holds it, so it never runs"
            hint = "Take it out of `pause`, or start the clock on another fact."
            yield (*pointer, "event"), message, hint
    reasons = entry.get("pause_reasons", ())
    if reasons and not held:
        message = "`pause_reasons` says for what reasons, and no `pause` says which"
        yield ("pause_reasons",), message, "Add `pause: [proposal, follow-up]`."
    about = _about(PAUSED, ("reason",), schemas)
    for n, reason in enumerate(reasons):
        yield from _value(("pause_reasons", n), "reason", [reason], about, PAUSED)


def _target(entry: Entry, schemas: SchemaSet) -> Iterator[Problem]:
    target = entry["target"]
    if ("within" in target) == ("due" in target):
        message = "a target is either a time (`within`) or a date of the start (`due`)"
        yield ("target",), message, "Write `within: 24h`, or `due: [next, due]`."
    path = target.get("due")
    for _, part in _parts(entry) if path else ():
        about, name = _about(part["event"], tuple(path), schemas), ".".join(path)
        if about is None:
            yield ("target", "due"), *_no_field(name, part["event"])
        elif "type" in about and about.get("format") not in _DUE_FORMATS:
            yield ("target", "due"), *_no_time(name, part["event"], "a date")
    shorter = tuple(target.get("shortened_by", ()))
    if shorter and not schemas.schema("packet").describe(shorter):
        message = f"a packet has no field `{'.'.join(shorter)}`"
        yield ("target", "shortened_by"), message, "`docs/fields.md` lists the fields."


def _ladder(entry: Entry, _schemas: SchemaSet) -> Iterator[Problem]:
    previous: timedelta | None = None
    for n, rung in enumerate(entry.get("ladder", ())):
        if ("before" in rung) == ("after" in rung):
            message = "a step of the ladder is either `before` or `after` it is due"
            yield ("ladder", n), message, "Write `before: 2h`, or `after: 0m`."
            continue
        side = 1 if "after" in rung else -1
        time = parse_duration(rung.get("after", rung.get("before"))) or timedelta()
        offset = side * time
        if previous is not None and offset < previous:
            message = "the ladder is out of order: this step comes before the one above"
            yield (
                ("ladder", n),
                message,
                "List the steps from the earliest to the last.",
            )
        previous = offset


def _condition(entry: Entry, schemas: SchemaSet) -> Iterator[Problem]:
    opportunity = schemas.schema("opportunity")
    for path, values in entry.get("condition", {}).items():
        about = opportunity.describe(tuple(path.split("."))) or None
        pointer = ("condition", path)
        yield from _value(pointer, path, values, about, "an opportunity")


def _dates(entry: Entry, _schemas: SchemaSet) -> Iterator[Problem]:
    since, until = _window(entry)
    if since > until:
        message = f"the version ends on {until}, before it begins on {since}"
        yield ("until",), message, "Give it a last day that is not before its first."


_CHECKS: tuple[_Check, ...] = (
    _ways,
    _never_starts,
    _fields,
    _pauses,
    _target,
    _ladder,
    _condition,
    _dates,
)


def _overlaps(entries: Sequence[Entry]) -> Iterator[Problem]:
    """Find days on which two versions of one clock would both hold."""
    for index, entry in enumerate(entries):
        since, until = _window(entry)
        for other in entries[:index]:
            begins, ends = _window(other)
            if other["name"] == entry["name"] and since <= ends and begins <= until:
                message = f"two versions of `{entry['name']}` hold on the same days"
                hint = (
                    "End the older one (`until:` its last day) and begin the newer one "
                    "on the day after (`since:`)."
                )
                yield ("clocks", index, "name"), message, hint


def _too_old(entries: Sequence[Entry], first: date | None) -> Iterator[Problem]:
    for index, entry in enumerate(entries):
        _, until = _window(entry)
        if first and until < first:
            message = f"no start falls under it: policy is enforced from {first} on"
            yield ("clocks", index, "until"), message, "Remove this version."


def _window(entry: Entry) -> tuple[date, date]:
    since, until = (
        parse_date(entry.get("since", "")),
        parse_date(entry.get("until", "")),
    )
    return since or date.min, until or date.max


def _about(kind: str, path: Pointer, schemas: SchemaSet) -> Mapping[str, Any] | None:
    """Describe a field of a kind of fact; `None` if such a fact has none.

    A kind nobody knows, and one that comes from outside the records, may have any.
    """
    if kind in DERIVED_AT:
        return schemas.schema("packet").describe((*DERIVED_AT[kind], *path)) or None
    if kind != ANY_EVENT and kind not in schemas.event_kinds():
        return {}
    event = schemas.schema("event")
    if path[0] in {name for name, _ in event.fields(())}:
        return event.describe(path) or None
    if kind == ANY_EVENT:
        return None
    return schemas.schema(f"event/$defs/{kind}").describe(path) or None


def _no_field(name: str, kind: str) -> tuple[str, str]:
    hint = "`docs/fields.md` lists the fields of each kind of event."
    return f"{kind} has no field `{name}`", hint


def _no_time(name: str, kind: str, what: str) -> tuple[str, str]:
    hint = "`docs/fields.md` says what each field holds."
    return f"`{name}` of {kind} is not {what}", hint


def _value(
    pointer: Pointer,
    name: str,
    values: Sequence[str],
    about: Mapping[str, Any] | None,
    kind: str,
) -> Iterator[Problem]:
    """Find a field that does not exist, or values it can never have."""
    if about is None:
        yield pointer, *_no_field(name, kind)
        return
    allowed = about.get("enum", [about["const"]] if "const" in about else [])
    for value in values:
        if allowed and value not in allowed:
            near = get_close_matches(value, allowed, n=1)
            guess = f"Did you mean `{near[0]}`? " if near else ""
            message = f"`{name}` of {kind} is never `{value}`"
            yield pointer, message, f"{guess}Allowed: {', '.join(map(str, allowed))}."
