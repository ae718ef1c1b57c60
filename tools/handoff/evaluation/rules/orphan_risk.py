"""A grave risk that reached the packet must have a step that deals with it."""

from collections.abc import Iterator

from handoff.evaluation.planning import unplanned_risks
from handoff.evaluation.rules.rule import Context, RecordRule, at, error
from handoff.model.diagnostic import Finding
from handoff.records.record import Packet, Record

_DEFECT = error(
    "orphan-risk",
    "a grave risk of the packet has no milestone and no task",
    "A risk that everybody knows and nobody works on happens. Every risk of a packet "
    "whose severity is under `planned_risks` in schemas/policy/stages.yaml must be "
    "named by one of its milestones, or by a next action of its opportunity (`next:` "
    "with `risks:`).",
)


def _check(record: Record, context: Context) -> Iterator[Finding]:
    if not isinstance(record, Packet):
        return
    opportunity = context.register.opportunities.get(record.opportunity)
    if opportunity is None:
        return
    severities = context.policy.pipeline.planned_risks
    listed = unplanned_risks(record.header, opportunity.header, severities)
    for place, name in listed:
        message = f"no milestone deals with risk `{name}`"
        hint = (
            f"Add `risks: [{name}]` to the milestone that settles it; if there is "
            "none, add one."
        )
        yield at(record, place, _DEFECT, message, hint)


RULE = RecordRule(_DEFECT, _check)
