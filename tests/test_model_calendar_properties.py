"""Working time: what holds for every calendar, pause and change of the clocks."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from handoff.model.calendar import (
    ALWAYS,
    Calendar,
    Window,
    deadline,
    elapsed,
    segments,
)
from handoff.model.intervals import Interval, Intervals

_CHANGED_BEFORE_DAWN = (  # zones that change their clocks between 01:00 and 04:00
    "Africa/Casablanca",
    "America/New_York",
    "Asia/Kolkata",  # or never
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "Pacific/Apia",
)
_ZONES = (*_CHANGED_BEFORE_DAWN, "America/St_Johns", "Asia/Beirut")  # or at midnight
_CHANGES = (  # instants at which at least one of these zones changes its clocks
    datetime(2010, 11, 7, 2, 31, tzinfo=UTC),
    datetime(2011, 12, 30, 10, tzinfo=UTC),
    datetime(2021, 3, 27, 22, tzinfo=UTC),
    datetime(2021, 10, 30, 21, tzinfo=UTC),
    datetime(2026, 2, 15, 2, tzinfo=UTC),
    datetime(2026, 3, 8, 7, tzinfo=UTC),
    datetime(2026, 3, 29, 1, tzinfo=UTC),
    datetime(2026, 4, 4, 15, tzinfo=UTC),
    datetime(2026, 10, 3, 15, 30, tzinfo=UTC),
    datetime(2026, 10, 25, 1, tzinfo=UTC),
    datetime(2026, 11, 1, 6, tzinfo=UTC),
)
_MICROSECOND = timedelta(microseconds=1)


@st.composite
def _any_window(draw: st.DrawFn) -> Window:
    opens = draw(st.integers(0, 1439))
    return Window(opens, opens + draw(st.integers(1, 1440)))


_DAYS = st.lists(_any_window(), max_size=2).map(tuple)
_NEAR = st.tuples(st.sampled_from(_CHANGES), st.integers(-4 * 10**11, 4 * 10**11)).map(
    lambda drawn: drawn[0] + timedelta(microseconds=drawn[1])
)
_BUDGETS = st.one_of(
    st.integers(1, 10**6).map(lambda n: timedelta(microseconds=n)),
    st.integers(1, 60 * 300).map(lambda n: timedelta(minutes=n)),
)


@st.composite
def _calendars(draw: st.DrawFn) -> Calendar:
    monday = draw(_any_window())
    week = ((monday,), *(draw(_DAYS) for _ in range(6)))
    around = draw(st.sampled_from(_CHANGES)).date()
    exceptions = draw(st.dictionaries(st.integers(-9, 9), _DAYS, max_size=2))
    return Calendar(
        name="drawn",
        zone=ZoneInfo(draw(st.sampled_from(_ZONES))),
        week=week,
        exceptions={around + timedelta(days=n): day for n, day in exceptions.items()},
    )


_ANY = st.one_of(st.just(ALWAYS), _calendars())
_PAUSES = st.lists(
    st.builds(Interval, _NEAR, st.one_of(_NEAR, _NEAR, _NEAR, st.none())), max_size=3
).map(tuple)


@settings(deadline=None, max_examples=250)
@given(_ANY, _NEAR, _BUDGETS, _PAUSES)
def test_elapsed_undoes_deadline(
    calendar: Calendar, start: datetime, budget: timedelta, pauses: Intervals
) -> None:
    due = deadline(calendar, start, budget, pauses)
    assume(due is not None)
    assert due
    assert elapsed(calendar, start, due, pauses) == budget
    assert elapsed(calendar, start, due - _MICROSECOND, pauses) == budget - _MICROSECOND


@settings(deadline=None, max_examples=150)
@given(_ANY, _NEAR, st.tuples(_BUDGETS, _BUDGETS), _PAUSES)
def test_a_deadline_reached_in_two_steps_is_the_same(
    calendar: Calendar,
    start: datetime,
    budgets: tuple[timedelta, timedelta],
    pauses: Intervals,
) -> None:
    halfway = deadline(calendar, start, budgets[0], pauses)
    due = deadline(calendar, start, sum(budgets, timedelta()), pauses)
    assume(halfway is not None)
    assert halfway
    assert deadline(calendar, halfway, budgets[1], pauses) == due
    assert due is None or halfway < due


@settings(deadline=None, max_examples=150)
@given(_ANY, st.tuples(_NEAR, _NEAR), _BUDGETS, _PAUSES)
def test_a_later_start_is_never_due_earlier(
    calendar: Calendar,
    starts: tuple[datetime, datetime],
    budget: timedelta,
    pauses: Intervals,
) -> None:
    first, second = (
        deadline(calendar, start, budget, pauses) for start in sorted(starts)
    )
    assert second is None or (first is not None and first <= second)


@settings(deadline=None, max_examples=150)
@given(_ANY, st.tuples(_NEAR, _NEAR, _NEAR), _PAUSES)
def test_elapsed_adds_up(
    calendar: Calendar, instants: tuple[datetime, datetime, datetime], pauses: Intervals
) -> None:
    first, second, third = sorted(instants)
    whole = elapsed(calendar, first, third, pauses)
    parts = elapsed(calendar, first, second, pauses)
    assert parts + elapsed(calendar, second, third, pauses) == whole
    assert timedelta() <= whole <= third - first


@settings(deadline=None, max_examples=150)
@given(_ANY, st.tuples(_NEAR, _NEAR), _PAUSES)
def test_segments_are_apart_in_order_and_add_up(
    calendar: Calendar, ends: tuple[datetime, datetime], pauses: Intervals
) -> None:
    start, end = sorted(ends)
    counted = segments(calendar, start, end, pauses)
    assert all(a.until < b.start for a, b in pairwise(counted))
    assert all(start <= each.start < each.until <= end for each in counted)
    assert sum((each.length for each in counted), timedelta()) == elapsed(
        calendar, start, end, pauses
    )
    for pause in pauses:
        assert all(
            each.until <= pause.start or pause.until <= each.start
            for each in counted
            if pause.start < pause.until
        )


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(_CHANGED_BEFORE_DAWN),
    st.lists(st.integers(4, 24), min_size=2, max_size=6, unique=True).map(sorted),
    st.sampled_from(_CHANGES),
    st.integers(-40, 0),
)
def test_what_counts_is_the_minutes_the_clock_shows(
    name: str, hours: list[int], change: datetime, before: int
) -> None:
    """Count minute by minute; no window here begins or ends in a repeated hour."""
    zone = ZoneInfo(name)
    pairs = list(zip(hours[::2], hours[1::2], strict=False))
    day = tuple(Window(a * 60, b * 60) for a, b in pairs)
    start = change + timedelta(hours=before)
    minutes = [start + timedelta(minutes=n) for n in range(60 * 48)]
    shown = [minute.astimezone(zone).hour for minute in minutes]
    counted = sum(any(a <= hour < b for a, b in pairs) for hour in shown)
    calendar = Calendar("drawn", zone, (day,) * 7, {})
    whole = elapsed(calendar, start, start + timedelta(hours=48))
    assert whole == timedelta(minutes=counted)
