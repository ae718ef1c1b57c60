"""Durations, instants and numbers in the words of people."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from handoff.evaluation.status import NextAction
from handoff.model.instant import parse_date
from handoff.model.intervals import Interval
from handoff.records.fact import read_due

_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


def duration(length: timedelta, *, units: int = 2, is_working: bool = False) -> str:
    """Write a length of time, rounded down, as `1 d 3 h`.

    Args:
        length: not negative; what is more than nothing never reads as nothing.
        units: how many units to show at most, from the largest that counts.
        is_working: whether it is working time, of which nobody knows how many hours
            make a day: hours are the largest unit then.
    """
    seconds = length // timedelta(seconds=1)
    if not seconds:
        return "less than 1 s" if length else "0 s"
    parts: list[tuple[int, str]] = []
    for unit, size in _UNITS[1:] if is_working else _UNITS:
        number, seconds = divmod(seconds, size)
        if parts or number:
            parts.append((number, unit))
    return " ".join(f"{number:,} {unit}" for number, unit in parts[:units] if number)


def instant(moment: datetime, zone: ZoneInfo) -> str:
    """Write an instant in a zone as `2026-04-22 15:30 +02:00`, with seconds if any.

    The last instant of a day, which is what a date stands for, is its `24:00`.
    """
    wall, offset = _local(moment, zone)
    if wall.time() == time.max:
        return f"{wall.date()} 24:00 {offset}"
    precision = "seconds" if wall.second else "minutes"
    return f"{wall.isoformat(' ', precision)} {offset}"


def due(moment: datetime, zone: ZoneInfo) -> str:
    """Write a due instant; one at midnight ends the day before, at its `24:00`."""
    wall, offset = _local(moment, zone)
    if wall.time() != time():
        return instant(moment, zone)
    return f"{wall.date() - timedelta(days=1)} 24:00 {offset}"


def action_due(action: NextAction, zone: ZoneInfo) -> str:
    """Write when an action is due: a date as it was written, an instant in a zone.

    What a pause put off is due at an instant.
    """
    as_written = parse_date(action.due) and action.due_at == read_due(action.due, zone)
    if action.due_at is None or as_written:
        return action.due
    return due(action.due_at, zone)


def interval(span: Interval, zone: ZoneInfo) -> str:
    """Write an interval as `… to …`, an open one as `since …`."""
    if span.end is None:
        return f"since {instant(span.start, zone)}"
    return f"{instant(span.start, zone)} to {instant(span.end, zone)}"


def days(number: int | None) -> str:
    """Write a number of days, or that it is not known."""
    return "days unknown" if number is None else count(number, "day")


def count(number: int, noun: str) -> str:
    """Write a number with its noun, as `1 day` or `4,228 days`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _local(moment: datetime, zone: ZoneInfo) -> tuple[datetime, str]:
    """Give what the zone's clocks show, and their offset from UTC."""
    local = moment.astimezone(zone)
    wall = local.replace(tzinfo=None)
    return wall, local.isoformat().removeprefix(wall.isoformat())
