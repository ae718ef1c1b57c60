"""One packet per opportunity and cycle."""

from collections.abc import Iterator

from handoff.evaluation.rules.rule import Context, RecordRule, error
from handoff.model.diagnostic import Finding, Related
from handoff.model.span import TOP
from handoff.records.record import Packet, Record

_DEFECT = error(
    "duplicate-packet",
    "an opportunity has two packets for the same win",
    "With two packets for one win it is undecided which one customer success "
    "acknowledges. A deal that is reopened and won again gets a packet of its own "
    "with the new date.",
)


def _check(record: Record, context: Context) -> Iterator[Finding]:
    if not isinstance(record, Packet):
        return
    siblings = context.register.packets_of(record.opportunity)
    twins = [p for p in siblings if p.identity.day == record.identity.day]
    first = min(twins, key=lambda packet: packet.identity, default=record)
    if first.identity != record.identity:
        message = f"`{record.opportunity}` already has a packet for this win"
        related = (Related(first.path, TOP, "the first one"),)
        hint = "Keep one of the two; move what only the other says."
        yield Finding(_DEFECT.name, TOP, message, hint, related)


RULE = RecordRule(_DEFECT, _check)
