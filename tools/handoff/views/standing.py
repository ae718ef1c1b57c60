"""What views show of some deals for a stretch of time, so that it can be remembered."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from handoff.evaluation.ladder import reached
from handoff.evaluation.reading import LIVE, Figures
from handoff.evaluation.report import Frame, Report
from handoff.evaluation.stretch import figures_of, later, stands_until
from handoff.evaluation.summary_sections import Entries, entries_of
from handoff.model.instant import day_of, parse_date
from handoff.views.cards import Card, Hand, Tally, hand_of
from handoff.views.sla_text import Share, written
from handoff.views.states import look_of

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """What views show of some deals at any instant of a stretch.

    Attributes:
        since: first instant of the stretch, in UTC.
        until: first instant after it; `FOREVER` where nothing is still to come.
        cards: one for each deal.
        lines: the readings that need somebody, as they are at `since`.
        hidden: how many others there are, by label.
        in_shadow: how many clocks run that policy only tries out.
        entries: what a daily summary says on a day on which nothing happened.
        days: from `since` on, on which it says more, because something happened.
        spells: first and last days, not yet past, on which it says to try again.
    """

    since: datetime
    until: datetime
    cards: tuple[Card, ...]
    lines: tuple[Figures, ...]
    hidden: Mapping[str, int]
    in_shadow: int
    entries: Entries
    days: frozenset[date]
    spells: tuple[tuple[date, date], ...]

    def hand(self, _frame: Frame | None = None) -> Hand:
        """Give its cards, and their count; they are the same in the whole stretch."""
        is_open = sum(card.is_open for card in self.cards)
        late = sum(card.is_overdue for card in self.cards)
        return Hand(self.cards, Tally(len(self.cards), is_open, late))

    def share(self, frame: Frame) -> Share:
        """Give what it adds to the table of clocks, asked about in the stretch."""
        lines = (later(figures, self.since, frame.now) for figures in self.lines)
        rows = written(lines, frame)
        return Share(rows, self.hidden, self.in_shadow, self.hand().tally)

    def entries_on(self, day: date) -> Entries | None:
        """Give what the summary of a date says; `None` where it says more."""
        return self.entries if _is_plain(day, self.days, self.spells) else None


def standing_of(report: Report) -> Standing | None:
    """Say what stays as it is from a report's instant on, and until when.

    `None` where it cannot be known: not all files could be evaluated, two deals share
    an id, a waiver is about them, or something in them has not happened yet.
    """
    until = stands_until(report) if _is_whole(report) else None
    if until is None:
        return None
    today = day_of(report.now, report.policy.zone)
    days = frozenset(day for day in _days(report) if day >= today)
    spells = tuple(spell for spell in _spells(report) if spell[1] >= today)
    plain = today + _DAY
    while not _is_plain(plain, days, spells):
        plain += _DAY
    return Standing(
        since=report.now,
        until=until,
        cards=hand_of(report).cards,
        lines=tuple(figures_of(r) for r in report.readings if r.state in LIVE),
        hidden=Counter(
            look_of(r).label for r in report.readings if r.state not in LIVE
        ),
        in_shadow=sum(reading.state in LIVE for reading in report.shadow),
        entries=entries_of(report, plain),
        days=days,
        spells=spells,
    )


def _is_plain(
    day: date, days: frozenset[date], spells: tuple[tuple[date, date], ...]
) -> bool:
    return day not in days and not any(first <= day <= last for first, last in spells)


def _is_whole(report: Report) -> bool:
    verdict, files = report.verdict, report.register.files
    waived = {waiver.record for waiver in report.policy.waivers}
    return (
        verdict.files_listed == verdict.files_judged
        and not report.not_evaluated
        and not report.waived
        and waived.isdisjoint(files)
        and len({s.id for s in report.statuses}) == len(report.register.opportunities)
    )


def _days(report: Report) -> Iterator[date]:
    """Give the days of all facts, breaches and steps of ladders."""
    zone, policy, now = report.policy.zone, report.policy, report.now
    for reading in report.readings:
        steps = reached(reading, policy, now) if reading.state in LIVE else ()
        instants = (reading.breached_at, *(step.at for step in steps))
        yield from (day_of(at, zone) for at in instants if at)
    for status in report.statuses:
        for fact in status.deal.facts:
            known = fact.moment.day_in(zone)
            written = fact.recorded_at and day_of(fact.recorded_at, zone)
            yield from (day for day in (known, written) if day)


def _spells(report: Report) -> Iterator[tuple[date, date]]:
    for fact in (fact for status in report.statuses for fact in status.deal.facts):
        ends = (fact.field("reactivation", end) for end in ("from", "until"))
        first, last = (parse_date(str(end or "")) for end in ends)
        if first and last:
            yield first, last
