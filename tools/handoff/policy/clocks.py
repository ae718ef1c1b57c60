"""Service-level clocks and calendars, from `clocks.yaml` and `calendars.yaml`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
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
    """A fact that starts a clock, or is one of several that start it together.

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
class Threshold:
    """A named share of the target, in percent."""

    name: str
    percent: int


@dataclass(frozen=True, slots=True)
class Clock:
    """One version of a service-level clock (domain part 7).

    Attributes:
        since: first day, in the policy's zone, on which a start falls under it, or
            `None`; the version at the start holds to the end of that run.
        until: last such day, or `None`.
        condition: header fields of the opportunity, by path, and their values for
            which it applies.
        starts: each a way to start: facts that must all have happened, in any order.
        pause: kinds of pauses that hold it.
        pause_reasons: the reasons for which they do; empty stands for all.
        within: time on the calendar, or `None` where `due` names a date.
        shortened_by: path of a packet field with a promised number of days.
        due: path of the field of the starting fact with the due date or instant.
        at_risk: percent of the target used up when it turns at risk.
        thresholds: further shares that have a name, smallest first.
        needs: evidence outside the records, or empty.
        is_shadow: whether it is read to be looked at only.
    """

    name: str
    summary: str
    since: date | None
    until: date | None
    condition: Mapping[tuple[str, ...], tuple[str, ...]]
    starts: tuple[tuple[Start, ...], ...]
    stop: frozenset[str]
    cancel: frozenset[str]
    pause: frozenset[str]
    pause_reasons: frozenset[str]
    within: timedelta | None
    shortened_by: tuple[str, ...]
    due: tuple[str, ...]
    only_latest: bool
    calendar: Calendar
    at_risk: int
    thresholds: tuple[Threshold, ...]
    owner: str
    needs: str
    ladder: tuple[Rung, ...]
    is_shadow: bool

    def holds_on(self, day: date) -> bool:
        """Tell whether a start on that day falls under this version."""
        is_early = self.since is not None and day < self.since
        return not is_early and (self.until is None or day <= self.until)

    def as_known(self, day: date) -> "Clock":
        """Give the clock on its calendar as it was known on a day."""
        calendar = self.calendar.as_known(day)
        return self if calendar is self.calendar else replace(self, calendar=calendar)


def read_calendars(data: Mapping[str, Any]) -> Mapping[str, Calendar]:
    """Build the calendars, `always` included, by name."""
    listed = (_calendar(entry) for entry in data["calendars"])
    return {ALWAYS.name: ALWAYS} | {calendar.name: calendar for calendar in listed}


def _calendar(entry: Mapping[str, Any]) -> Calendar:
    closed = {day: span for span in entry.get("closed", ()) for day in _days(span)}
    listed = entry.get("exceptions", {}).items()
    exceptions = {_day(day): _windows(windows) for day, windows in listed}
    return Calendar(
        name=entry["name"],
        zone=ZoneInfo(entry["zone"]),
        week=tuple(_windows(entry["week"].get(day, ())) for day in _WEEK),
        exceptions=dict.fromkeys(closed, ()) | exceptions,
        known_from={
            day: _day(span["known_from"])
            for day, span in closed.items()
            if "known_from" in span and day not in exceptions
        },
    )


def _days(span: Mapping[str, str]) -> Iterator[date]:
    """Give the days of an entry of `closed`: one, or all up to `until`."""
    first = _day(span["on"])
    last = _day(span["until"]) if "until" in span else first
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


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
        since=parse_date(entry.get("since", "")),
        until=parse_date(entry.get("until", "")),
        condition={
            tuple(path.split(".")): tuple(values)
            for path, values in entry.get("condition", {}).items()
        },
        starts=tuple(_way(way) for way in entry["start"]),
        stop=frozenset(entry["stop"]),
        cancel=frozenset(entry.get("cancel", ())),
        pause=frozenset(entry.get("pause", ())),
        pause_reasons=frozenset(entry.get("pause_reasons", ())),
        within=parse_duration(target.get("within", "")),
        shortened_by=tuple(target.get("shortened_by", ())),
        due=tuple(target.get("due", ())),
        only_latest=entry.get("only_latest", False),
        calendar=calendars[entry["calendar"]],
        at_risk=entry["at_risk"],
        thresholds=_thresholds(entry.get("thresholds", {})),
        owner=entry["owner"],
        needs=entry.get("needs", ""),
        ladder=tuple(_rung(rung) for rung in entry.get("ladder", ())),
        is_shadow=entry.get("shadow", False),
    )


def _thresholds(entry: Mapping[str, int]) -> tuple[Threshold, ...]:
    named = (Threshold(name, percent) for name, percent in entry.items())
    return tuple(sorted(named, key=lambda threshold: threshold.percent))


def _way(entry: Mapping[str, Any]) -> tuple[Start, ...]:
    """Read one way to start: a single fact, or `all` of several."""
    return tuple(_start(part) for part in entry.get("all", (entry,)))


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
