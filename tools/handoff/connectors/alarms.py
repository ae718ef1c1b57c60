"""Alarms that clocks ask for: running out, overdue, and each step of the ladder."""

from collections.abc import Callable, Iterator
from datetime import datetime

from handoff.connectors.need import Need, Tier
from handoff.connectors.notification import Kind
from handoff.evaluation.deal import Deal
from handoff.evaluation.ladder import Level, levels_of, reached
from handoff.evaluation.reading import LIVE, Reading, State
from handoff.evaluation.report import Report
from handoff.model.calendar import deadline
from handoff.views.announcement import zone_of
from handoff.views.escalation import at_risk, breach, escalation
from handoff.views.post import Item


def alarms_of(report: Report) -> Iterator[Need]:
    """Give the alarms of all clocks that somebody still has to stop.

    A clock that was stopped, in time or late, asks for nothing: a breach that was
    cured between two runs is told by the daily summary.
    """
    for reading in report.readings:
        if reading.state in LIVE and (reading.due or reading.breached_at):
            yield from _alarms(reading, report)


def packets_of(deal: Deal) -> tuple[str, ...]:
    """Give the files of a deal's packets."""
    return tuple(packet.path for packet in deal.packets)


def tiers_of(levels: tuple[Level, ...]) -> tuple[Tier, ...]:
    """Give whom the steps of a ladder tell, lowest first."""
    return tuple(Tier(level.role, level.recipients) for level in levels)


def share_spent(reading: Reading, percent: int) -> datetime | None:
    """Give the instant at which a share of a clock's time was used up."""
    if reading.started is None or reading.budget is None:
        return None
    spent = reading.budget * percent // 100
    return deadline(reading.clock.calendar, reading.started, spent, reading.pauses)


def _alarms(reading: Reading, report: Report) -> Iterator[Need]:
    policy, now = report.policy, report.now
    levels = levels_of(reading, policy)
    tiers = (Tier(reading.clock.owner, (reading.owner,)), *tiers_of(levels))
    if since := reading.breached_at:

        def overdue(who: str) -> Item:
            return breach(reading, policy, zone_of(who, policy), now, since)

        yield _need(reading, Kind.BREACH, "", since, tiers, overdue)
    else:
        yield from _shares(reading, tiers, report)
    for level in reached(reading, policy, now):
        yield _step(reading, level, tiers_of(levels[level.number - 1 :]), report)


def _shares(
    reading: Reading, tiers: tuple[Tier, ...], report: Report
) -> Iterator[Need]:
    """Tell of each share of the time that has a name and is used up."""
    clock, policy, now = reading.clock, report.policy, report.now
    named = {t.name: t.percent for t in clock.thresholds}
    if reading.state is State.AT_RISK:
        named[str(Kind.AT_RISK)] = clock.at_risk
    for name, percent in named.items():
        at = share_spent(reading, percent)
        if at is None or at > now:
            continue

        def soon(who: str, at: datetime = at, percent: int = percent) -> Item:
            zone = zone_of(who, policy)
            return at_risk(reading, policy, zone, now, at, percent)

        yield _need(reading, Kind.AT_RISK, name, at, tiers, soon)


def _step(
    reading: Reading, level: Level, tiers: tuple[Tier, ...], report: Report
) -> Need:
    policy, now = report.policy, report.now
    at = level.at or now

    def climbed(who: str) -> Item:
        zone = zone_of(who, policy)
        return escalation(reading, policy, zone, now, at, level.role)

    name = f"{level.number}-{level.role}"
    return _need(reading, Kind.ESCALATION, name, at, tiers, climbed)


def _need(  # noqa: PLR0913, PLR0917 - what alarms of one reading differ in
    reading: Reading,
    kind: Kind,
    level: str,
    at: datetime,
    tiers: tuple[Tier, ...],
    say: Callable[[str], Item],
) -> Need:
    return Need(
        kind=kind,
        record=reading.record,
        path=reading.deal.opportunity.path,
        cycle=reading.cycle,
        clock=reading.clock.name,
        level=level or str(kind),
        due=reading.due or reading.breached_at or at,
        at=at,
        tiers=tiers,
        say=say,
        packets=packets_of(reading.deal),
    )
