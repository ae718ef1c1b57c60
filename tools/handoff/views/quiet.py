"""Deals that are over, of which time changes nothing, and what views show of them."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from handoff.evaluation.parts import latest_of
from handoff.evaluation.reading import LIVE
from handoff.evaluation.report import Report
from handoff.model.instant import day_of, parse_date, parse_instant
from handoff.policy.policy import Policy
from handoff.records.fact import Fact
from handoff.views.cards import Card, Hand, Tally, hand_of
from handoff.views.sla_text import Share
from handoff.views.states import look_of


@dataclass(frozen=True, slots=True)
class Quiet:
    """What views show of some deals, now and at any later instant.

    Attributes:
        cards: one for each deal.
        readings: how many there are, by label; none of them needs anybody.
        days: on which something happened that a daily summary tells.
        spells: first and last days on which it says to try again.
    """

    cards: tuple[Card, ...]
    readings: Mapping[str, int]
    days: frozenset[date]
    spells: tuple[tuple[date, date], ...]

    @property
    def hand(self) -> Hand:
        """Its cards, and their count."""
        return Hand(self.cards, self.share.tally)

    @property
    def share(self) -> Share:
        """What it adds to the table of clocks that need somebody."""
        return Share((), self.readings, 0, Tally(len(self.cards)))

    def is_silent_on(self, day: date) -> bool:
        """Tell whether the summary of a date has nothing to say of it."""
        is_due = any(first <= day <= last for first, last in self.spells)
        return day not in self.days and not is_due


def quiet_of(report: Report) -> Quiet | None:
    """Say what stays as it is from a report's instant on; `None` if anything may not.

    Nothing is wrong with its files and no waiver is about them, all that is written in
    them has happened, every deal is over and no clock runs, and policy names no day
    that is still to come.
    """
    if not (_is_fine(report) and _is_over(report) and _is_settled(report)):
        return None
    facts = [fact for status in report.statuses for fact in status.deal.facts]
    return Quiet(
        hand_of(report).cards,
        Counter(look_of(reading).label for reading in report.readings),
        frozenset(_days(report, facts)),
        tuple(_spells(facts)),
    )


def _is_fine(report: Report) -> bool:
    verdict, files = report.verdict, report.register.files
    found = verdict.diagnostics or verdict.shadow or report.waived
    waived = {waiver.record for waiver in report.policy.waivers}
    is_read = verdict.files_listed == verdict.files_judged and not report.not_evaluated
    return is_read and not found and waived.isdisjoint(files)


def _is_over(report: Report) -> bool:
    """Tell whether every deal is, and no clock waits for anybody."""
    readings = (*report.readings, *report.shadow)
    return (
        len(report.statuses) == len(report.register.opportunities)
        and not any(status.stage.is_open for status in report.statuses)
        and not any(reading.state in LIVE for reading in readings)
    )


def _is_settled(report: Report) -> bool:
    """Tell whether all that is on record, and all that policy names, has come."""
    now, policy = report.now, report.policy
    today = day_of(now, policy.zone)
    facts = (fact for status in report.statuses for fact in status.deal.facts)
    named = (parse_instant(text) for text in _starts(facts, policy))
    clocks = policy.clocks
    return (
        latest_of(report.register, report.ledger, now) is not None
        and all(at is None or at <= now for at in named)
        and all(clock.since is None or clock.since <= today for clock in clocks)
        and all(clock.until is None or clock.until < today for clock in clocks)
    )


def _starts(facts: Iterator[Fact], policy: Policy) -> Iterator[str]:
    """Give what facts name as instants at which a clock may start."""
    starts = (part for c in policy.clocks for way in c.starts for part in way)
    names = {name for part in starts for name in part.latest_of}
    return (str(fact.field(name) or "") for fact in facts for name in names)


def _days(report: Report, facts: list[Fact]) -> Iterator[date]:
    zone = report.policy.zone
    breaches = (reading.breached_at for reading in report.readings)
    instants = (*breaches, *(fact.recorded_at for fact in facts))
    yield from (day_of(at, zone) for at in instants if at)
    yield from filter(None, (fact.moment.day_in(zone) for fact in facts))


def _spells(facts: list[Fact]) -> Iterator[tuple[date, date]]:
    for fact in facts:
        first, last = (
            parse_date(str(fact.field("reactivation", end) or ""))
            for end in ("from", "until")
        )
        if first and last:
            yield first, last
