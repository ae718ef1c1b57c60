"""A deal: an opportunity with its packets and all facts in one order, by cycle."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain

from handoff.model.intervals import FOREVER
from handoff.model.span import Pointer
from handoff.policy.facts import (
    ACKNOWLEDGEMENT_VOID,
    PACKET_ACKNOWLEDGED,
    PACKET_FILED,
)
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
        watched_since: when the ledger begins; before it, that nothing is known of an
            announcement says nothing. `None` without a ledger.
    """

    opportunity: Opportunity
    packets: tuple[Packet, ...]
    cycles: tuple[tuple[Fact, ...], ...]
    watched_since: datetime | None = None

    @property
    def id(self) -> str:
        """Id of the opportunity."""
        return self.opportunity.id

    @property
    def facts(self) -> tuple[Fact, ...]:
        """All facts, oldest first."""
        cycles = self.cycles
        return cycles[0] if len(cycles) == 1 else tuple(chain.from_iterable(cycles))

    @property
    def standing(self) -> tuple[tuple[Fact, ...], ...]:
        """The facts of each cycle without what was voided since, and what voided it."""
        kept = set(map(id, without_void(self.facts)))
        return tuple(tuple(f for f in c if id(f) in kept) for c in self.cycles)


def without_void(facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """Leave out each voided acknowledgement and the fact that voids it.

    A void names the review that was dismissed.
    """
    reviews = {f.field("review") for f in facts if f.kind == ACKNOWLEDGEMENT_VOID}
    ends = (ACKNOWLEDGEMENT_VOID, PACKET_ACKNOWLEDGED)
    return tuple(
        fact
        for fact in facts
        if fact.kind not in ends or fact.field("review") not in reviews
    )


def assemble(  # noqa: PLR0913, PLR0917 - what a deal is made of
    opportunity: Opportunity,
    packets: tuple[Packet, ...],
    packet_facts: Mapping[str, tuple[Fact, ...]],
    policy: Policy,
    now: datetime,
    refused: Collection[Pointer] = (),
) -> Deal:
    """Put the facts of a deal that are known at `now` in order and into cycles.

    Events keep the order of the file. A packet's facts are put in by their instant,
    before events of the same instant, which may rest on them, but after the win of
    which the packet is; what the ledger knows of the deal, in the cycle it names.
    Reopenings that were `refused`, by their place, start no cycle.

    Args:
        opportunity: with what the ledger knows of it.
        packets: its packets.
        packet_facts: those of each packet that count, by its path.
        policy: says what wins and what reopens.
        now: what is later is left out.
        refused: places of events.
    """
    events = tuple(_happened(opportunity.events, now))
    granted = tuple(e for e in events if e.pointer not in refused)
    starts = {e.pointer for e in granted if e.kind == policy.pipeline.reopens_by}
    days = {packet.path: packet.identity.day for packet in packets}
    placed: list[tuple[int | None, Fact]] = []
    for path, facts in packet_facts.items():
        known = sorted((f for f in facts if _has_happened(f, now)), key=_instant)
        filing = next((f for f in known if f.kind == PACKET_FILED), None)
        placed += (
            (_place(f, filing or f, days[path], events, starts, policy), f)
            for f in known
        )
    for fact in opportunity.observed:
        placed.append((_place_in_cycle(fact, events, starts, policy), fact))
    placed.sort(key=lambda pair: _instant(pair[1]))
    cycles: list[tuple[Fact, ...]] = [()]
    for fact in _merge(events, placed):
        if fact.pointer in starts:
            cycles.append(())
        cycles[-1] += (fact,)
    return Deal(opportunity, packets, tuple(cycles))


def _instant(fact: Fact) -> datetime:
    return fact.moment.instant or FOREVER


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


def _place(  # noqa: PLR0913, PLR0917 - the packet's fact, and what it is placed among
    fact: Fact,
    filing: Fact,
    won_on: date,
    events: tuple[Fact, ...],
    reopenings: Collection[Pointer],
    policy: Policy,
) -> int | None:
    """Find the index of the event a packet's fact stands before.

    A packet's name says the day of its win: its facts stand after that win, and not
    after the deal was reopened, unless to a stage at which the packet still stands or
    after which it was filed. `None` where there is no such place.
    """
    place = next((i for i, e in enumerate(events) if _before(fact, e)), len(events))
    won: int | None = None
    for index, event in enumerate(events):
        if event.pointer in reopenings and won is not None:
            if place <= index:
                break
            won = index + 1 if _stands(filing, event, policy) else None
        elif event.kind in policy.pipeline.won_by:
            is_its = event.moment.day_in(policy.zone) == won_on
            won = index + 1 if won is None and is_its else won
    return None if won is None else max(place, won)


def _place_in_cycle(
    fact: Fact,
    events: tuple[Fact, ...],
    reopenings: Collection[Pointer],
    policy: Policy,
) -> int | None:
    """Find the index of the event before which a fact of a named cycle stands.

    It stands after the win of that cycle, and in it, however late it came.
    """
    starts = [0, *(i for i, e in enumerate(events) if e.pointer in reopenings)]
    number = fact.field("cycle") or 1
    if not isinstance(number, int) or not 0 < number <= len(starts):
        return None
    begin, end = [*starts, len(events)][number - 1 : number + 1]
    own = range(begin, end)
    won = (i + 1 for i in own if events[i].kind in policy.pipeline.won_by)
    first = next(won, begin + 1 if number > 1 else None)
    place = next((i for i in own if _before(fact, events[i])), end)
    return None if first is None else max(place, first)


def _stands(filing: Fact, reopening: Fact, policy: Policy) -> bool:
    """Tell whether a packet belongs to the cycle that a reopening starts."""
    pipeline = policy.pipeline
    stage = pipeline.stages.get(str(reopening.field("back_to")))
    standing = pipeline.kinds_up_to(stage) if stage else frozenset()
    if filing.kind in standing:
        return True
    return bool(standing & pipeline.won_by) and not _before(filing, reopening)


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
    return mine <= (other - timedelta(days=1) if event.moment.day else other)
