"""Events stand in the order in which they happened."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from handoff.evaluation.rules.rule import Context, RecordRule, at, error
from handoff.model.diagnostic import Finding
from handoff.model.instant import Moment
from handoff.records.record import Opportunity, Record

_DEFECT = error(
    "events-out-of-order",
    "an event is older than the one before it",
    "The order of events is the order in the file, and stages and clocks rest on it. "
    "An event that is written down late goes at the end with the time it really "
    "happened only if nothing later stands before it; otherwise its time, or that of "
    "its neighbour, is mistyped.",
)


def _check(record: Record, context: Context) -> Iterator[Finding]:  # noqa: ARG001 - one signature for all checks
    if not isinstance(record, Opportunity):
        return
    floor, before = None, None
    for event in record.events:
        instant = event.moment.instant
        if instant is None:
            continue
        if floor and instant < floor:
            name = "on" if event.moment.day else "at"
            place = (*event.pointer, name)
            message = (
                f"`{event.kind}` is dated {event.field(name)}, earlier than the event "
                f"above it ({before})"
            )
            hint = "Correct the time, or the one of the event above it."
            yield at(record, place, _DEFECT, message, hint)
            continue
        before = event.field("on" if event.moment.day else "at")
        floor = _earliest(event.moment, instant)


def _earliest(moment: Moment, instant: datetime) -> datetime:
    """Give the first instant a moment may stand for: a day may be all of it."""
    return instant - timedelta(days=1) if moment.day else instant


RULE = RecordRule(_DEFECT, _check)
