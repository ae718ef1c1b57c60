"""What a clock looks at in each cycle of a deal."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from handoff.evaluation.deal import Deal
from handoff.policy.policy import Policy
from handoff.records.fact import Fact


@dataclass(frozen=True, slots=True)
class Cycle:
    """One cycle of a deal, as its clocks see it.

    Attributes:
        facts: of the cycle, in their order.
        standing: facts of earlier cycles that still hold.
        renewed: the standing fact that entered the stage the deal was reopened at;
            what it starts begins anew with the reopening.
        reopening: the fact that ended the cycle; it may end a run, never start one.
    """

    facts: tuple[Fact, ...]
    standing: tuple[Fact, ...] = ()
    renewed: Fact | None = None
    reopening: Fact | None = None


def cycles_of(deal: Deal, policy: Policy) -> Iterator[Cycle]:
    """Give the cycles of a deal, oldest first.

    A reopening keeps the facts that entered stages up to the one it names (domain
    part 5). Winning twice in a cycle starts nothing a second time.
    """
    stages, won_by = policy.pipeline.stages, policy.pipeline.won_by
    standing: tuple[Fact, ...] = ()
    renewed: Fact | None = None
    cycles = deal.standing
    ends = (*cycles[1:], ())
    for number, (facts, following) in enumerate(zip(cycles, ends, strict=True)):
        is_won = renewed is not None and renewed.kind in won_by
        known = _marked(facts, number, policy.pipeline.reopens_by)
        own = tuple(_once(known, won_by, is_done=is_won))
        reopening = following[0] if following else None
        yield Cycle(own, standing, renewed, reopening)
        if reopening:
            stage = stages.get(str(reopening.field("back_to")))
            kept = policy.pipeline.kinds_up_to(stage) if stage else frozenset()
            standing = tuple(f for f in (*standing, *own) if f.kind in kept)
            entered_by = stage.entered_by if stage else ()
            entering = (f for f in reversed(standing) if f.kind in entered_by)
            renewed = next(entering, None)


def _marked(facts: tuple[Fact, ...], number: int, reopens_by: str) -> Iterator[Fact]:
    """Yield facts; a reopening that was refused is an event like any other."""
    for place, fact in enumerate(facts):
        is_first = number > 0 and place == 0
        if fact.kind == reopens_by and not is_first:
            yield replace(fact, kind=f"{fact.kind} (refused)")
        else:
            yield fact


def _once(
    facts: Iterator[Fact], kinds: frozenset[str], *, is_done: bool
) -> Iterator[Fact]:
    """Yield facts, of some kinds the first alone, or none where that is done."""
    for fact in facts:
        if fact.kind not in kinds:
            yield fact
        elif not is_done:
            is_done = True
            yield fact
