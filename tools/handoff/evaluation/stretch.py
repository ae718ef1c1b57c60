"""For how long what a report says stays as it is, but for the time that clocks count.

Nothing else in evaluation looks at the clock than what is listed here: when facts,
pauses, due instants, shares of a target, steps of a ladder, and days that policy names
come. What compares for less-or-equal and what compares for less both turn within one
tick of their instant, so each counts twice.
"""

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from itertools import chain

from handoff.evaluation.ladder import levels_of
from handoff.evaluation.parts import latest_of
from handoff.evaluation.pauses import without_consent
from handoff.evaluation.reading import LIVE, Figures, Reading, State
from handoff.evaluation.report import Report
from handoff.evaluation.status import Status
from handoff.model.calendar import deadline, elapsed
from handoff.model.instant import end_of_day, parse_instant, start_of_day
from handoff.model.intervals import Interval
from handoff.policy.policy import Policy

_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)  # of all instants in records
_COUNTING = frozenset({State.RUNNING, State.AT_RISK})


def stretch_of(report: Report) -> Interval | None:
    """Give the instants around a report's at which it says the same.

    Its stages, states, due instants and owners are the same at each of them; what was
    counted is told by `counted_at`.

    Args:
        report: of some deals, with all that is about them, and no waiver among it.

    Returns:
        An interval without end if nothing will change; `None` if something that is
        written down has not happened yet.
    """
    now, tick = report.now, datetime.resolution
    latest = latest_of(report.register, report.ledger, now)
    if latest is None:
        return None
    turns = (_EARLIEST, latest, *filter(None, _turns(report)))
    since = max(turn for turn in turns if turn <= now)
    ticks = (turn if turn != now else turn + tick for turn in turns)
    until = min((turn for turn in ticks if turn > now), default=None)
    return Interval(min(since + tick, now), until)


def figures_of(reading: Reading) -> Figures:
    """Take from a reading what a line says of it."""
    kept = {field.name: getattr(reading, field.name) for field in fields(Figures)}
    return Figures(**kept)


def counted_at(now: datetime, figures: Figures, then: datetime) -> Figures:
    """Give what a clock has counted at another instant of the same stretch.

    Args:
        now: that instant.
        figures: as they are at another.
        then: the other, earlier or later.
    """
    if figures.state not in _COUNTING or figures.elapsed is None:
        return figures
    calendar = figures.clock.calendar
    more = elapsed(calendar, then, now) - elapsed(calendar, now, then)
    overrun = None if figures.overrun is None else figures.overrun + more
    return replace(figures, elapsed=figures.elapsed + more, overrun=overrun)


def _turns(report: Report) -> Iterator[datetime | None]:
    policy = report.policy
    yield from _of_policy(policy)
    names = {
        n for c in policy.clocks for way in c.starts for p in way for n in p.latest_of
    }
    for status in report.statuses:
        yield from _of_status(status, names, policy)
    for reading in (*report.readings, *report.shadow):
        if reading.state in LIVE:
            yield from _of_reading(reading, policy)


def _of_policy(policy: Policy) -> Iterator[datetime]:
    """Give when clocks and roles begin and end, and when closed days are known."""
    people = policy.roster.people.values()
    spans = [(held.since, held.until) for person in people for held in person.roles]
    spans += [(c.since or date.min, c.until) for c in policy.clocks]
    known = (c.calendar.known_from.values() for c in policy.clocks)
    spans += [(first, None) for first in {*chain.from_iterable(known)}]
    for since, until in spans:
        if since > date.min:
            yield start_of_day(since, policy.zone)
        if until:
            yield end_of_day(until, policy.zone)


def _of_status(
    status: Status, names: set[str], policy: Policy
) -> Iterator[datetime | None]:
    """Give when consent ends, an action is late, and what facts name begins."""
    for gap in without_consent(status.deal, policy):
        yield from (gap.start, gap.end)
    yield status.next.due_at if status.next else None
    for fact in status.deal.facts:
        yield from (parse_instant(str(fact.field(name) or "")) for name in names)


def _of_reading(reading: Reading, policy: Policy) -> Iterator[datetime | None]:
    clock, started, budget = reading.clock, reading.started, reading.budget
    yield reading.due
    yield from (level.at for level in levels_of(reading, policy))
    for percent in (clock.at_risk, *(share.percent for share in clock.thresholds)):
        if started is not None and budget is not None:
            spent = -(-budget * percent // 100)
            yield deadline(clock.calendar, started, spent, reading.pauses)
