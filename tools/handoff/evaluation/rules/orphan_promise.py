"""A promise that reached the packet must have a step that keeps it."""

from collections.abc import Iterator

from handoff.evaluation.planning import unplanned_promises
from handoff.evaluation.rules.rule import Context, RecordRule, at, error
from handoff.model.diagnostic import Finding
from handoff.records.record import Packet, Record

_DEFECT = error(
    "orphan-promise",
    "a promise of the packet has no milestone and no task",
    "A promise without a dated step and an owner is kept by luck. Every promise of a "
    "packet must be named by one of its milestones, or by a next action of its "
    "opportunity (`next:` with `promises:`).",
)


def _check(record: Record, context: Context) -> Iterator[Finding]:
    if not isinstance(record, Packet):
        return
    opportunity = context.register.opportunities.get(record.opportunity)
    header = opportunity.header if opportunity else {}
    for place, name in unplanned_promises(record.header, header):
        message = f"no milestone keeps promise `{name}`"
        hint = f"Add `promises: [{name}]` to the milestone at which it is kept."
        yield at(record, place, _DEFECT, message, hint)


RULE = RecordRule(_DEFECT, _check)
