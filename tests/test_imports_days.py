"""Dates of exports: only what is certain is read."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.imports.days import DATE_FORMATS, ISO, Calendar, When, column_problem

_HOME = ZoneInfo("Europe/Berlin")
_DAY = date(2017, 3, 1)


def _calendar(
    words: str = ISO, *, epoch: bool = False, zone: ZoneInfo | None = None
) -> Calendar:
    return Calendar(words, epoch, zone, _HOME)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (ISO, "2017-03-01"),
        (ISO, "2017-03-01 00:00:00"),
        (ISO, "2017-03-01T00:00:00.000"),
        ("DD/MM/YYYY", "01/03/2017"),
        ("DD/MM/YYYY", "1/3/2017"),
        ("MM/DD/YYYY", "3/1/2017 12:00 AM"),
        ("DD.MM.YYYY", "01.03.2017 00:00"),
        ("DD.MM.YYYY", "2017-03-01"),
        ("YYYY/MM/DD", "2017/03/01"),
    ],
)
def test_a_day_is_a_day_and_bare_midnight_is_no_time(words: str, text: str) -> None:
    assert _calendar(words).read(text) == When(_DAY)


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("2017-03-01 14:05", {"on": "2017-03-01"}),
        ("2017-03-01T14:05:00Z", {"at": "2017-03-01T14:05:00Z"}),
        ("2017-03-01T14:05:09.123+0100", {"at": "2017-03-01T14:05:09+01:00"}),
        ("2017-03-01T00:00:00-05:00", {"at": "2017-03-01T00:00:00-05:00"}),
    ],
)
def test_a_time_counts_with_its_offset(text: str, fields: dict[str, str]) -> None:
    when = _calendar().read(text)
    assert when
    assert when.fields == fields


def test_a_time_without_offset_is_lost_and_says_so() -> None:
    when = _calendar().read("2017-03-01 14:05")
    assert when == When(_DAY, lost="14:05:00")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2017-03-01 2:05 PM", "2017-03-01T14:05:00+01:00"),
        ("2017-07-01 14:05", "2017-07-01T14:05:00+02:00"),
        ("2017-03-26 02:30", "2017-03-26"),  # the clock was never there
        ("2017-10-29 02:30", "2017-10-29"),  # it was there twice
        ("2017-03-01 25:00", "2017-03-01"),
    ],
)
def test_a_zone_places_times_that_exist_once(text: str, moment: str) -> None:
    when = _calendar(zone=_HOME).read(text)
    assert when
    assert moment in when.fields.values()


def test_milliseconds_are_read_where_the_preset_says_so() -> None:
    calendar = _calendar(epoch=True)
    assert calendar.read("1488326400000") == When(_DAY)
    assert calendar.read("1488377100000") == When(_DAY, "2017-03-01T14:05:00Z")
    assert _calendar().read("1488326400000") is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("03/04/2017", "2017-04-03 (DD/MM/YYYY) or 2017-03-04 (MM/DD/YYYY)"),
        ("25/12/2016", "2016-12-25 (DD/MM/YYYY)"),
        ("3/4/17", "which is no format that is known"),
        ("Mar 3, 2017", "which is no format that is known"),
    ],
)
def test_other_formats_refuse_the_column_once(text: str, says: str) -> None:
    cells = [(2, "2017-01-01"), (3, "unknown"), (7, text), (8, text)]
    problem = column_problem("Close Date", cells, _calendar())
    assert problem
    assert problem.row == 7
    assert problem.column == "Close Date"
    assert says in problem.message
    assert problem.hint


def test_a_cell_that_contradicts_the_chosen_format_refuses_the_column() -> None:
    cells = [(2, "03/04/2017"), (3, "25/12/2017")]
    problem = column_problem("Close Date", cells, _calendar("MM/DD/YYYY"))
    assert problem
    assert "`--date-format DD/MM/YYYY`" in problem.hint


def test_days_that_do_not_exist_refuse_no_column() -> None:
    cells = [(2, "2017-02-30"), (3, "0000-00-00"), (4, "none")]
    assert column_problem("Close Date", cells, _calendar()) is None
    assert _calendar().read("2017-02-30") is None


@settings(deadline=None)
@given(st.dates(date(1970, 1, 1), date(8999, 12, 31)), st.sampled_from(DATE_FORMATS))
def test_what_is_written_in_a_format_is_read_in_it(day: date, words: str) -> None:
    parts = {"YYYY": f"{day.year:04}", "MM": f"{day.month:02}", "DD": f"{day.day:02}"}
    text = words
    for word, digits in parts.items():
        text = text.replace(word, digits)
    assert _calendar(words).read(text) == When(day)


@settings(deadline=None)
@given(st.text(max_size=30), st.sampled_from(DATE_FORMATS), st.booleans())
def test_no_text_breaks_it(text: str, words: str, epoch: bool) -> None:  # noqa: FBT001 - drawn
    column_problem("x", [(2, text)], _calendar(words, epoch=epoch, zone=_HOME))
