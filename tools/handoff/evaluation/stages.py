"""The stage of a deal, folded from its facts (domain part 5)."""

from dataclasses import dataclass, replace
from datetime import date

from handoff.evaluation.deal import Deal, without_void
from handoff.evaluation.gates import Claim, Missing, missing_event, missing_for
from handoff.evaluation.waiving import excused_rules
from handoff.model.instant import UNKNOWN, Moment
from handoff.policy.facts import ACKNOWLEDGEMENT_VOID, PACKET_ACKNOWLEDGED
from handoff.policy.policy import Policy
from handoff.policy.stages import Gate, Pipeline, Stage
from handoff.records.fact import Fact

GATE_UNSATISFIED = "gate-unsatisfied"
SKIPPED_TRANSITION = "skipped-transition"


@dataclass(frozen=True, slots=True)
class Entry:
    """A stage that was entered, when, in which cycle, by which fact."""

    stage: Stage
    since: Moment
    cycle: int
    fact: Fact | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A claim that was not granted.

    Attributes:
        fact: the claim.
        claimed: the stage it claims, if it claims one.
        held: the stage the deal was in, by its claims.
        missing: what its gate lacks; empty where the step itself is not allowed.
    """

    fact: Fact
    claimed: Stage | None
    held: Stage
    missing: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a deal is, how it got there, and what keeps it from the next stage.

    Attributes:
        entries: every stage granted, oldest first.
        refusals: claims that were not granted.
        upcoming: the next stage on the way, `None` if there is none.
        missing: what `upcoming` still needs.
    """

    entries: tuple[Entry, ...]
    refusals: tuple[Refusal, ...]
    upcoming: Stage | None
    missing: tuple[Missing, ...]

    @property
    def current(self) -> Entry:
        """The stage the deal is in."""
        return self.entries[-1]


@dataclass(frozen=True, slots=True)
class _Walk:
    """The state of the fold.

    `claimed` is where the facts say the deal is; `blocked` is the first stage of the
    cycle that was claimed without passing its gate: nothing from there on is granted.
    `excused` names the rules that waivers suspend for this record.
    """

    claimed: Stage
    cycle: int
    earlier: tuple[Fact, ...]
    entries: tuple[Entry, ...]
    refusals: tuple[Refusal, ...] = ()
    blocked: Stage | None = None
    excused: frozenset[str] = frozenset()


def fold(deal: Deal, policy: Policy, today: date) -> Progress:
    """Compute where a deal is from its facts.

    `today` decides which waivers hold: a step that one excuses is granted, and still
    listed as refused, so that the waiver counts as used.
    """
    first = policy.pipeline.first
    opening = Entry(first, _opening(deal), 1, None)
    excused = excused_rules(deal.opportunity, policy, today) | policy.shadow
    walk = _Walk(first, 1, (), (opening,), excused=excused)
    for fact in deal.facts:
        walk = _step(walk, fact, deal, policy)
        walk = replace(walk, earlier=(*walk.earlier, fact))
    upcoming = _next_stage(walk, policy.pipeline)
    missing = _still_missing(upcoming, walk, deal, policy) if upcoming else ()
    return Progress(walk.entries, walk.refusals, upcoming, missing)


def _opening(deal: Deal) -> Moment:
    return deal.facts[0].moment if deal.facts else UNKNOWN


def _step(walk: _Walk, fact: Fact, deal: Deal, policy: Policy) -> _Walk:
    pipeline = policy.pipeline
    if fact.kind == pipeline.reopens_by:
        return _reopen(walk, fact, pipeline)
    if fact.kind == pipeline.returns_by and walk.claimed.name in pipeline.returns_from:
        return _grant(walk, fact, _before_outcome(walk))
    if fact.kind == ACKNOWLEDGEMENT_VOID:
        return _withdraw(walk, fact)
    is_enforced = policy.is_enforced(
        fact.moment,
        deal.opportunity.identity.day,
    )
    stage, is_allowed = _claimed_stage(walk, fact, pipeline, is_enforced)
    if stage and not is_allowed:
        return _refuse(walk, fact, stage, ())
    gate = stage.gate if stage else _own_gate(walk, fact, pipeline)
    claim = Claim(deal.opportunity, walk.earlier, fact)
    missing = missing_for(gate, claim, policy) if gate and is_enforced else ()
    if missing:
        return _refuse(walk, fact, stage, missing)
    return _grant(walk, fact, stage) if stage else walk


def _own_gate(walk: _Walk, fact: Fact, pipeline: Pipeline) -> Gate | None:
    """Give the gate of a fact that moves nothing; that of the first stage for one."""
    is_known = any(earlier.kind == fact.kind for earlier in walk.earlier)
    if fact.kind in pipeline.first.entered_by and not is_known:
        return pipeline.first.gate
    return pipeline.gates.get(fact.kind)


