"""Dates as exports write them: read as they are meant, or not at all."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from handoff.imports.note import RowNote
from handoff.model.instant import day_of, parse_date, parse_instant

ISO = "YYYY-MM-DD"
DATE_FORMATS = (
    ISO,
    "YYYY/MM/DD",
    "DD/MM/YYYY",
    "MM/DD/YYYY",
    "DD-MM-YYYY",
    "MM-DD-YYYY",
    "DD.MM.YYYY",
)
_TIME = (
    r"(?:(?:T|,? +)(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})"
    r"(?::(?P<second>[0-9]{2})(?:\.[0-9]+)?)?(?: ?(?P<half>[AaPp])[Mm])?"
    r" ?(?P<offset>Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_PARTS = {
    "YYYY": "(?P<year>[0-9]{4})",
    "MM": "(?P<month>[0-9]{1,2})",
    "DD": "(?P<day>[0-9]{1,2})",
}
_EPOCH = re.compile(r"[0-9]{12,13}")
_HALF_DAY = 12


def _pattern(words: str) -> re.Pattern[str]:
    escaped = re.escape(words)
    for word, part in _PARTS.items():
        escaped = escaped.replace(word, part)
    return re.compile(escaped + _TIME)


_PATTERNS: Mapping[str, re.Pattern[str]] = {f: _pattern(f) for f in DATE_FORMATS}


@dataclass(frozen=True, slots=True)
class When:
    """When something happened, as exactly as a cell says it.

    Attributes:
        day: the day; of an instant, its day in the policy's zone.
        instant: RFC 3339 with offset, empty where only the day is known.
        lost: the time of day that could not be placed for want of an offset.
    """

    day: date
    instant: str = ""
    lost: str = ""

    @property
    def fields(self) -> dict[str, str]:
        """The fields of an event that say it."""
        return {"at": self.instant} if self.instant else {"on": str(self.day)}


@dataclass(frozen=True, slots=True)
class Calendar:
    """How the dates of one file are to be read.

    Attributes:
        words: the format besides ISO, one of `DATE_FORMATS`.
        is_epoch: whether 12 or 13 digits are milliseconds since 1970.
        zone: the zone of times without offset, where somebody said it.
        home: the policy's zone.
    """

    words: str
    is_epoch: bool
    zone: ZoneInfo | None
    home: ZoneInfo

    def read(self, text: str) -> When | None:
        """Read a cell; `None` if it is not a date in the chosen format."""
        if self.is_epoch and _EPOCH.fullmatch(text):
            return self._from_epoch(int(text))
        for words in dict.fromkeys((ISO, self.words)):
            found = _PATTERNS[words].fullmatch(text)
            day = _day(found) if found else None
            if found and day:
                return self._placed(day, found)
        return None

    def _from_epoch(self, milliseconds: int) -> When | None:
        """Read an epoch; midnight in UTC is how date fields are exported."""
        instant = datetime.fromtimestamp(milliseconds / 1000, UTC)
        text = instant.isoformat(timespec="seconds").replace("+00:00", "Z")
        if "T00:00:00" in text:
            return When(instant.date())
        return When(day_of(instant, self.home), text)

    def _placed(self, day: date, found: re.Match[str]) -> When:
        """Add the time of day where it can be placed; bare midnight is no time."""
        clock = _clock(found)
        offset = found["offset"] or ""
        if offset:
            text = f"{day}T{clock}{_with_colon(offset)}"
            instant = parse_instant(text)
            return When(day_of(instant, self.home), text) if instant else When(day)
        if clock in {"", "00:00:00"}:
            return When(day)
        return self._in_zone(day, clock)

    def _in_zone(self, day: date, clock: str) -> When:
        """Place a local time, unless the zone has it twice or never."""
        lost = When(day, lost=clock)
        try:
            local = datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=self.zone)
        except ValueError:
            return lost
        if self.zone is None or local.utcoffset() != local.replace(fold=1).utcoffset():
            return lost
        return When(day_of(local, self.home), local.isoformat())


def column_problem(
    column: str,
    cells: Iterable[tuple[int, str]],
    calendar: Calendar,
) -> RowNote | None:
    """Find the first cell that refuses a column: a date in a format nobody named.

    Args:
        column: its name.
        cells: row numbers and texts.
        calendar: how its dates are to be read.
    """
    for row, text in cells:
        if calendar.read(text) is None:
            meanings = _meanings(text)
            if meanings or _is_foreign(text, calendar):
                return _refusal(row, column, text, meanings)
    return None


def _is_foreign(text: str, calendar: Calendar) -> bool:
    """Tell a date in an unknown format from a text, or a day that does not exist."""
    shapes = (_PATTERNS[words] for words in (ISO, calendar.words))
    has_shape = any(shape.fullmatch(text) for shape in shapes)
    return any(c.isdigit() for c in text) and not has_shape


def _meanings(text: str) -> Mapping[str, date]:
    """Read a cell in every known format."""
    found = {words: shape.fullmatch(text) for words, shape in _PATTERNS.items()}
    days = {words: _day(match) for words, match in found.items() if match}
    return {words: day for words, day in days.items() if day}


def _refusal(row: int, column: str, text: str, meanings: Mapping[str, date]) -> RowNote:
    read = " or ".join(f"{day} ({words})" for words, day in meanings.items())
    meant = f"which may mean {read}" if read else "which is no format that is known"
    message = f"`{column}` says `{text}`, {meant}, expected YYYY-MM-DD"
    options = " or ".join(f"`--date-format {words}`" for words in meanings)
    hint = f"Type {options}, whichever is meant." if options else ""
    fallback = "Format the column as YYYY-MM-DD in a spreadsheet and save it again."
    return RowNote(row, column, message, hint or fallback)


def _day(found: re.Match[str]) -> date | None:
    return parse_date(f"{found['year']}-{found['month']:0>2}-{found['day']:0>2}")


def _clock(found: re.Match[str]) -> str:
    """Give the time of day as HH:MM:SS, empty where there is none."""
    if not found["hour"]:
        return ""
    hour = int(found["hour"])
    if found["half"]:
        hour = hour % _HALF_DAY + _HALF_DAY * (found["half"] in "Pp")
    return f"{hour:02}:{found['minute']}:{found['second'] or '00'}"


def _with_colon(offset: str) -> str:
    return offset if offset == "Z" or ":" in offset else f"{offset[:3]}:{offset[3:]}"
