"""Where two people moved one deal: what no merge may decide between.

A deal that one side lost, put to sleep or took up again, and the other moved as well,
would end where neither of them put it; so would one that both won in other words
(domain part 5).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from handoff.policy.policy import Policy
from handoff.policy.stages import Pipeline
from handoff.records.fact import Fact
from handoff.records.reading import read_file
from handoff.records.record import Opportunity


@dataclass(frozen=True, slots=True)
class Apart:
    """Kinds of events by which each side moved a deal, in the order of time."""

    ours: tuple[str, ...]
    theirs: tuple[str, ...]


def moved_apart(
    base: bytes, ours: bytes, theirs: bytes, path: str, policy: Policy
) -> Apart | None:
    """Tell how two versions of an opportunity move it differently.

    Args:
        base: the version both come from; empty if there is none.
        ours: one version.
        theirs: the other.
        path: of the record.
        policy: says which events move a deal.

    Returns:
        `None` where one side did not move it, where both did alike, where both only
        took it further on its way, and where a version cannot be read.
    """
    before, *sides = (_moves(each, path, policy) for each in (base, ours, theirs))
    known = {_claim(fact) for fact in before}
    mine, other = ([f for f in side if _claim(f) not in known] for side in sides)
    if not (mine and other) or {*map(_claim, mine)} == {*map(_claim, other)}:
        return None
    decisive, won_by = _decisive(policy.pipeline), policy.pipeline.won_by
    is_decided = any(fact.kind in decisive for fact in (*mine, *other))
    is_won = all(any(f.kind in won_by for f in side) for side in (mine, other))
    return Apart(_kinds(mine), _kinds(other)) if is_decided or is_won else None


def _moves(content: bytes, path: str, policy: Policy) -> Sequence[Fact]:
    record = read_file(path, content, policy).record
    if not isinstance(record, Opportunity):
        return ()
    pipeline, decisive = policy.pipeline, _decisive(policy.pipeline)
    return [
        f for f in record.events if f.kind in decisive or pipeline.entered_by(f.kind)
    ]


def _claim(fact: Fact) -> tuple[str, str, str]:
    return fact.kind, str(fact.moment), fact.by


def _kinds(facts: Sequence[Fact]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fact.kind for fact in facts))


def _decisive(pipeline: Pipeline) -> frozenset[str]:
    """Name the events that take a deal off its way, or put it there again."""
    outcomes = (stage for stage in pipeline.stages.values() if stage.is_outcome)
    ending = (kind for stage in outcomes for kind in stage.entered_by)
    again = (pipeline.returns_by, pipeline.reopens_by)
    return frozenset((*ending, *again))
