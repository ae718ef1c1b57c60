"""Closing a calendar of policy on some days, with no other byte of the file changed."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from handoff.authoring.public_holidays import Holiday
from handoff.document.editing import SetValue, apply_edits
from handoff.model.calendar import Calendar

_FENCE = b"---\n"
_MARK = b"\xef\xbb\xbf"
_ORDER = ("name", "zone", "week", "closed", "exceptions")


def undecided(calendar: Calendar, days: Sequence[Holiday]) -> tuple[Holiday, ...]:
    """Give the days of which the calendar says nothing yet, single days included.

    What it says of a day, that it is closed or that it opens after all, stays.
    """
    return tuple(day for day in days if day.day not in calendar.exceptions)


def close_days(
    content: bytes,
    header: Mapping[str, Any],
    name: str,
    days: Sequence[Holiday],
    today: date,
) -> bytes:
    """Add days to the `closed` list of a calendar in `calendars.yaml`.

    Args:
        content: the file.
        header: what it says, already valid.
        name: of the calendar, which the file lists.
        days: to be added at the end of the list.
        today: one that is not after it counts from the next day on, so that no clock
            that has ended gets another verdict.

    Raises:
        CannotEditError: the file is written in a way that no edit keeps.
    """
    if not days:
        return content
    names = [entry["name"] for entry in header["calendars"]]
    index = names.index(name)
    known = header["calendars"][index].get("closed", [])
    added = [_entry(each, today) for each in days]
    edit = SetValue(("calendars", index, "closed"), [*known, *added], _ORDER)
    mark = _MARK if content.startswith(_MARK) else b""
    body = content.removeprefix(_MARK)
    fenced = _FENCE + body + (b"" if body.endswith(b"\n") else b"\n") + _FENCE
    edited = apply_edits(fenced, [edit])
    return mark + edited.removeprefix(_FENCE).removesuffix(_FENCE)


def _entry(holiday: Holiday, today: date) -> dict[str, str]:
    entry = {"on": _text(holiday.day), "name": holiday.name}
    if holiday.day > today:
        return entry
    return entry | {"known_from": _text(today + timedelta(days=1))}


def _text(day: date) -> str:
    return day.isoformat()
