"""Good news: a deal was won, its packet waits, it was handed over."""

from collections.abc import Iterator
from datetime import datetime

from handoff.connectors.alarms import packets_of, tiers_of
from handoff.connectors.need import Need, Tier
from handoff.connectors.notification import Kind
from handoff.evaluation.ladder import levels_of
from handoff.evaluation.owners import recipients_of
from handoff.evaluation.reading import LIVE, Reading, State
from handoff.evaluation.report import Report
from handoff.evaluation.status import Status
from handoff.model.calendar import deadline
from handoff.model.instant import day_of
from handoff.policy.facts import DEAL_ANNOUNCED, PACKET_ACKNOWLEDGED, PACKET_FILED
from handoff.policy.policy import Policy
from handoff.records.fact import Fact
from handoff.views.announcement import announcement, zone_of
from handoff.views.handover import coordination, digest
from handoff.views.post import Item
from handoff.views.words import due as due_text


def news_of(report: Report) -> Iterator[Need]:
    """Give the good news of all deals, told already or not."""
    statuses = {status.id: status for status in report.statuses}
    for reading in report.readings:
        if DEAL_ANNOUNCED in reading.clock.stop:
            yield from _announcements(reading, statuses[reading.record], report)
        if reading.state in LIVE and reading.start:
            yield from _notes(reading, reading.start, report)
    for status in report.statuses:
        yield from _digests(status, report.policy)


def _announcements(reading: Reading, status: Status, report: Report) -> Iterator[Need]:
    """Announce a win once its packet is filed, or when the clock is running out.

    Also where the clock is unknown because nobody has kept a ledger yet, and where an
    announcement stopped it: that was one channel, and there may be more.
    """
    won, clock, stop = reading.start, reading.clock, reading.stop
    is_waiting = (
        reading.state in LIVE
        or reading.state is State.UNKNOWN
        or (stop is not None and stop.kind == DEAL_ANNOUNCED)
    )
    is_refused = any(refusal.fact is won for refusal in status.progress.refusals)
    if not (won and reading.started and clock.within and is_waiting) or is_refused:
        return
    alarm = clock.within * clock.at_risk // 100
    last = deadline(clock.calendar, reading.started, alarm) or reading.started
    at = min(_filed_at(reading) or last, last)
    if report.now < at:
        return
    policy = report.policy
    until = deadline(clock.calendar, reading.started, clock.within)
    yield Need(
        kind=Kind.ANNOUNCEMENT,
        record=reading.record,
        path=reading.deal.opportunity.path,
        cycle=reading.cycle,
        clock=clock.name,
        level=str(Kind.ANNOUNCEMENT),
        due=until or at,
        at=at,
        tiers=(),
        say=lambda _: announcement(
            reading.deal, won, policy, _packet_due(reading, report)
        ),
        packets=packets_of(reading.deal),
    )


def _filed_at(reading: Reading) -> datetime | None:
    cycle = reading.deal.cycles[reading.cycle - 1]
    return next((f.moment.instant for f in cycle if f.kind == PACKET_FILED), None)


def _packet_due(reading: Reading, report: Report) -> datetime | None:
    """Give until when the packet of the same win is to be filed."""
    own = (r for r in report.readings if r.deal is reading.deal)
    found = (r.due for r in own if PACKET_FILED in r.clock.stop and r.state in LIVE)
    return next(found, None)


def _notes(reading: Reading, start: Fact, report: Report) -> Iterator[Need]:
    """Tell the receiver of a packet that waits; the filer is never its receiver."""
    if start.kind != PACKET_FILED:
        return
    deal, policy, now = reading.deal, report.policy, report.now
    packet = next((p for p in deal.packets if p.path == start.path), None)
    at = start.moment.instant
    if packet is None or at is None:
        return
    role, due = policy.roster.acknowledged_by, reading.due

    def say(who: str) -> Item:
        until = due_text(due, zone_of(who, policy)) if due else ""
        return coordination(deal, packet, policy, until)

    everybody = recipients_of(role, deal, start, policy, now)
    receivers = tuple(handle for handle in everybody if handle != start.by)
    yield Need(
        kind=Kind.COORDINATION,
        record=reading.record,
        path=packet.path,
        cycle=reading.cycle,
        clock=reading.clock.name,
        level=str(Kind.COORDINATION),
        due=at,
        at=at,
        tiers=(Tier(role, receivers), *tiers_of(levels_of(reading, policy))),
        say=say,
        packets=packets_of(deal),
    )


def _digests(status: Status, policy: Policy) -> Iterator[Need]:
    """Sum up each handover that was acknowledged, while the claim of it stands."""
    refused = [refusal.fact for refusal in status.progress.refusals]
    for number, facts in enumerate(status.deal.cycles, 1):
        for fact in facts:
            is_refused = any(fact is claim for claim in refused)
            if fact.kind == PACKET_ACKNOWLEDGED and not is_refused:
                yield from _digest(status, number, fact, policy)


def _digest(status: Status, cycle: int, fact: Fact, policy: Policy) -> Iterator[Need]:
    deal, at = status.deal, fact.moment.instant
    packet = next((p for p in deal.packets if p.path == fact.path), None)
    if packet is None or at is None:
        return
    since = day_of(at, policy.zone)
    yield Need(
        kind=Kind.DIGEST,
        record=status.id,
        path=packet.path,
        cycle=cycle,
        clock="handover",
        level=str(Kind.DIGEST),
        due=at,
        at=at,
        tiers=(),
        say=lambda _: digest(deal, packet, policy, fact.by, since),
        packets=packets_of(deal),
    )
