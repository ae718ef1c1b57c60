"""The ladder of a clock: whom to tell, and the instant at which each step falls due."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from handoff.evaluation.owners import recipients_of
from handoff.evaluation.reading import Reading
from handoff.model.calendar import deadline
from handoff.policy.policy import Policy


@dataclass(frozen=True, slots=True)
class Level:
    """One step of the ladder of one reading.

    Attributes:
        number: place in the ladder, from 1.
        role: the role it goes to, as policy calls it.
        recipients: handles of who fills the role at that instant: the one the records
            name, or everybody who holds it; empty where nobody does.
        at: the instant it falls due, in UTC; `None` while an open pause holds it off.
    """

    number: int
    role: str
    recipients: tuple[str, ...]
    at: datetime | None


def levels_of(reading: Reading, policy: Policy) -> tuple[Level, ...]:
    """Give every step of a reading's ladder, in the order of policy.

    Offsets count on the clock's calendar and stand still in its pauses, like the
    target. A step before the start falls due at the start. A clock that was stopped
    keeps its steps: `reached` tells which of them came first.

    Args:
        reading: of any state; one that never started, or is unknown, has no steps.
        policy: gives the roster and the zone in which roles begin and end.
    """
    started, budget = reading.started, reading.budget
    if started is None or budget is None:
        return ()
    levels: list[Level] = []
    for number, rung in enumerate(reading.clock.ladder, 1):
        at = _falls_due(rung.offset, reading, started, budget)
        deal, start = reading.deal, reading.start
        who = recipients_of(rung.role, deal, start, policy, at or started)
        levels.append(Level(number, rung.role, who, at))
    return tuple(levels)


def reached(reading: Reading, policy: Policy, now: datetime) -> tuple[Level, ...]:
    """Give the steps that had fallen due by the stop, or by now without one.

    A step at the due instant or later needs a breach: who stops at that very instant
    has met the target.
    """
    until = reading.stopped or now
    steps = zip(levels_of(reading, policy), reading.clock.ladder, strict=False)
    return tuple(
        level
        for level, rung in steps
        if level.at
        and level.at <= until
        and (reading.is_breached or rung.offset < timedelta())
    )


def _falls_due(
    offset: timedelta, reading: Reading, started: datetime, budget: timedelta
) -> datetime | None:
    calendar, pauses = reading.clock.calendar, reading.pauses
    if offset < timedelta():
        return deadline(calendar, started, budget + offset, pauses)
    return deadline(calendar, reading.due, offset, pauses) if reading.due else None
