"""Alarms: a clock that is running out, is overdue, or climbs its ladder."""

from datetime import datetime
from zoneinfo import ZoneInfo

from handoff.evaluation.inbox import task_of
from handoff.evaluation.reading import Reading
from handoff.policy.policy import Policy
from handoff.views.announcement import named
from handoff.views.post import Item
from handoff.views.words import due, duration, instant


def at_risk(  # noqa: PLR0913, PLR0917 - all that is said
    reading: Reading,
    policy: Policy,
    zone: ZoneInfo,
    now: datetime,
    at: datetime,
    percent: int,
) -> Item:
    """Say that a clock is running out.

    Args:
        reading: of the clock.
        policy: for names and links.
        zone: in which the recipient reads times.
        now: when it is told.
        at: when it fell due to be told.
        percent: share of the time that was used up then.
    """
    more = (f"{percent} % of the time is used.", noticed(at, now, zone))
    return _item(f"{_subject(reading)} is due soon", reading, policy, zone, more)


def breach(
    reading: Reading, policy: Policy, zone: ZoneInfo, now: datetime, at: datetime
) -> Item:
    """Say to who answers for a clock that it ran out; see `at_risk`."""
    more = (noticed(at, now, zone),)
    return _item(_overdue(reading, now), reading, policy, zone, more)


def escalation(  # noqa: PLR0913, PLR0917 - as `at_risk`, and the role
    reading: Reading,
    policy: Policy,
    zone: ZoneInfo,
    now: datetime,
    at: datetime,
    role: str,
) -> Item:
    """Say that a clock reached the step of its ladder that tells `role`."""
    soon = f"{_subject(reading)} is due soon"
    heading = _overdue(reading, now) if reading.is_breached else soon
    more = (noticed(at, now, zone), f"Told as {role}.")
    return _item(heading, reading, policy, zone, more)


def noticed(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Say when something fell due to be told and when it was noticed."""
    then, seen = instant(_whole(at), zone), instant(_whole(now), zone)
    return f"To be told from {then} on, noticed {seen}."


def _overdue(reading: Reading, now: datetime) -> str:
    since = reading.breached_at
    late = f" by {duration(now - since)}" if since and now > since else ""
    return f"{_subject(reading)} is overdue{late}"


def _whole(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


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
    seller = named(reading.deal.opportunity.owner, policy)
    lines = (
        task_of(reading),
        *((f"Due {due(until, zone)}.",) if until else ()),
        f"Waits for {named(reading.owner, policy)}.",
        f"Deal {reading.record}, owner {seller}.",
        *more,
    )
    link = policy.channels.link_to(reading.deal.opportunity.path)
    return Item(heading, lines, link)
