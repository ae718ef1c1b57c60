"""How the states of a clock look and which come first; the only such table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from handoff.evaluation.reading import LIVE, Figures, State
from handoff.model.intervals import FOREVER
from handoff.views.words import duration

ALARM = "1;31"
CAUTION = "1;33"
STRONG = "1"
FAINT = "2"
"""Colours as SGR parameters of ECMA-48."""


@dataclass(frozen=True, slots=True)
class Look:
    """One state on a terminal; `rank` orders what is most urgent first."""

    label: str
    colour: str
    rank: int


BREACHED = Look("BREACHED", ALARM, 0)
LOOKS: Mapping[State, Look] = {
    State.AT_RISK: Look("at risk", CAUTION, 1),
    State.RUNNING: Look("running", "1;36", 2),
    State.PAUSED: Look("paused", "1;34", 3),
    State.UNKNOWN: Look("unknown", "1;35", 4),
    State.MET: Look("met", "32", 5),
    State.MET_LATE: Look("met late", "33", 6),
    State.NOT_APPLICABLE: Look("not applicable", FAINT, 7),
    State.NOT_STARTED: Look("not started", FAINT, 8),
    State.CANCELLED: Look("cancelled", FAINT, 9),
}
"""Most urgent first, below `BREACHED`."""


class Stated(Protocol):
    """What a look shows: a reading, or what is left of one."""

    @property
    def state(self) -> State:
        """The state of the clock."""

    @property
    def is_breached(self) -> bool:
        """Whether the due instant passed before a stop."""


def is_alarm(reading: Stated) -> bool:
    """Tell whether a clock is overdue and somebody still has to stop it."""
    return reading.is_breached and reading.state in LIVE


def needs_eyes(reading: Figures) -> bool:
    """Tell whether somebody still has to stop a clock."""
    return reading.state in LIVE


def look_of(reading: Stated) -> Look:
    """Choose how a reading looks; a breach outweighs the state it is in."""
    return BREACHED if is_alarm(reading) else LOOKS[reading.state]


Urgency = tuple[int, timedelta, datetime, str, int, str]


def urgency(reading: Figures) -> Urgency:
    """Sort key: by state, then longest overrun, then earliest due, then deal."""
    overrun = reading.overrun if reading.overrun and is_alarm(reading) else timedelta()
    return (
        look_of(reading).rank,
        -overrun,
        reading.due or FOREVER,
        reading.record,
        reading.cycle,
        reading.clock.name,
    )


def balance(reading: Figures) -> str:
    """Say what is left, by how much it is overdue, or why neither can be said."""
    is_live = reading.state in LIVE
    if reading.is_breached and reading.overrun is not None:
        over = _time(reading.overrun, reading)
        after = f"{reading.reason}, " if reading.reason else ""
        return f"overdue by {over}" if is_live else f"{after}{over} late"
    if is_live and reading.remaining is not None:
        left = reading.remaining
        return f"{_time(left, reading)} left" if left else "due now"
    if reading.state is State.MET and reading.elapsed is not None:
        return f"in {_time(reading.elapsed, reading)}"
    return reading.reason


def _time(length: timedelta, reading: Figures) -> str:
    return duration(length, is_working=not reading.clock.calendar.is_always_open)
