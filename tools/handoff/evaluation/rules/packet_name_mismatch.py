"""A packet's file name says the service, the company and the day of the win."""

from collections.abc import Iterator
from datetime import date

from handoff.evaluation.rules.rule import Context, RecordRule, error
from handoff.model.diagnostic import Finding
from handoff.model.instant import day_of
from handoff.model.span import TOP
from handoff.records.record import Opportunity, Packet, Record

_DEFECT = error(
    "packet-name-mismatch",
    "a packet's file name does not fit its opportunity",
    "The path is the identity: `{service}-{company-slug}-{deal close date}`. The name "
    "must fit the opportunity the packet names, and the date must be the day of one of "
    "its `closed-won` events, which also tells the cycle.",
)


def _check(record: Record, context: Context) -> Iterator[Finding]:
    if not isinstance(record, Packet):
        return
    opportunity = context.register.opportunities.get(record.opportunity)
    if opportunity is None:
        return
    slug = f"{opportunity.text('service')}-{opportunity.identity.slug}"
    if record.identity.slug != slug:
        message = f"the file name begins with `{record.identity.slug}`, not `{slug}`"
        hint = f"Name the file `{slug}-{record.identity.day}.md`."
        yield Finding(_DEFECT.name, TOP, message, hint)
    days = list(_days_won(opportunity, context))
    if record.identity.day not in days:
        known = ", ".join(map(str, days)) or "it is not won yet"
        message = (
            f"the file name says {record.identity.day}, but `{opportunity.id}` was "
            f"not won on that day ({known})"
        )
        hint = "Record the win first."
        if days:
            hint = f"Rename the file to `{slug}-{days[-1]}.md`."
        yield Finding(_DEFECT.name, TOP, message, hint)


def _days_won(opportunity: Opportunity, context: Context) -> Iterator[date]:
    won = context.policy.pipeline.won_by
    for event in opportunity.events:
        if event.kind in won and event.moment.instant:
            yield event.moment.day or day_of(event.moment.instant, context.policy.zone)


RULE = RecordRule(_DEFECT, _check)
