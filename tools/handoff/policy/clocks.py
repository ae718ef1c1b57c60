"""Service-level clocks and calendars, from `clocks.yaml` and `calendars.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from handoff.model.calendar import ALWAYS, Calendar, Window, parse_window
from handoff.model.instant import parse_date, parse_duration

ANY_EVENT = "*"
_WEEK = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)


@dataclass(frozen=True, slots=True)
class Start:
    """A fact that starts a clock.

    Attributes:
        event: kind of the fact, or `*` for every event.
        when: field values the fact must have.
        having: a field the fact must carry, or empty.
        latest_of: instants of the fact, the latest of which counts.
    """

    event: str
    when: Mapping[str, str]
    having: str
    latest_of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of an escalation ladder: whom to tell, and when.

    `offset` is counted from the due instant on the clock's calendar; before it where
    it is negative.
    """

    offset: timedelta
    role: str


@dataclass(frozen=True, slots=True)
class Clock:
    """One service-level clock (domain part 7).

    Attributes:
        within: time on the calendar, or `None` where `due` names a date.
        shortened_by: path of a packet field with a promised number of days.
        due: path of the field of the starting fact with the due date or instant.
        at_risk: percent of the target used up when it turns at risk.
        needs: evidence outside the records, or empty.
    """

    name: str
    summary: str
    starts: tuple[Start, ...]
    stop: frozenset[str]
    cancel: frozenset[str]
    pause: frozenset[str]
    within: timedelta | None
    shortened_by: tuple[str, ...]
    due: tuple[str, ...]
    only_latest: bool
    calendar: Calendar
    at_risk: int
    owner: str
    needs: str
    ladder: tuple[Rung, ...]


def read_calendars(data: Mapping[str, Any]) -> Mapping[str, Calendar]:
    """Build the calendars, `always` included, by name."""
    listed = (_calendar(entry) for entry in data["calendars"])
    return {ALWAYS.name: ALWAYS} | {calendar.name: calendar for calendar in listed}


def _calendar(entry: Mapping[str, Any]) -> Calendar:
    exceptions = entry.get("exceptions", {}).items()
    return Calendar(
        name=entry["name"],
        zone=ZoneInfo(entry["zone"]),
        week=tuple(_windows(entry["week"].get(day, ())) for day in _WEEK),
        exceptions={_day(day): _windows(windows) for day, windows in exceptions},
    )


def _windows(texts: list[str]) -> tuple[Window, ...]:
    return tuple(window for text in texts if (window := parse_window(text)))


def _day(text: str) -> date:
    return parse_date(text) or date.min


def read_clock(entry: Mapping[str, Any], calendars: Mapping[str, Calendar]) -> Clock:
    """Build one clock, already checked against its schema and its calendar's name."""
    target = entry["target"]
    return Clock(
        name=entry["name"],
        summary=entry["summary"],
        starts=tuple(_start(start) for start in entry["start"]),
        stop=frozenset(entry["stop"]),
        cancel=frozenset(entry.get("cancel", ())),
        pause=frozenset(entry.get("pause", ())),
        within=parse_duration(target.get("within", "")),
        shortened_by=tuple(target.get("shortened_by", ())),
        due=tuple(target.get("due", ())),
        only_latest=entry.get("only_latest", False),
        calendar=calendars[entry["calendar"]],
        at_risk=entry["at_risk"],
        owner=entry["owner"],
        needs=entry.get("needs", ""),
        ladder=tuple(_rung(rung) for rung in entry.get("ladder", ())),
    )


def _start(entry: Mapping[str, Any]) -> Start:
    return Start(
        event=entry["event"],
        when=entry.get("when", {}),
        having=entry.get("having", ""),
        latest_of=tuple(entry.get("latest_of", ("at",))),
    )


def _rung(entry: Mapping[str, Any]) -> Rung:
    after = parse_duration(entry.get("after", "")) or timedelta()
    before = parse_duration(entry.get("before", "")) or timedelta()
    return Rung(after - before, entry["to"])
