"""Intervals of time: the pauses of a record, the segments a clock counts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

FOREVER = datetime.max.replace(tzinfo=UTC)
"""Later than any instant a record can name; where an open interval ends."""


@dataclass(frozen=True, slots=True)
class Interval:
    """The instants from `start` up to, not including, `end`.

    Attributes:
        start: first instant, in UTC.
        end: first instant after it, in UTC; `None` while it is still open.
    """

    start: datetime
    end: datetime | None

    @property
    def until(self) -> datetime:
        """The end, or `FOREVER` while there is none."""
        return FOREVER if self.end is None else self.end

    @property
    def length(self) -> timedelta:
        """How long it lasts; negative if it ends before it starts."""
        return self.until - self.start


Intervals = tuple[Interval, ...]
"""Any number of intervals; a function says so where order or overlap matters."""


def union(intervals: Iterable[Interval]) -> Intervals:
    """Merge intervals that overlap or touch; in order of time, empty ones dropped."""
    merged: list[Interval] = []
    for interval in sorted(intervals, key=lambda each: each.start):
        if interval.start >= interval.until:
            continue
        if merged and interval.start <= merged[-1].until:
            last = max(merged[-1], interval, key=lambda each: each.until)
            merged[-1] = Interval(merged[-1].start, last.end)
        else:
            merged.append(interval)
    return tuple(merged)


def gaps(within: Interval, holes: Iterable[Interval]) -> Iterator[Interval]:
    """Yield what is left of `within` without `holes`, in order of time."""
    begin = within.start
    for hole in union(holes):
        if hole.start >= within.until:
            break
        if begin < hole.start:
            yield Interval(begin, hole.start)
        begin = max(begin, hole.until)
    if begin < within.until:
        yield Interval(begin, within.end)
