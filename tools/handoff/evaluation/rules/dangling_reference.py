"""What a record refers to must exist."""

from collections.abc import Collection, Iterator, Mapping
from itertools import chain

from handoff.evaluation.rules.rule import Context, RecordRule, at, error
from handoff.model.diagnostic import Finding
from handoff.model.identity import Kind
from handoff.model.span import Pointer, format_pointer
from handoff.records.record import Opportunity, Packet, Record
from handoff.records.references import REFERENCES, listed_ids, named

_DEFECT = error(
    "dangling-reference",
    "a record refers to something that does not exist",
    "A packet names its opportunity, and both name promises, risks, scope items, line "
    "items and milestones by id. An id that leads nowhere means that something was "
    "misspelt or removed. Correct the id, or add what it names.",
)
_Homes = Mapping[Kind, tuple[Record, ...]]
_SHOWN = 12  # ids in a hint


def _check(record: Record, context: Context) -> Iterator[Finding]:
    if isinstance(record, Opportunity):
        packets = context.register.packets_of(record.id)
        homes: _Homes = {Kind.OPPORTUNITY: (record,), Kind.PACKET: packets}
        yield from _resolve(record, Kind.OPPORTUNITY, homes)
        return
    opportunity = context.register.opportunities.get(record.opportunity)
    if opportunity:
        homes = {Kind.OPPORTUNITY: (opportunity,), Kind.PACKET: (record,)}
        yield from _resolve(record, Kind.PACKET, homes)
    elif broken := _broken(record, context):
        if broken not in context.register.judged:
            message = f"`{record.opportunity}`, its opportunity, has errors of its own"
            hint = f"Run `handoff check {broken}` and correct them first."
            yield at(record, ("opportunity",), _DEFECT, message, hint)
    else:
        message = f"there is no opportunity `{record.opportunity}`"
        near = context.register.nearest(record.opportunity)
        hint = f"Did you mean `{near}`?" if near else ""
        hint = hint or (
            "Correct the id, or open the deal first: `handoff new opportunity`."
        )
        yield at(record, ("opportunity",), _DEFECT, message, hint)


def _broken(packet: Packet, context: Context) -> str:
    """Give the path of the opportunity, if it exists but cannot be evaluated."""
    name = f"/{packet.opportunity}.md"
    return next((p for p in context.register.files if p.endswith(name)), "")


def _resolve(record: Record, own: Kind, homes: _Homes) -> Iterator[Finding]:
    for reference in REFERENCES[own]:
        places = named(record.header, reference.field)
        if not places:
            continue
        lists = [(home, path) for kind, path in reference.lists for home in homes[kind]]
        ids = (listed_ids(home.header, path) for home, path in lists)
        known = dict.fromkeys(chain.from_iterable(ids))
        for pointer, value in places:
            if value not in known:
                yield _finding(record, pointer, value, known)


def _finding(
    record: Record, pointer: Pointer, value: object, known: Collection[str]
) -> Finding:
    message = f"`{format_pointer(pointer)}` names `{value}`, which nobody lists"
    shown = [*known][:_SHOWN]
    more = f" and {len(known) - _SHOWN:,} more" if len(known) > _SHOWN else ""
    hint = f"Use one of: {', '.join(shown) or 'none are listed yet'}{more}."
    return at(record, pointer, _DEFECT, message, hint)


RULE = RecordRule(_DEFECT, _check)
