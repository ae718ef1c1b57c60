"""What a record refers to must exist."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from handoff.evaluation.rules.missing_from_packet import CARRIED
from handoff.evaluation.rules.rule import Context, RecordRule, at, error
from handoff.model.diagnostic import Finding
from handoff.model.span import Pointer, format_pointer
from handoff.records.fact import value_at
from handoff.records.record import Opportunity, Packet, Record

_DEFECT = error(
    "dangling-reference",
    "a record refers to something that does not exist",
    "A packet names its opportunity, and both name promises, risks, scope items, line "
    "items and milestones by id. An id that leads nowhere means that something was "
    "misspelt or removed. Correct the id, or add what it names.",
)
_Place = tuple[Pointer, object, tuple[str, ...]]


def _check(record: Record, context: Context) -> Iterator[Finding]:
    if isinstance(record, Opportunity):
        packets = context.register.packets_of(record.id)
        yield from _resolve(record, _of_events(record, packets))
        return
    opportunity = context.register.opportunities.get(record.opportunity)
    if opportunity:
        yield from _resolve(record, _of_packet(record, opportunity))
    elif broken := _broken(record, context):
        if broken not in context.register.judged:
            message = f"`{record.opportunity}`, its opportunity, has errors of its own"
            hint = f"Run `handoff check {broken}` and correct them first."
            yield at(record, ("opportunity",), _DEFECT, message, hint)
    else:
        message = f"there is no opportunity `{record.opportunity}`"
        near = get_close_matches(record.opportunity, context.register.opportunities)
        hint = f"Did you mean `{near[0]}`?" if near else ""
        hint = hint or "Create the opportunity first, or correct the id."
        yield at(record, ("opportunity",), _DEFECT, message, hint)


def _broken(packet: Packet, context: Context) -> str:
    """Give the path of the opportunity, if it exists but cannot be evaluated."""
    name = f"/{packet.opportunity}.md"
    return next((p for p in context.register.files if p.endswith(name)), "")


def _of_events(record: Opportunity, packets: tuple[Packet, ...]) -> Iterator[_Place]:
    milestones = tuple(i for p in packets for i in _ids(p.header, "milestones"))
    known = {
        "promise": _ids(record.header, "promises"),
        "milestone": milestones,
        "line_items": _ids(record.header, "pricing", "line_items"),
    }
    for event in record.events:
        for field, ids in known.items():
            value = event.fields.get(field)
            yield from _each((*event.pointer, field), value, ids)


def _of_packet(packet: Packet, opportunity: Opportunity) -> Iterator[_Place]:
    for field, path in CARRIED.items():
        ids = _ids(opportunity.header, *path)
        yield from _each((field,), packet.header.get(field), ids)
    carried = packet.header.get("promises")
    milestones = packet.header.get("milestones")
    for index, entry in enumerate(milestones if isinstance(milestones, list) else ()):
        pointer = ("milestones", index, "promises")
        known = tuple(carried) if isinstance(carried, list) else ()
        yield from _each(pointer, entry.get("promises"), known)


def _each(pointer: Pointer, value: object, known: tuple[str, ...]) -> Iterator[_Place]:
    if isinstance(value, list):
        for index, entry in enumerate(value):
            yield (*pointer, index), entry, known
    elif value is not None:
        yield pointer, value, known


def _resolve(record: Record, places: Iterator[_Place]) -> Iterator[Finding]:
    for pointer, value, known in places:
        if value not in known:
            message = f"`{format_pointer(pointer)}` names `{value}`, which nobody lists"
            hint = f"Use one of: {', '.join(known) or 'none are listed yet'}."
            yield at(record, pointer, _DEFECT, message, hint)


def _ids(header: Mapping[str, object], *path: str) -> tuple[str, ...]:
    entries = value_at(header, path)
    return tuple(e["id"] for e in entries) if isinstance(entries, list) else ()


RULE = RecordRule(_DEFECT, _check)
