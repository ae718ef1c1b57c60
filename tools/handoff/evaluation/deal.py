"""A deal: an opportunity with its packets and all facts in one order, by cycle."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from handoff.policy.stages import Pipeline
from handoff.records.fact import Fact
from handoff.records.record import Opportunity, Packet


@dataclass(frozen=True, slots=True)
class Deal:
    """An opportunity as it is known at `now`.

    Attributes:
        packets: its packets, in the order of their paths.
        cycles: the facts of each cycle, oldest first; cycle 1 is the first entry. A
            reopening is the first fact of the cycle it starts.
    """

    opportunity: Opportunity
    packets: tuple[Packet, ...]
    cycles: tuple[tuple[Fact, ...], ...]

    @property
    def id(self) -> str:
        """Id of the opportunity."""
        return self.opportunity.id

    @property
    def facts(self) -> tuple[Fact, ...]:
        """All facts, oldest first."""
        return tuple(fact for cycle in self.cycles for fact in cycle)


def assemble(
    opportunity: Opportunity,
    packets: tuple[Packet, ...],
    packet_facts: tuple[Fact, ...],
    pipeline: Pipeline,
    now: datetime,
) -> Deal:
    """Put the facts of a deal that are known at `now` in order and into cycles.

    Events keep the order of the file. A packet's facts are put in by their instant,
    after events of the same instant.
    """
    events = list(_happened(opportunity.events, now))
    others = sorted(
        (f for f in packet_facts if _has_happened(f, now)),
        key=lambda fact: fact.moment.instant or now,
    )
    cycles: list[tuple[Fact, ...]] = [()]
    for fact in _merge(events, others):
        if fact.kind == pipeline.reopens_by:
            cycles.append(())
        cycles[-1] += (fact,)
    return Deal(opportunity, packets, tuple(cycles))


def _has_happened(fact: Fact, now: datetime) -> bool:
    return fact.moment.instant is None or fact.moment.instant <= now


def _happened(events: Iterable[Fact], now: datetime) -> Iterator[Fact]:
    """Give the events up to `now`; one without a date is as old as the one above."""
    has_happened = True
    for event in events:
        if event.moment.instant:
            has_happened = _has_happened(event, now)
        if has_happened:
            yield event


def _merge(events: list[Fact], others: list[Fact]) -> list[Fact]:
    merged: list[Fact] = []
    waiting = list(others)
    for event in events:
        while waiting and _before(waiting[0], event):
            merged.append(waiting.pop(0))
        merged.append(event)
    return merged + waiting


def _before(fact: Fact, event: Fact) -> bool:
    """Order a packet's fact against an event.

    An event known only to the day stands at the day's beginning here: what was filed
    on the day a deal was won comes after the win.
    """
    mine, other = fact.moment.instant, event.moment.instant
    if mine is None or other is None:
        return False
    return mine < (other - timedelta(days=1) if event.moment.day else other)
