"""Alarms: a clock that is running out, is overdue, or climbs its ladder."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from handoff.evaluation.reading import Reading
from handoff.policy.policy import Policy
from handoff.views.announcement import named
from handoff.views.post import Item
from handoff.views.words import due, duration, instant

_NOTICED_AT_ONCE = timedelta(minutes=1)


def at_risk(reading: Reading, policy: Policy, zone: ZoneInfo) -> Item:
    """Say that a clock is running out."""
    return _item(f"{_subject(reading)} is due soon", reading, policy, zone, ())


def breach(reading: Reading, policy: Policy, zone: ZoneInfo, now: datetime) -> Item:
    """Say that a clock ran out, to who answers for it."""
    late = _late(reading, now)
    return _item(f"{_subject(reading)} is overdue{late}", reading, policy, zone, ())


def escalation(
    reading: Reading,
    policy: Policy,
    zone: ZoneInfo,
    now: datetime,
    role: str,
) -> Item:
    """Say that a clock reached a step of its ladder, to whom the step names."""
    is_late = reading.is_breached
    state = f"is overdue{_late(reading, now)}" if is_late else "is due soon"
    told = (f"You are told as {role}.",)
    return _item(f"{_subject(reading)} {state}", reading, policy, zone, told)


def noticed(fell_due: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Say when something was to be told, and that it comes late if it does."""
    if now - fell_due < _NOTICED_AT_ONCE:
        return f"Noticed {instant(_whole(now), zone)}."
    then, seen = instant(_whole(fell_due), zone), instant(_whole(now), zone)
    return f"To be told from {then} on, noticed {seen}."


def _whole(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _late(reading: Reading, now: datetime) -> str:
    since = reading.breached_at
    return f" by {duration(now - since)}" if since and now > since else ""


def _subject(reading: Reading) -> str:
    company = reading.deal.opportunity.text("company")
    return f"{company}: {reading.clock.name}"


def _item(
    heading: str,
    reading: Reading,
    policy: Policy,
    zone: ZoneInfo,
    more: tuple[str, ...],
) -> Item:
    until = reading.breached_at or reading.due
    lines = (
        reading.clock.summary,
        *((f"Due {due(until, zone)}.",) if until else ()),
        f"Waits for {named(reading.owner, policy)}.",
        f"Deal {reading.record}, owner {named(reading.deal.opportunity.owner, policy)}.",
        *more,
    )
    link = policy.channels.link_to(reading.deal.opportunity.path)
    return Item(heading, lines, link)
