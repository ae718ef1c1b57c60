"""Runs of a clock: which facts started it, and which ended that run."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from handoff.evaluation.cycles import Cycle
from handoff.model.instant import Moment, parse_instant
from handoff.policy.clocks import ANY_EVENT, Clock, Start
from handoff.policy.facts import DERIVED
from handoff.records.fact import Fact


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a clock: the facts that started it and the one that ended it.

    Attributes:
        clock: the version in effect at the start; it holds to the end of the run.
        grounds: the facts it started on, in their order; the last one started it.
        started: when the last of them became true; `None` if that is not known.
        is_exact: whether `started` is known as an instant and not by its day.
        is_superseded: whether a later start took its place.
    """

    clock: Clock
    grounds: tuple[Fact, ...]
    started: datetime | None
    is_exact: bool
    end: Fact | None = None
    is_cancelled: bool = False
    is_superseded: bool = False

    @property
    def start(self) -> Fact:
        """The fact that started it, whose fields name a due date."""
        return self.grounds[-1]


def pair(
    versions: Sequence[Clock],
    cycle: Cycle,
    day_of: Callable[[Moment], date],
) -> Iterator[Run]:
    """Pair each start of a clock with the fact that ends the run.

    A start while the clock is running is no new start, unless the latest counts: it
    takes the place of the earlier one then. A stop on record before the first start
    (the packet was filed before the commitment was confirmed) stops it at once, where
    the target is a time and not a date.

    Args:
        versions: of one clock; a run falls under the one in effect at its start.
        cycle: the facts to walk.
        day_of: gives the day of a start, known or supposed, in the policy's zone.
    """
    running: Run | None = None
    known = list(cycle.standing)
    kinds = {part.event for v in versions for way in v.starts for part in way}
    early, earlier = _early(versions), None
    for fact in cycle.facts:
        if running and (done := _ended(running, fact)):
            yield done
            running = None
        elif fact.kind in early:
            earlier = fact
        begun = None
        if ANY_EVENT in kinds or fact.kind in kinds:
            begun = _begun(versions, fact, known, day_of)
        if begun is None and cycle.renewed and fact is cycle.facts[0]:
            begun, earlier = _resumed(versions, cycle, cycle.renewed, day_of)
        if begun and (running is None or begun.clock.only_latest):
            if running:
                yield replace(running, end=fact, is_superseded=True)
            running, early = begun, frozenset()
            if earlier and earlier.kind in begun.clock.stop:
                yield replace(begun, end=earlier)
                running = None
            earlier = None
        known.append(fact)
    if running:
        done = _ended(running, cycle.reopening) if cycle.reopening else None
        yield done or running


def _early(versions: Sequence[Clock]) -> frozenset[str]:
    """Give the stops that count although they come before the first start."""
    return frozenset().union(*(v.stop for v in versions if v.within is not None))


def _ended(run: Run, fact: Fact) -> Run | None:
    """Give a run as `fact` ends it; `None` if it does not."""
    if fact.kind in run.clock.stop:
        return replace(run, end=fact)
    if fact.kind in run.clock.cancel:
        return replace(run, end=fact, is_cancelled=True)
    is_event = fact.kind not in DERIVED
    return replace(run, end=fact) if ANY_EVENT in run.clock.stop and is_event else None


def _resumed(
    versions: Sequence[Clock],
    cycle: Cycle,
    renewed: Fact,
    day_of: Callable[[Moment], date],
) -> tuple[Run | None, Fact | None]:
    """Give the run that a reopening starts, and what still stands that stops it."""
    first, named = cycle.facts[0], [v for v in versions if _names(v, renewed.kind)]
    again = replace(renewed, moment=first.moment, recorded_at=first.recorded_at)
    run = _begun(named, again, cycle.standing, day_of)
    if run is None:
        return None, None
    stops = (f for f in reversed(cycle.standing) if f.kind in run.clock.stop)
    return replace(run, grounds=(first, renewed)), next(stops, None)


def _names(clock: Clock, kind: str) -> bool:
    return any(part.event == kind for way in clock.starts for part in way)


def _begun(
    versions: Sequence[Clock],
    fact: Fact,
    known: Sequence[Fact],
    day_of: Callable[[Moment], date],
) -> Run | None:
    """Give the run that `fact` starts under the version in effect then."""
    for clock in versions:
        if grounds := _grounds(clock, fact, known):
            started, facts = _started(grounds), tuple(each for _, each in grounds)
            moment = Moment(started) if started else fact.moment
            is_dated = clock.since or clock.until
            if not is_dated or clock.holds_on(day_of(moment)):
                return Run(clock, facts, started, _is_exact(facts, started))
    return None


_Grounds = list[tuple[Start, Fact]]


def _grounds(clock: Clock, fact: Fact, known: Sequence[Fact]) -> _Grounds:
    """Give the facts with which `fact` completes a way to start; none if it does not.

    What cancels the clock undoes the facts before it.
    """
    if fact.kind in clock.cancel:
        return []
    for way in clock.starts:
        last = next((part for part in way if matches(part, fact)), None)
        if last is None:
            continue
        others = [_latest(part, clock, known) for part in way if part is not last]
        found = [(part, ground) for part, ground in others if ground]
        if len(found) == len(others):
            return [*found, (last, fact)]
    return []


def _latest(
    part: Start, clock: Clock, known: Sequence[Fact]
) -> tuple[Start, Fact | None]:
    for fact in reversed(known):
        if fact.kind in clock.cancel:
            break
        if matches(part, fact):
            return part, fact
    return part, None


def _started(grounds: _Grounds) -> datetime | None:
    """Give the instant at which the last of several facts became true."""
    named = (fact.field(name) for part, fact in grounds for name in part.latest_of)
    instants = [fact.moment.instant for _, fact in grounds]
    instants += [parse_instant(str(value)) for value in named if value]
    known = [instant for instant in instants if instant]
    return max(known, default=None)


def _is_exact(facts: Sequence[Fact], started: datetime | None) -> bool:
    """Tell whether no fact of which only the day is known may be the last."""
    return started is not None and all(
        fact.moment.is_exact or (fact.moment.instant or started) < started
        for fact in facts
    )


def matches(start: Start, fact: Fact) -> bool:
    """Tell whether a fact satisfies what policy says of a start."""
    is_event = fact.kind not in DERIVED
    return (
        (start.event == fact.kind or (start.event == ANY_EVENT and is_event))
        and all(fact.field(name) == value for name, value in start.when.items())
        and (not start.having or fact.field(start.having) is not None)
    )
