"""What views show of some deals for a stretch of time, so that it can be remembered."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from handoff.evaluation.inbox import Waiting, waiting_in
from handoff.evaluation.reading import LIVE, Figures
from handoff.evaluation.report import Frame, Report
from handoff.evaluation.stretch import counted_at, figures_of, stretch_of
from handoff.evaluation.summary_sections import Entries, entries_of
from handoff.model.instant import day_of, parse_date
from handoff.model.intervals import Interval
from handoff.views.cards import Card, Hand, Tally, hand_of
from handoff.views.sla_text import Share, written
from handoff.views.states import look_of

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """What views show of some deals at any instant of a stretch.

    Attributes:
        stretch: from the first of these instants up to the first after them.
        at: the one of them at which `lines` are what they are.
        cards: one for each deal.
        lines: the readings that need somebody.
        hidden: how many others there are, by label.
        in_shadow: how many clocks run that policy only tries out.
        waiting: what waits on people.
        day: on which the stretch begins, in the zone of policy.
        entries: what the daily summary of that day says.
        plain: what that of a later day says, on which nothing happened.
        spells: first and last days, not yet past, on which it says to try again.
    """

    stretch: Interval
    at: datetime
    cards: tuple[Card, ...]
    lines: tuple[Figures, ...]
    hidden: Mapping[str, int]
    in_shadow: int
    waiting: tuple[Waiting, ...]
    day: date
    entries: Entries
    plain: Entries
    spells: tuple[tuple[date, date], ...]

    def hand(self, _frame: Frame | None = None) -> Hand:
        """Give its cards, and their count; they are the same in the whole stretch."""
        is_open = sum(card.is_open for card in self.cards)
        late = sum(card.is_overdue for card in self.cards)
        return Hand(self.cards, Tally(len(self.cards), is_open, late))

    def share(self, frame: Frame) -> Share:
        """Give what it adds to the table of clocks, asked about in the stretch."""
        lines = (counted_at(frame.now, figures, self.at) for figures in self.lines)
        rows = written(lines, frame)
        return Share(rows, self.hidden, self.in_shadow, self.hand().tally)

    def entries_on(self, day: date) -> Entries | None:
        """Give what the summary of a date says; `None` where it says more.

        The date is that of an instant of the stretch, in which nothing happens.
        """
        if day == self.day:
            return self.entries
        is_due = any(first <= day <= last for first, last in self.spells)
        return None if is_due else self.plain


def standing_of(report: Report) -> Standing | None:
    """Say what stays as it is around a report's instant, and for how long.

    `None` where it cannot be known: not all files could be evaluated, two deals share
    an id, a waiver is about them, or something in them has not happened yet.
    """
    stretch = stretch_of(report) if _is_whole(report) else None
    if stretch is None:
        return None
    first = day_of(stretch.start, report.policy.zone)
    spells = tuple(spell for spell in _spells(report) if spell[1] >= first)
    today = day_of(report.now, report.policy.zone)
    last = max((last for _, last in spells), default=today)
    return Standing(
        stretch=stretch,
        at=report.now,
        cards=hand_of(report).cards,
        lines=tuple(figures_of(r) for r in report.readings if r.state in LIVE),
        hidden=Counter(
            look_of(r).label for r in report.readings if r.state not in LIVE
        ),
        in_shadow=sum(reading.state in LIVE for reading in report.shadow),
        waiting=waiting_in(report),
        day=first,
        entries=entries_of(report, first),
        plain=entries_of(report, max(last, today) + _DAY),
        spells=spells,
    )


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


def _spells(report: Report) -> Iterator[tuple[date, date]]:
    for fact in (fact for status in report.statuses for fact in status.deal.facts):
        ends = (fact.field("reactivation", end) for end in ("from", "until"))
        first, last = (parse_date(str(end or "")) for end in ends)
        if first and last:
            yield first, last
