"""Working time: calendars, deadlines and the time a clock has counted.

A calendar is written in local time and counted in UTC: the windows of each day are
built in the calendar's zone, their ends become instants, and all arithmetic is done
on instants. `deadline` and `elapsed` walk the same segments, so each undoes the other.

Every instant here is in UTC and of a year `handoff.model.instant` admits.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from handoff.model.intervals import Interval, Intervals, gaps, union

_WINDOW = re.compile(r"([0-9]{2}):([0-5][0-9])-([0-9]{2}):([0-5][0-9])")
_DAY = 24 * 60  # minutes
_HORIZON = timedelta(days=110_000)  # longer than any duration policy can name


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """Opening hours `[opens, closes)` of a day, in minutes after local midnight.

    `0 <= opens < closes <= 2880` and `opens < 1440`: a window belongs to the day it
    opens on, and one that closes past midnight reaches into the next.
    """

    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """When working time passes.

    Attributes:
        name: what policy calls it.
        zone: the zone its hours are written in.
        week: the windows of each weekday, Monday first; they may overlap.
        exceptions: the windows of single days in place of the week's: none for a
            holiday, fewer for a half day, more for a one-off opening. A window of
            the day before that reaches past midnight is not cut short by them.
        known_from: for exceptions that were decided late, the first day on which
            anybody could know of them.
        unknown: exceptions left out because nobody knew of them; see `as_known`.
    """

    name: str
    zone: ZoneInfo
    week: tuple[tuple[Window, ...], ...]
    exceptions: Mapping[date, tuple[Window, ...]]
    known_from: Mapping[date, date] = field(default_factory=dict)
    unknown: tuple[date, ...] = ()

    @property
    def is_always_open(self) -> bool:
        """Whether every instant counts, so that no day need be looked at."""
        return not self.exceptions and all(_WHOLE_DAY in day for day in self.week)

    def windows(self, day: date) -> tuple[Window, ...]:
        """Give the windows that open on `day`, as policy lists them."""
        return self.exceptions.get(day, self.week[day.weekday()])

    def as_known(self, day: date) -> "Calendar":
        """Give the calendar as it was known on a day, without what came later.

        What is over then keeps its verdict, and what is open is refunded.
        """
        late = sorted(on for on, first in self.known_from.items() if day < first)
        if not late:
            return self
        kept = {on: open_ for on, open_ in self.exceptions.items() if on not in late}
        return replace(self, exceptions=kept, unknown=tuple(late))


_WHOLE_DAY = Window(0, _DAY)

ALWAYS = Calendar("always", ZoneInfo("UTC"), ((_WHOLE_DAY,),) * 7, {})
"""The calendar of wall-clock time: every instant counts."""


def parse_window(text: str) -> Window | None:
    """Read `09:00-13:00`; `None` if it is not a window.

    A close at or before the open lies on the next day (`22:00-02:00`), `24:00` closes
    a day. Equal ends are refused: nothing and a whole day would be written alike.
    """
    found = _WINDOW.fullmatch(text)
    if not found:
        return None
    hour, minute, closing_hour, closing_minute = map(int, found.groups())
    opens, closes = hour * 60 + minute, closing_hour * 60 + closing_minute
    if opens >= _DAY or closes > _DAY or opens == closes:
        return None
    return Window(opens, closes if closes > opens else closes + _DAY)


def never_opens(calendar: Calendar) -> bool:
    """Tell whether no week of the calendar has a window; single days do not help."""
    return not any(calendar.week)


def deadline(
    calendar: Calendar, start: datetime, budget: timedelta, pauses: Intervals = ()
) -> datetime | None:
    """Find the first instant by which `budget` of counted time has passed.

    Args:
        calendar: which instants count.
        start: where counting begins, itself open or not.
        budget: how much must pass; for zero or less the answer is `start`.
        pauses: what does not count, in any order, overlapping or not.

    Returns:
        The instant in UTC, at a close rather than at the next opening; `None` if the
        budget never passes: a pause without end, or a calendar that (almost) never
        opens, judged after three centuries.
    """
    if budget <= timedelta():
        return start
    for segment in _counted(calendar, Interval(start, start + _HORIZON), pauses):
        if budget <= segment.length:
            return segment.start + budget
        budget -= segment.length
    return None


def elapsed(
    calendar: Calendar, start: datetime, end: datetime, pauses: Intervals = ()
) -> timedelta:
    """Measure the counted time from `start` to `end`; zero if `end` is earlier."""
    if not pauses and calendar.is_always_open:
        return max(end - start, timedelta())
    counted = _counted(calendar, Interval(start, end), pauses)
    return sum((segment.length for segment in counted), timedelta())


def segments(
    calendar: Calendar, start: datetime, end: datetime, pauses: Intervals = ()
) -> Intervals:
    """Give the segments whose lengths `elapsed` adds, those that touch as one."""
    return union(_counted(calendar, Interval(start, end), pauses))


def _counted(
    calendar: Calendar, span: Interval, pauses: Intervals
) -> Iterator[Interval]:
    """Yield the open, unpaused parts of `span`: disjoint, in order of time."""
    for unpaused in gaps(span, pauses):
        yield from _open(calendar, unpaused)


def _open(calendar: Calendar, span: Interval) -> Iterator[Interval]:
    """Yield the parts of `span` in which the calendar is open."""
    if calendar.is_always_open:
        yield span
        return
    reached = span.start
    for opens, closes in _openings(calendar, span):
        begin, end = max(opens, reached), min(closes, span.until)
        if begin < end:
            yield Interval(begin, end)
            reached = end


def _openings(
    calendar: Calendar, span: Interval
) -> Iterator[tuple[datetime, datetime]]:
    """Yield the windows that can touch `span` as instants, in order of opening.

    Two days before and one after, since a window may last past the next midnight and
    a clock that is set back at midnight repeats the end of the day before.
    """
    first, last = (
        instant.astimezone(calendar.zone).toordinal()
        for instant in (span.start, span.until)
    )
    for ordinal in range(first - 2, last + 2):
        day = date.fromordinal(ordinal)
        for window in sorted(calendar.windows(day)):
            yield _ends(calendar.zone, day, window)


@lru_cache(maxsize=8192)  # every clock on a calendar asks for the same days
def _ends(zone: ZoneInfo, day: date, window: Window) -> tuple[datetime, datetime]:
    """Place a window on a day: the first `opens` and the last `closes` of the clock."""
    midnight = datetime.combine(day, time())
    return (
        _instant(zone, midnight + timedelta(minutes=window.opens), fold=0),
        _instant(zone, midnight + timedelta(minutes=window.closes), fold=1),
    )


def _instant(zone: ZoneInfo, wall: datetime, *, fold: int) -> datetime:
    """Read a wall-clock time as an instant.

    A time the clock shows twice is its first (`fold` 0) or second (`fold` 1) showing,
    as in PEP 495; one it skips is the instant of the change.
    """
    first, second = (
        wall.replace(tzinfo=zone, fold=side).astimezone(UTC) for side in (0, 1)
    )
    if first > second:  # only a skipped time reads later before the change than after
        return _change(zone, second, first)
    return second if fold else first


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Find the instant, to the second, at which the zone's offset becomes `after`'s."""
    new = after.astimezone(zone).utcoffset()
    seconds = range(int((after - before).total_seconds()))

    def is_changed(second: int) -> bool:
        return (before + timedelta(seconds=second)).astimezone(zone).utcoffset() == new

    return before + timedelta(seconds=bisect_left(seconds, x=True, key=is_changed))
