"""A reading: what one clock says about one cycle of one deal."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from handoff.evaluation.deal import Deal
from handoff.model.intervals import Interval
from handoff.policy.clocks import Clock
from handoff.records.fact import Fact


class State(StrEnum):
    """States of a clock (domain part 7). Breached is a flag beside them."""

    NOT_APPLICABLE = "not-applicable"
    NOT_STARTED = "not-started"
    RUNNING = "running"
    AT_RISK = "at-risk"
    PAUSED = "paused"
    MET = "met"
    MET_LATE = "met-late"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


LIVE = frozenset({State.RUNNING, State.AT_RISK, State.PAUSED})
"""States in which somebody still has to do something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a line says of one reading. Instants are in UTC.

    Attributes:
        record: id of the opportunity.
        owner: handle of who answers for it, or the role where nobody is named.
        reason: why it is in a state that is not plain, one clause.
        due: the current due instant; `None` where an open pause holds it off.
        breached_at: the instant it went overdue, also where it was met late.
        elapsed: counted time up to the stop or now, on the clock's calendar.
        budget: the target on that calendar.
        overrun: counted time after the due instant; frozen at the stop.
    """

    record: str
    cycle: int
    clock: Clock
    state: State
    owner: str
    reason: str = ""
    due: datetime | None = None
    breached_at: datetime | None = None
    elapsed: timedelta | None = None
    budget: timedelta | None = None
    overrun: timedelta | None = None

    @property
    def is_breached(self) -> bool:
        """Whether the due instant passed before a stop."""
        return self.breached_at is not None

    @property
    def remaining(self) -> timedelta | None:
        """Counted time that is left, never negative."""
        if self.elapsed is None or self.budget is None:
            return None
        return max(self.budget - self.elapsed, timedelta())


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading(Figures):
    """One verdict with everything it rests on. Instants are in UTC.

    Attributes:
        grounds: the facts that together started it, `start` among them.
        is_superseded: whether a later start took its place.
        is_provisional: whether it was stopped by what a forge could have seen and none
            is on record to have seen.
        threshold: name of the highest share of the target used up, or empty.
        original_due: the due instant without pauses.
    """

    deal: Deal
    started: datetime | None = None
    original_due: datetime | None = None
    stopped: datetime | None = None
    start: Fact | None = None
    grounds: tuple[Fact, ...] = ()
    is_superseded: bool = False
    is_provisional: bool = False
    threshold: str = ""
    stop: Fact | None = None
    pauses: tuple[Interval, ...] = ()
