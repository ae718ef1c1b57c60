"""Instants, days and durations: parsing, printing, and what a date means.

An instant is a `datetime` in UTC, always; comparing two instants is then exact
across daylight-saving changes. Nothing here reads the clock.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}"
    r"(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-5][0-9])"
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DURATION = re.compile(r"([0-9]{1,5})(m|h|d)")
_UNITS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
}
_YEARS = range(1970, 9000)
_WIDEST_OFFSET = timedelta(hours=14)


def parse_instant(text: str) -> datetime | None:
    """Read an RFC 3339 instant with offset; `None` if it is not one.

    Refused on purpose: a missing offset, `-00:00` (RFC 3339 4.3: offset unknown),
    leap seconds, `24:00`, non-ASCII digits, years outside 1970 to 8999.
    """
    if not _INSTANT.fullmatch(text) or text.endswith("-00:00"):
        return None
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        return None
    offset = local.utcoffset() or timedelta()
    if local.year not in _YEARS or abs(offset) > _WIDEST_OFFSET:
        return None
    instant = local.astimezone(UTC)  # may fall into the year beside it
    return instant if instant.year in _YEARS else None


def parse_date(text: str) -> date | None:
    """Read `YYYY-MM-DD` in ASCII digits; `None` if it is not a day of the calendar."""
    if not _DATE.fullmatch(text):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in _YEARS else None


def parse_duration(text: str) -> timedelta | None:
    """Read `90m`, `2h` or `30d` (a day is 24 hours); `None` if it is none of them."""
    found = _DURATION.fullmatch(text)
    return int(found[1]) * _UNITS[found[2]] if found else None


def format_duration(length: timedelta) -> str:
    """Write a duration of whole minutes the way `parse_duration` reads it."""
    units = sorted(_UNITS, key=lambda name: _UNITS[name], reverse=True)
    unit = next(name for name in units if not length % _UNITS[name])
    return f"{length // _UNITS[unit]}{unit}"


def format_instant(instant: datetime) -> str:
    """Write an instant in UTC as RFC 3339, with a fraction only where there is one."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


@lru_cache(1024)  # due dates and the days of a few weeks are asked for again and again
def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Give the first instant after `day` in `zone`, in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


@lru_cache(64)
def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Give the first instant of `day` in `zone`, in UTC."""
    return end_of_day(day - timedelta(days=1), zone)


def last_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Give the last instant of `day` in `zone`, in UTC."""
    return end_of_day(day, zone) - datetime.resolution


def day_of(instant: datetime, zone: ZoneInfo) -> date:
    """Give the calendar day on which `instant` falls in `zone`."""
    return instant.astimezone(zone).date()


@dataclass(frozen=True, slots=True)
class Moment:
    """When a fact happened, as exactly as it is known.

    Attributes:
        instant: the instant; for a day, its last in the policy's zone; `None` if
            nothing is known.
        day: the day, where only the day is known.
    """

    instant: datetime | None
    day: date | None = None

    @property
    def is_exact(self) -> bool:
        """Whether the instant itself is known, so that clocks may rest on it."""
        return self.instant is not None and self.day is None

    def day_in(self, zone: ZoneInfo) -> date | None:
        """Give the day on which it falls in `zone`; `None` if that is not known."""
        if self.day is not None or self.instant is None:
            return self.day
        return day_of(self.instant, zone)

    def __str__(self) -> str:
        if self.day is not None:
            return self.day.isoformat()
        return format_instant(self.instant) if self.instant else "unknown"


UNKNOWN = Moment(None)
"""A moment of which not even the day is known."""
