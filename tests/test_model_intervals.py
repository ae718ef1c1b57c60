"""Intervals: union and what is left between holes."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.model.intervals import FOREVER, Interval, Intervals, gaps, union

_NOON = datetime(2026, 4, 21, 12, tzinfo=UTC)


def _span(start: int, end: int | None) -> Interval:
    """Give an interval by hours after noon."""
    until = None if end is None else _NOON + timedelta(hours=end)
    return Interval(_NOON + timedelta(hours=start), until)


def _spans(*ends: tuple[int, int | None]) -> Intervals:
    return tuple(_span(*each) for each in ends)


_ANY = st.lists(
    st.tuples(st.integers(0, 12), st.one_of(st.integers(0, 12), st.none())), max_size=6
).map(lambda drawn: _spans(*drawn))


@pytest.mark.parametrize(
    ("intervals", "merged"),
    [
        ([], []),
        ([(1, 2)], [(1, 2)]),
        ([(3, 4), (1, 2)], [(1, 2), (3, 4)]),
        ([(1, 3), (2, 4)], [(1, 4)]),
        ([(1, 2), (2, 3)], [(1, 3)]),
        ([(1, 4), (2, 3)], [(1, 4)]),
        ([(1, 2), (1, 2)], [(1, 2)]),
        ([(2, 2)], []),
        ([(1, 3), (2, 2)], [(1, 3)]),
        ([(3, 1)], []),
        ([(2, None), (1, 3)], [(1, None)]),
        ([(1, None), (2, 3)], [(1, None)]),
        ([(1, 2), (3, None)], [(1, 2), (3, None)]),
    ],
)
def test_union_merges_sorts_and_drops_the_empty(
    intervals: list[tuple[int, int | None]], merged: list[tuple[int, int | None]]
) -> None:
    assert union(_spans(*intervals)) == _spans(*merged)


@pytest.mark.parametrize(
    ("holes", "left"),
    [
        ([], [(2, 8)]),
        ([(0, 1)], [(2, 8)]),
        ([(8, 9)], [(2, 8)]),
        ([(0, 3)], [(3, 8)]),
        ([(7, 9)], [(2, 7)]),
        ([(3, 4), (5, 6)], [(2, 3), (4, 5), (6, 8)]),
        ([(5, 7), (3, 6)], [(2, 3), (7, 8)]),
        ([(0, 9)], []),
        ([(2, 8)], []),
        ([(4, None)], [(2, 4)]),
        ([(0, None)], []),
    ],
)
def test_gaps_are_what_the_holes_leave(
    holes: list[tuple[int, int | None]], left: list[tuple[int, int | None]]
) -> None:
    assert tuple(gaps(_span(2, 8), _spans(*holes))) == _spans(*left)


def test_gaps_of_an_open_interval_end_open() -> None:
    assert tuple(gaps(_span(2, None), _spans((3, 4)))) == _spans((2, 3), (4, None))


def test_gaps_of_an_interval_that_ends_before_it_starts_are_none() -> None:
    assert not tuple(gaps(_span(8, 2), ()))


def test_an_open_interval_lasts_forever() -> None:
    assert _span(0, None).until == FOREVER
    assert _span(0, None).length == FOREVER - _NOON
    assert _span(0, 2).length == timedelta(hours=2)


@settings(deadline=None)
@given(_ANY)
def test_union_of_a_union_is_itself_in_any_order(intervals: Intervals) -> None:
    merged = union(intervals)
    assert union(merged) == merged
    assert union(reversed(intervals)) == merged


@settings(deadline=None)
@given(_ANY)
def test_holes_and_gaps_together_are_the_whole(holes: Intervals) -> None:
    whole = _span(0, None)
    left = tuple(gaps(whole, holes))
    assert union((*left, *holes)) == (whole,)
    assert all(gap not in union(holes) for gap in left)
