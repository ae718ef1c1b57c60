"""Runs of a clock: which fact started it, and which ended that run."""

from collections.abc import Iterator
from dataclasses import dataclass

from handoff.policy.clocks import ANY_EVENT, Clock, Start
from handoff.policy.facts import DERIVED
from handoff.records.fact import Fact


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a clock: the fact that started it and the one that ended it."""

    start: Fact
    end: Fact | None
    is_cancelled: bool = False


def pair(
    clock: Clock,
    facts: tuple[Fact, ...],
    reopening: Fact | None = None,
) -> Iterator[Run]:
    """Pair each fact that starts the clock with the one that ends the run.

    A start while the clock is running is no new start, unless the latest counts. A
    stop on record before the first start (the packet was filed before the commitment
    was confirmed) stops it at once, where the target is a time and not a date.

    Args:
        clock: what policy says.
        facts: the facts of one cycle.
        reopening: the fact that ended the cycle; it may end a run, never start one.
    """
    running: Fact | None = None
    earlier: Fact | None = None
    is_first = clock.within is not None
    for fact in facts:
        if running and (run := _ended(clock, running, fact)):
            yield run
            running = None
        elif fact.kind in clock.stop and is_first:
            earlier = fact
        if _starts(clock, fact) and (running is None or clock.only_latest):
            running, is_first = fact, False
            if earlier:
                yield Run(fact, earlier)
                running = earlier = None
    if running:
        run = _ended(clock, running, reopening) if reopening else None
        yield run or Run(running, None)


def _ended(clock: Clock, running: Fact, fact: Fact) -> Run | None:
    """Give the run that `fact` ends; `None` if it ends none."""
    if fact.kind in clock.stop:
        return Run(running, fact)
    if fact.kind in clock.cancel:
        return Run(running, fact, is_cancelled=True)
    is_event = fact.kind not in DERIVED
    return Run(running, fact) if ANY_EVENT in clock.stop and is_event else None


def _starts(clock: Clock, fact: Fact) -> bool:
    if fact.kind in clock.cancel:
        return False
    return any(matches(start, fact) for start in clock.starts)


def matches(start: Start, fact: Fact) -> bool:
    """Tell whether a fact satisfies what policy says of a start."""
    is_event = fact.kind not in DERIVED
    return (
        (start.event == fact.kind or (start.event == ANY_EVENT and is_event))
        and all(fact.field(name) == value for name, value in start.when.items())
        and (not start.having or fact.field(start.having) is not None)
    )
