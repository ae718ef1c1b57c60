"""What views show of some deals for a stretch of time, so that it can be remembered."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from handoff.evaluation.inbox import Waiting, waiting_in
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
        waiting: what waits on people.
        day: on which `since` falls, in the zone of policy.
        today: what the daily summary of that day says.
        entries: what that of a later day says, on which nothing happened.
        spells: first and last days, not yet past, on which it says to try again.
    """

    since: datetime
    until: datetime
    cards: tuple[Card, ...]
    lines: tuple[Figures, ...]
    hidden: Mapping[str, int]
    in_shadow: int
    waiting: tuple[Waiting, ...]
    day: date
    today: Entries
    entries: Entries
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
        """Give what the summary of a date says; `None` where it says more.

        The date is that of an instant of the stretch, in which nothing happens.
        """
        if day == self.day:
            return self.today
        is_due = any(first <= day <= last for first, last in self.spells)
        return None if is_due else self.entries


def standing_of(report: Report) -> Standing | None:
    """Say what stays as it is from a report's instant on, and until when.

    `None` where it cannot be known: not all files could be evaluated, two deals share
    an id, a waiver is about them, or something in them has not happened yet.
    """
    until = stands_until(report) if _is_whole(report) else None
    if until is None:
        return None
    today = day_of(report.now, report.policy.zone)
    spells = tuple(spell for spell in _spells(report) if spell[1] >= today)
    plain = max((last for _, last in spells), default=today) + _DAY
    return Standing(
        since=report.now,
        until=until,
        cards=hand_of(report).cards,
        lines=tuple(figures_of(r) for r in report.readings if r.state in LIVE),
        hidden=Counter(
            look_of(r).label for r in report.readings if r.state not in LIVE
        ),
        in_shadow=sum(reading.state in LIVE for reading in report.shadow),
        waiting=waiting_in(report),
        day=today,
        today=entries_of(report, today),
        entries=entries_of(report, plain),
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
