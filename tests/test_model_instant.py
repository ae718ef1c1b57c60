"""Instants, days and durations: what is read, what is refused, what a day means."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.model.instant import (
    UNKNOWN,
    Moment,
    day_of,
    end_of_day,
    format_instant,
    parse_date,
    parse_duration,
    parse_instant,
)

_ARABIC = "".join(chr(0x660 + n) for n in (2, 0, 2, 6))
_FULL_WIDTH = "".join(chr(0xFF10 + n) for n in (2, 0, 2, 6))


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-04-21T14:30:00Z", datetime(2026, 4, 21, 14, 30, tzinfo=UTC)),
        ("2026-04-21T14:30:00+00:00", datetime(2026, 4, 21, 14, 30, tzinfo=UTC)),
        ("2026-04-21T14:30:00+02:00", datetime(2026, 4, 21, 12, 30, tzinfo=UTC)),
        ("2026-04-21T23:30:00-04:00", datetime(2026, 4, 22, 3, 30, tzinfo=UTC)),
        ("2026-04-21T14:30:00+05:45", datetime(2026, 4, 21, 8, 45, tzinfo=UTC)),
        ("2026-01-01T00:00:00+14:00", datetime(2025, 12, 31, 10, tzinfo=UTC)),
        ("2026-04-21T14:30:00.5Z", datetime(2026, 4, 21, 14, 30, 0, 500_000, UTC)),
        ("2026-04-21T14:30:00.000001Z", datetime(2026, 4, 21, 14, 30, 0, 1, UTC)),
        ("2028-02-29T23:59:59Z", datetime(2028, 2, 29, 23, 59, 59, tzinfo=UTC)),
        ("1970-01-01T00:00:00Z", datetime(1970, 1, 1, tzinfo=UTC)),
        ("8999-12-31T23:59:59Z", datetime(8999, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_instant_is_read_as_utc(text: str, instant: datetime) -> None:
    found = parse_instant(text)
    assert found == instant
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-04-21",
        "2026-04-21T14:30:00",
        "2026-04-21 14:30:00Z",
        "2026-04-21T14:30Z",
        "2026-04-21T14Z",
        "2026-4-21T14:30:00Z",
        "20260421T143000Z",
        "2026-W17-2T14:30:00Z",
        "2026-04-21T24:00:00Z",
        "2026-04-21T25:00:00Z",
        "2026-04-21T14:60:00Z",
        "2026-04-21T14:30:60Z",
        "2026-06-30T23:59:60Z",
        "2026-02-29T14:30:00Z",
        "2026-13-01T14:30:00Z",
        "2026-04-00T14:30:00Z",
        "2026-04-21T14:30:00-00:00",
        "2026-04-21T14:30:00+0200",
        "2026-04-21T14:30:00+02",
        "2026-04-21T14:30:00+02:00:00",
        "2026-04-21T14:30:00+14:01",
        "2026-04-21T14:30:00-14:01",
        "2026-04-21T14:30:00+23:59",
        "2026-04-21T14:30:00+24:00",
        "2026-04-21T14:30:00+13:60",
        "2026-04-21T14:30:00+00:99",
        "2026-04-21T14:30:00 +02:00",
        "2026-04-21T14:30:00\N{MINUS SIGN}02:00",
        "2026-04-21T14:30:00CEST",
        "2026-04-21t14:30:00z",
        "2026-04-21T14:30:00.Z",
        "2026-04-21T14:30:00,5Z",
        "2026-04-21T14:30:00.0000001Z",
        "2026-04-21T14:30:00Z\n",
        " 2026-04-21T14:30:00Z",
        "2026-04-21T14:30:00Z ",
        "-2026-04-21T14:30:00Z",
        "0001-01-01T00:00:00+14:00",
        "1969-12-31T23:59:59Z",
        "9000-01-01T00:00:00Z",
        "8999-12-31T23:59:59-14:00",  # in the year 9000 in UTC
        "1970-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        f"{_ARABIC}-04-21T14:30:00Z",
        f"{_FULL_WIDTH}-04-21T14:30:00Z",
    ],
)
def test_instant_is_refused(text: str) -> None:
    assert parse_instant(text) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-04-21", date(2026, 4, 21)),
        ("2028-02-29", date(2028, 2, 29)),
        ("1970-01-01", date(1970, 1, 1)),
        ("8999-12-31", date(8999, 12, 31)),
    ],
)
def test_date_is_read(text: str, day: date) -> None:
    assert parse_date(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-4-21",
        "20260421",
        "2026-W17-2",
        "2026-02-29",
        "2026-04-31",
        "2026-00-10",
        "21.04.2026",
        "2026/04/21",
        "2026-04-21\n",
        " 2026-04-21",
        "2026-04-21T00:00:00Z",
        "0001-01-01",
        "1969-12-31",
        "9000-01-01",
        "9999-12-31",
        f"{_ARABIC}-04-21",
        f"{_FULL_WIDTH}-04-21",
    ],
)
def test_date_is_refused(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("90m", timedelta(minutes=90)),
        ("2h", timedelta(hours=2)),
        ("30d", timedelta(days=30)),
        ("0h", timedelta()),
        ("007d", timedelta(days=7)),
        ("99999d", timedelta(days=99_999)),
    ],
)
def test_duration_is_read(text: str, duration: timedelta) -> None:
    assert parse_duration(text) == duration


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2",
        "h",
        "2 h",
        "2H",
        "-2h",
        "+2h",
        "1.5h",
        "2h30m",
        "2w",
        "2h\n",
        "100000d",
        "\N{ARABIC-INDIC DIGIT TWO}h",
        "P2D",
        "2bd",
    ],
)
def test_duration_is_refused(text: str) -> None:
    assert parse_duration(text) is None


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (datetime(2026, 4, 21, 14, 30, tzinfo=UTC), "2026-04-21T14:30:00Z"),
        (datetime(2026, 4, 21, 14, 30, 0, 1, UTC), "2026-04-21T14:30:00.000001Z"),
        (
            datetime(2026, 4, 21, 14, 30, tzinfo=ZoneInfo("Europe/Berlin")),
            "2026-04-21T12:30:00Z",
        ),
    ],
)
def test_instant_is_written_in_utc(instant: datetime, text: str) -> None:
    assert format_instant(instant) == text


@settings(deadline=None)
@given(st.datetimes(datetime(1970, 1, 1), datetime(8999, 12, 31)))  # noqa: DTZ001 - hypothesis wants naive bounds
def test_what_is_written_is_read_again(naive: datetime) -> None:
    instant = naive.replace(tzinfo=UTC)
    assert parse_instant(format_instant(instant)) == instant


@settings(deadline=None)
@given(st.text())
def test_no_text_breaks_the_readers(text: str) -> None:
    for read in (parse_instant, parse_date, parse_duration):
        assert read(text) is None or text.isascii()


@pytest.mark.parametrize(
    ("day", "zone", "end"),
    [
        (date(2026, 4, 21), "UTC", "2026-04-22T00:00:00Z"),
        (date(2026, 4, 21), "Europe/Berlin", "2026-04-21T22:00:00Z"),
        (date(2026, 3, 29), "Europe/Berlin", "2026-03-29T22:00:00Z"),
        (date(2026, 10, 25), "Europe/Berlin", "2026-10-25T23:00:00Z"),
        (date(2026, 4, 21), "Asia/Kolkata", "2026-04-21T18:30:00Z"),
        (date(2021, 3, 27), "Asia/Beirut", "2021-03-27T22:00:00Z"),  # midnight skipped
        (date(2021, 10, 30), "Asia/Beirut", "2021-10-30T22:00:00Z"),  # 23:00 twice
        (date(2011, 12, 29), "Pacific/Apia", "2011-12-30T10:00:00Z"),
        (date(2011, 12, 30), "Pacific/Apia", "2011-12-30T10:00:00Z"),  # no such day
        (date(8999, 12, 31), "UTC", "9000-01-01T00:00:00Z"),
    ],
)
def test_a_day_ends_where_the_next_begins(day: date, zone: str, end: str) -> None:
    assert format_instant(end_of_day(day, ZoneInfo(zone))) == end


def test_an_instant_falls_on_the_day_its_zone_shows() -> None:
    instant = datetime(2026, 4, 21, 22, 30, tzinfo=UTC)
    assert day_of(instant, ZoneInfo("Europe/Berlin")) == date(2026, 4, 22)
    assert day_of(instant, ZoneInfo("America/New_York")) == date(2026, 4, 21)


def test_the_end_of_a_day_is_no_longer_that_day() -> None:
    zone, day = ZoneInfo("Europe/Berlin"), date(2026, 3, 29)
    end = end_of_day(day, zone)
    assert day_of(end, zone) == date(2026, 3, 30)
    assert day_of(end - timedelta(microseconds=1), zone) == day


def test_a_moment_says_how_exactly_it_is_known() -> None:
    instant = datetime(2026, 4, 21, 14, 30, tzinfo=UTC)
    exact, dated = Moment(instant), Moment(instant, date(2026, 4, 21))
    assert [m.is_exact for m in (exact, dated, UNKNOWN)] == [True, False, False]
    assert [str(m) for m in (exact, dated, UNKNOWN)] == [
        "2026-04-21T14:30:00Z",
        "2026-04-21",
        "unknown",
    ]
