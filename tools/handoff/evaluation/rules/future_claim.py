"""Nothing is on record before it happens."""

from collections.abc import Iterator
from datetime import timedelta

from handoff.evaluation.rules.rule import Context, RecordRule, at, error
from handoff.model.diagnostic import Finding
from handoff.records.record import Opportunity, Record

_TOLERANCE = timedelta(minutes=5)  # clocks of two machines may differ by as much
_DEFECT = error(
    "future-claim",
    "a fact is dated in the future",
    "A fact is written down when it has happened. A later time is a slip of the date "
    "or of the offset, and would make clocks start or stop at the wrong instant. "
    "Plans belong in `next` or in a date field.",
)


def _check(record: Record, context: Context) -> Iterator[Finding]:
    if context.is_replay:
        return
    facts = record.events if isinstance(record, Opportunity) else record.facts
    for fact in facts:
        slack = timedelta(days=1) if fact.moment.day else _TOLERANCE
        instant = fact.moment.instant
        if instant and instant > context.now + slack:
            name = "on" if fact.moment.day else "at"
            place = (*fact.pointer, name)
            now = context.now.astimezone(context.policy.zone)
            message = (
                f"`{fact.kind}` is dated {fact.field(name)}, which is still to come "
                f"(it is {now.isoformat(timespec='seconds')})"
            )
            hint = "Correct the date or the offset; a plan goes in `next`."
            yield at(record, place, _DEFECT, message, hint)


RULE = RecordRule(_DEFECT, _check)