def _claimed_stage(
    walk: _Walk,
    fact: Fact,
    pipeline: Pipeline,
    is_enforced: bool,  # noqa: FBT001 - a verdict passed on, not a switch
) -> tuple[Stage | None, bool]:
    """Find the stage a fact claims, and whether the step is allowed.

    A fact whose stages are all behind claims nothing: a second discovery call does
    not move a deal back. History from before enforcement may take any step forward.
    Below a stage that was claimed too early, steps go on from the one granted last.
    """
    held, granted = walk.claimed, walk.entries[-1].stage
    candidates = [s for s in pipeline.stages.values() if fact.kind in s.entered_by]
    for stage in candidates:
        if held.name in stage.sources:
            return stage, True
    for stage in candidates:
        if _is_below(stage, walk.blocked) and granted.name in stage.sources:
            return stage, True
    ahead = [s for s in candidates if s.position > held.position or held.is_outcome]
    if not ahead or ahead[0] == held:
        return None, True
    return ahead[0], not is_enforced


def _grant(walk: _Walk, fact: Fact, stage: Stage) -> _Walk:
    entry = Entry(stage, fact.moment, walk.cycle, fact)
    entries = (*walk.entries, entry)
    if walk.blocked is None or stage.is_outcome:
        return replace(walk, claimed=stage, entries=entries, blocked=None)
    if _is_below(stage, walk.blocked):
        return replace(walk, entries=entries)
    return replace(walk, claimed=stage)


def _is_below(stage: Stage, blocked: Stage | None) -> bool:
    return blocked is not None and stage.position < blocked.position


def _refuse(
    walk: _Walk,
    fact: Fact,
    stage: Stage | None,
    missing: tuple[Missing, ...],
) -> _Walk:
    refusal = Refusal(fact, stage, walk.claimed, missing)
    refused = replace(walk, refusals=(*walk.refusals, refusal))
    rule = GATE_UNSATISFIED if missing else SKIPPED_TRANSITION
    if stage is None:
        return refused
    if rule in walk.excused:
        return _grant(refused, fact, stage)
    return replace(refused, claimed=stage, blocked=walk.blocked or stage)


def _reopen(walk: _Walk, fact: Fact, pipeline: Pipeline) -> _Walk:
    """Start the next cycle at the stage the event names.

    Facts that entered stages up to that one still stand; everything later, and every
    approval, belongs to the cycle that is over.
    """
    stage = pipeline.stages.get(str(fact.field("back_to")))
    if stage is None or stage.position > _last_step(walk).position:
        refusal = Refusal(fact, stage or walk.claimed, walk.claimed, ())
        return replace(walk, refusals=(*walk.refusals, refusal))
    standing = pipeline.kinds_up_to(stage)
    kept = tuple(f for f in walk.earlier if f.kind in standing)
    cycle = walk.cycle + 1
    entry = Entry(stage, fact.moment, cycle, fact)
    entries = (*walk.entries, entry)
    return _Walk(stage, cycle, kept, entries, walk.refusals, None, walk.excused)


def _withdraw(walk: _Walk, fact: Fact) -> _Walk:
    """Take an acknowledgement back from its void on.

    The deal is where it was before, if the acknowledgement is what it stands on; what
    was done in the meantime stays done.
    """
    walk = replace(walk, earlier=without_void((*walk.earlier, fact)))
    held, cycle = walk.entries[-1], [e for e in walk.entries if e.cycle == walk.cycle]
    is_ground = held.fact and held.fact.kind == PACKET_ACKNOWLEDGED
    if not is_ground or len(cycle) < 2 or held.fact in walk.earlier:  # noqa: PLR2004 - the one held and one before
        return walk
    return _grant(walk, fact, cycle[-2].stage)


def _last_step(walk: _Walk) -> Stage:
    """Give the furthest stage the cycle was granted that is not an outcome."""
    entered = [e.stage for e in walk.entries if e.cycle == walk.cycle]
    steps = [stage for stage in entered if not stage.is_outcome]
    return max(steps, key=lambda stage: stage.position)


def _before_outcome(walk: _Walk) -> Stage:
    steps = [e.stage for e in walk.entries if not e.stage.is_outcome]
    return steps[-1]


def _next_stage(walk: _Walk, pipeline: Pipeline) -> Stage | None:
    held = walk.entries[-1].stage
    if not held.is_open:
        return None
    if walk.blocked:
        return walk.blocked
    ahead = (
        stage
        for stage in pipeline.stages.values()
        if held.name in stage.sources
        and not stage.is_outcome
        and stage.position > held.position
    )
    return next(ahead, None)


def _still_missing(
    stage: Stage,
    walk: _Walk,
    deal: Deal,
    policy: Policy,
) -> tuple[Missing, ...]:
    if walk.blocked is None:
        claim = Claim(deal.opportunity, walk.earlier, None)
        missing = missing_for(stage.gate, claim, policy)
        return (*missing, missing_event(stage.entered_by[0], policy))
    refusal = next(r for r in reversed(walk.refusals) if r.claimed == stage)
    if refusal.missing:
        return refusal.missing
    message = f"`{stage.name}` cannot be entered from `{refusal.held.name}`"
    return (Missing("event", refusal.fact.kind, message),)
