"""A deal: an opportunity with its packets and all facts in one order, by cycle."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from handoff.policy.policy import Policy
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
    policy: Policy,
    now: datetime,
) -> Deal:
    """Put the facts of a deal that are known at `now` in order and into cycles.

    Events keep the order of the file. A packet's facts are put in by their instant,
    after events of the same instant and after the win of which the packet is.
    """
    events = tuple(_happened(opportunity.events, now))
    others = sorted(
        (f for f in packet_facts if _has_happened(f, now)),
        key=lambda fact: fact.moment.instant or now,
    )
    days = {packet.path: packet.identity.day for packet in packets}
    placed = [(_place(fact, days[fact.path], events, policy), fact) for fact in others]
    cycles: list[tuple[Fact, ...]] = [()]
    for fact in _merge(events, placed):
        if fact.kind == policy.pipeline.reopens_by:
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


def _place(
    fact: Fact,
    won_on: date,
    events: tuple[Fact, ...],
    policy: Policy,
) -> int | None:
    """Find the index of the event a packet's fact stands before.

    A packet's name says the day of its win: its facts stand after that win, and not
    after the deal was reopened. `None` where there is no such place.
    """
    pipeline = policy.pipeline
    place = next((i for i, e in enumerate(events) if _before(fact, e)), len(events))
    won: int | None = None
    for index, event in enumerate(events):
        if event.kind == pipeline.reopens_by and (won is None or place > index):
            won = None
        elif event.kind == pipeline.reopens_by:
            break
        elif event.kind in pipeline.won_by:
            is_its = event.moment.day_in(policy.zone) == won_on
            won = index + 1 if won is None and is_its else won
    return None if won is None else max(place, won)


def _merge(
    events: tuple[Fact, ...],
    placed: list[tuple[int | None, Fact]],
) -> Iterator[Fact]:
    for index in range(len(events) + 1):
        yield from (fact for place, fact in placed if place == index)
        yield from events[index : index + 1]


def _before(fact: Fact, event: Fact) -> bool:
    """Order a packet's fact against an event.

    An event known only to the day stands at the day's beginning here: what was filed
    on the day a deal was won comes after the win.
    """
    mine, other = fact.moment.instant, event.moment.instant
    if mine is None or other is None:
        return False
    return mine < (other - timedelta(days=1) if event.moment.day else other)
