"""Working time against a table worked out by hand, and the reading of windows."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest
import yaml

from handoff.model.calendar import (
    ALWAYS,
    Calendar,
    Window,
    deadline,
    elapsed,
    never_opens,
    parse_window,
    segments,
)
from handoff.model.intervals import Interval, Intervals

_TABLE: dict[str, Any] = yaml.load(
    Path(__file__).with_name("clock_cases.yaml").read_text("utf-8"),
    Loader=yaml.BaseLoader,  # noqa: S506 - builds nothing but text
)
_MICROSECOND = timedelta(microseconds=1)


class Case(NamedTuple):
    """One line of the table, read without help of the code under test."""

    calendar: Calendar
    start: datetime
    budget: timedelta
    end: datetime | None
    pauses: Intervals


def _utc(text: str) -> datetime | None:
    """Read an instant; `open` and `never` are none."""
    if text in {"open", "never"}:
        return None
    return datetime.fromisoformat(text).astimezone(UTC)


def _at(text: str) -> datetime:
    instant = _utc(text)
    assert instant
    return instant


def _hours(text: str) -> timedelta:
    hours, minutes, *seconds = text.split(":")
    return timedelta(
        hours=int(hours),
        minutes=int(minutes),
        seconds=float(seconds[0]) if seconds else 0,
    )


def _windows(texts: list[str]) -> tuple[Window, ...]:
    found = tuple(parse_window(text) for text in texts)
    return tuple(window for window in found if window)


def _calendar(name: str) -> Calendar:
    said = _TABLE["calendars"][name]
    week = tuple(_windows(day) for day in said["days"])
    exceptions: Mapping[str, list[str]] = said.get("exceptions", {})
    return Calendar(
        name=name,
        zone=ZoneInfo(said["zone"]),
        week=week if len(week) == 7 else week * 7,
        exceptions={
            date.fromisoformat(day): _windows(texts)
            for day, texts in exceptions.items()
        },
    )


def _pauses(line: list[Any]) -> Intervals:
    pairs = line[4] if len(line) > 4 else []
    return tuple(Interval(_at(start), _utc(end)) for start, end in pairs)


def _deadline_case(name: str, line: list[Any]) -> Case:
    _, start, budget, due = line[:4]
    return Case(_calendar(name), _at(start), _hours(budget), _utc(due), _pauses(line))


def _span_case(name: str, line: list[Any]) -> Case:
    _, start, end, counted = line[:4]
    return Case(_calendar(name), _at(start), _hours(counted), _at(end), _pauses(line))


_DEADLINES = [
    pytest.param(_deadline_case(name, line), id=f"{name}: {line[0]}")
    for name, lines in _TABLE["deadlines"].items()
    for line in lines
]
_SPANS = [
    pytest.param(_span_case(name, line), id=f"{name}: {line[0]}")
    for name, lines in _TABLE["spans"].items()
    for line in lines
]


@pytest.mark.parametrize("case", _DEADLINES)
def test_deadline_is_the_one_worked_out_by_hand(case: Case) -> None:
    assert deadline(case.calendar, case.start, case.budget, case.pauses) == case.end


@pytest.mark.parametrize("case", _DEADLINES)
def test_elapsed_at_a_deadline_is_its_budget_and_never_before(case: Case) -> None:
    if case.end is None or not case.budget:
        return
    start, end, pauses = case.start, case.end, case.pauses
    assert elapsed(case.calendar, start, end, pauses) == case.budget
    assert elapsed(case.calendar, start, end - _MICROSECOND, pauses) < case.budget


@pytest.mark.parametrize("case", _SPANS)
def test_elapsed_is_the_one_worked_out_by_hand(case: Case) -> None:
    assert case.end
    assert elapsed(case.calendar, case.start, case.end, case.pauses) == case.budget


def test_deadline_is_told_in_utc() -> None:
    due = deadline(_calendar("office"), _at("2026-04-18T15:00+02:00"), _hours("2:00"))
    assert due == datetime(2026, 4, 20, 9, tzinfo=UTC)
    assert due.tzinfo is UTC


def test_deadline_of_a_budget_below_zero_is_the_start() -> None:
    start = _at("2026-04-18T15:00+02:00")
    assert deadline(_calendar("office"), start, -_hours("1:00")) == start


def test_segments_name_the_time_that_counted() -> None:
    start, end = _at("2026-04-30T16:00+02:00"), _at("2026-05-04T10:00+02:00")
    pause = Interval(_at("2026-05-02T11:00+02:00"), _at("2026-05-03T12:00+02:00"))
    assert segments(_calendar("split"), start, end, (pause,)) == (
        Interval(start, _at("2026-04-30T18:00+02:00")),
        Interval(_at("2026-05-02T10:00+02:00"), pause.start),
        Interval(_at("2026-05-03T12:00+02:00"), _at("2026-05-03T14:00+02:00")),
        Interval(_at("2026-05-04T09:00+02:00"), end),
    )


def test_segments_that_touch_are_one() -> None:
    start, end = _at("2026-04-20T12:00+02:00"), _at("2026-04-23T12:00+02:00")
    whole = (Interval(start, end),)
    assert segments(_calendar("round-the-clock"), start, end) == whole
    assert segments(ALWAYS, start, end) == whole


def test_a_calendar_that_never_opens_gives_no_deadline_instead_of_hanging() -> None:
    shut = Calendar("shut", ZoneInfo("Europe/Berlin"), ((),) * 7, {})
    assert deadline(shut, _at("2026-04-20T12:00+02:00"), _hours("0:01")) is None


def test_a_budget_no_calendar_holds_gives_no_deadline_instead_of_hanging() -> None:
    window = ((Window(0, 60),), (), (), (), (), (), ())
    rare = Calendar("rare", ZoneInfo("Europe/Berlin"), window, {})
    start = _at("2026-04-20T12:00+02:00")
    assert deadline(rare, start, timedelta(days=99_999)) is None


def test_the_longest_duration_has_a_deadline_round_the_clock() -> None:
    start, budget = _at("2026-04-20T12:00+02:00"), timedelta(days=99_999)
    assert deadline(ALWAYS, start, budget) == start + budget


@pytest.mark.parametrize(
    ("name", "never"),
    [("always", False), ("office", False), ("nights", False), ("fair", True)],
)
def test_never_opens_looks_at_the_week_alone(name: str, *, never: bool) -> None:
    assert never_opens(_calendar(name)) is never


def test_a_round_the_clock_week_is_always_open_unless_a_day_is_not() -> None:
    assert ALWAYS.is_always_open
    assert not _calendar("round-the-clock").is_always_open
    assert not _calendar("no-sundays").is_always_open


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("09:00-13:00", Window(540, 780)),
        ("00:00-24:00", Window(0, 1440)),
        ("22:00-24:00", Window(1320, 1440)),
        ("22:00-00:00", Window(1320, 1440)),
        ("22:00-02:00", Window(1320, 1560)),
        ("00:01-00:00", Window(1, 1440)),
        ("23:59-23:58", Window(1439, 2878)),
    ],
)
def test_window_is_read(text: str, window: Window) -> None:
    assert parse_window(text) == window


@pytest.mark.parametrize(
    "text",
    [
        "",
        "09:00",
        "9:00-13:00",
        "09:00-09:00",
        "00:00-00:00",
        "24:00-02:00",
        "22:00-26:00",
        "09:00-24:01",
        "09:60-13:00",
        "25:00-26:00",
        "09:00 - 13:00",
        "09:00\N{EN DASH}13:00",
        "09:00-13:00\n",
        " 09:00-13:00",
        "\N{ARABIC-INDIC DIGIT ZERO}9:00-13:00",
        "09.00-13.00",
    ],
)
def test_window_is_refused(text: str) -> None:
    assert parse_window(text) is None
