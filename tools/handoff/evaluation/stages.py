"""The stage of a deal, folded from its facts (domain part 5)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from handoff.evaluation.deal import Deal, without_void
from handoff.evaluation.gates import Claim, Missing, missing_event, missing_for
from handoff.evaluation.waiving import excused_rules
from handoff.model.instant import UNKNOWN, Moment
from handoff.policy.facts import ACKNOWLEDGEMENT_VOID, PACKET_ACKNOWLEDGED
from handoff.policy.policy import Policy
from handoff.policy.stages import Gate, Pipeline, Stage
from handoff.records.fact import Fact
from handoff.records.record import Opportunity

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


@dataclass(slots=True)
class _Walk:
    """The state of the fold, which moves on with every fact.

    `claimed` is where the facts say the deal is; `blocked` is the first stage of the
    cycle that was claimed without passing its gate: nothing from there on is granted.
    `excused` names the rules that waivers suspend for this record.
    """

    claimed: Stage
    entries: list[Entry]
    excused: frozenset[str]
    cycle: int = 1
    earlier: list[Fact] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    blocked: Stage | None = None

    def enter(self, stage: Stage, fact: Fact) -> None:
        """Note that a stage was granted."""
        self.entries.append(Entry(stage, fact.moment, self.cycle, fact))

    def refuse(
        self, fact: Fact, stage: Stage | None, missing: tuple[Missing, ...]
    ) -> None:
        """Note that a claim was not granted."""
        self.refusals.append(Refusal(fact, stage, self.claimed, missing))


def fold(deal: Deal, policy: Policy, today: date) -> Progress:
    """Compute where a deal is from its facts.

    `today` decides which waivers hold: a step that one excuses is granted, and still
    listed as refused, so that the waiver counts as used.
    """
    first, facts = policy.pipeline.first, deal.facts
    opening = Entry(first, facts[0].moment if facts else UNKNOWN, 1, None)
    excused = excused_rules(deal.opportunity, policy, today) | policy.shadow
    walk = _Walk(first, [opening], excused)
    for fact in facts:
        _step(walk, fact, deal, policy)
        walk.earlier.append(fact)
    upcoming = _next_stage(walk, policy.pipeline)
    missing = _still_missing(upcoming, walk, deal, policy) if upcoming else ()
    return Progress(tuple(walk.entries), tuple(walk.refusals), upcoming, missing)


def _step(walk: _Walk, fact: Fact, deal: Deal, policy: Policy) -> None:
    pipeline = policy.pipeline
    if fact.kind == pipeline.reopens_by:
        _reopen(walk, fact, pipeline)
    elif (
        fact.kind == pipeline.returns_by and walk.claimed.name in pipeline.returns_from
    ):
        _grant(walk, fact, _before_outcome(walk))
    elif fact.kind == ACKNOWLEDGEMENT_VOID:
        _withdraw(walk, fact)
    else:
        _claim(walk, fact, deal.opportunity, policy)


def _claim(walk: _Walk, fact: Fact, opportunity: Opportunity, policy: Policy) -> None:
    """Grant or refuse what a fact claims; one that no gate minds claims nothing."""
    pipeline = policy.pipeline
    candidates = pipeline.entered_by(fact.kind)
    if not candidates and fact.kind not in pipeline.gates:
        return
    is_enforced = policy.is_enforced(fact.moment, opportunity.identity.day)
    stage, is_allowed = _claimed_stage(walk, candidates, is_enforced)
    if stage and not is_allowed:
        _refuse(walk, fact, stage, ())
        return
    gate = stage.gate if stage else _own_gate(walk, fact, pipeline)
    claim = Claim(opportunity, walk.earlier, fact)
    missing = missing_for(gate, claim, policy) if gate and is_enforced else ()
    if missing:
        _refuse(walk, fact, stage, missing)
    elif stage:
        _grant(walk, fact, stage)


def _own_gate(walk: _Walk, fact: Fact, pipeline: Pipeline) -> Gate | None:
    """Give the gate of a fact that moves nothing; that of the first stage for one."""
    first = pipeline.first
    if fact.kind in first.entered_by and all(f.kind != fact.kind for f in walk.earlier):
        return first.gate
    return pipeline.gates.get(fact.kind)


def _claimed_stage(
    walk: _Walk,
    candidates: Sequence[Stage],
    is_enforced: bool,  # noqa: FBT001 - a verdict passed on, not a switch
) -> tuple[Stage | None, bool]:
    """Find the stage that is claimed of those a fact may enter, and if it may be.

    A fact whose stages are all behind claims nothing: a second discovery call does
    not move a deal back. History from before enforcement may take any step forward.
    Below a stage that was claimed too early, steps go on from the one granted last.
    """
    held, granted = walk.claimed, walk.entries[-1].stage
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


def _grant(walk: _Walk, fact: Fact, stage: Stage) -> None:
    if walk.blocked is None or stage.is_outcome:
        walk.enter(stage, fact)
        walk.claimed, walk.blocked = stage, None
    elif _is_below(stage, walk.blocked):
        walk.enter(stage, fact)
    else:
        walk.claimed = stage


def _is_below(stage: Stage, blocked: Stage | None) -> bool:
    return blocked is not None and stage.position < blocked.position


def _refuse(
    walk: _Walk,
    fact: Fact,
    stage: Stage | None,
    missing: tuple[Missing, ...],
) -> None:
    walk.refuse(fact, stage, missing)
    rule = GATE_UNSATISFIED if missing else SKIPPED_TRANSITION
    if stage is None:
        return
    if rule in walk.excused:
        _grant(walk, fact, stage)
    else:
        walk.claimed, walk.blocked = stage, walk.blocked or stage


def _reopen(walk: _Walk, fact: Fact, pipeline: Pipeline) -> None:
    """Start the next cycle at the stage the event names.

    Facts that entered stages up to that one still stand; everything later, and every
    approval, belongs to the cycle that is over.
    """
    stage = pipeline.stages.get(str(fact.field("back_to")))
    if stage is None or stage.position > _last_step(walk).position:
        walk.refuse(fact, stage or walk.claimed, ())
        return
    standing = pipeline.kinds_up_to(stage)
    walk.earlier = [f for f in walk.earlier if f.kind in standing]
    walk.cycle += 1
    walk.claimed, walk.blocked = stage, None
    walk.enter(stage, fact)


def _withdraw(walk: _Walk, fact: Fact) -> None:
    """Take an acknowledgement back from its void on.

    The deal is where it was before, if the acknowledgement is what it stands on; what
    was done in the meantime stays done.
    """
    walk.earlier = [*without_void((*walk.earlier, fact))]
    held, cycle = walk.entries[-1], [e for e in walk.entries if e.cycle == walk.cycle]
    is_ground = held.fact and held.fact.kind == PACKET_ACKNOWLEDGED
    if not is_ground or len(cycle) < 2 or held.fact in walk.earlier:  # noqa: PLR2004 - the one held and one before
        return
    _grant(walk, fact, cycle[-2].stage)


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
