"""A promise that reached the packet must have a milestone that keeps it."""

from collections.abc import Iterator

from handoff.evaluation.rules.rule import Context, RecordRule, at, error
from handoff.model.diagnostic import Finding
from handoff.records.record import Packet, Record

_DEFECT = error(
    "orphan-promise",
    "a promise of the packet has no milestone",
    "A promise without a dated step and an owner is kept by luck. Every promise of a "
    "packet must be named by one of its milestones.",
)


def _check(record: Record, context: Context) -> Iterator[Finding]:  # noqa: ARG001 - one signature for all checks
    if not isinstance(record, Packet):
        return
    milestones = record.header.get("milestones")
    planned = {
        promise
        for milestone in (milestones if isinstance(milestones, list) else ())
        for promise in milestone.get("promises", ())
    }
    promises = record.header.get("promises")
    for index, name in enumerate(promises if isinstance(promises, list) else ()):
        if name not in planned:
            message = f"no milestone keeps promise `{name}`"
            hint = f"Add `promises: [{name}]` to the milestone at which it is kept."
            yield at(record, ("promises", index), _DEFECT, message, hint)


RULE = RecordRule(_DEFECT, _check)
