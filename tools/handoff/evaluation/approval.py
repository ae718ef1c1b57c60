"""Whether an approval on the forge acknowledges a packet (domain part 8).

Every condition is asked on its own and gives its own reason, so that whoever approved
in vain is told all of it at once. Nothing here reads the forge: what it observed comes
in as values, and what cannot be known counts as a reason against.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum, auto

from handoff.evaluation.approval_case import Carried, Case, Reason, person_of
from handoff.evaluation.approval_checks import is_receiver, reasons_against
from handoff.evaluation.digest import packet_digest
from handoff.evaluation.review_text import accepted_risks, named_gaps
from handoff.model.instant import format_instant
from handoff.model.review import Pull, Review, Verdict
from handoff.policy.policy import Policy

SKEW = timedelta(minutes=5)
"""How far the clock of a forge may be ahead of ours."""


class Decision(StrEnum):
    """What came of a review."""

    ACKNOWLEDGED = auto()
    RETURNED = auto()
    DISMISSED = auto()
    REFUSED = auto()


@dataclass(frozen=True, slots=True)
class Outcome:
    """A review, and what came of it.

    Attributes:
        handle: who gave it, by the roster; empty where that is not known.
        reasons: why it was refused; empty otherwise.
        digest: of what was acknowledged.
        risks: ids of the critical and other risks taken over by name.
        gaps: what a return names.
        is_after_merge: whether a return came when the packet was merged already, so
            that the packet itself has to be filed again; before, a push answers it.
    """

    review: Review
    decision: Decision
    handle: str = ""
    reasons: tuple[Reason, ...] = ()
    digest: str = ""
    risks: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    is_after_merge: bool = False


@dataclass(frozen=True, slots=True)
class Policies:
    """Policy at the merge, and now: the one a review was given under judges it."""

    merged: Policy
    present: Policy

    def at(self, pull: Pull, review: Review) -> Policy:
        """Give the policy that held when a review was given."""
        given, merged = review.submitted_at, pull.merged_at
        is_earlier = given is not None and merged is not None and given <= merged
        return self.merged if is_earlier else self.present


def judge_approvals(
    pull: Pull,
    reviews: Iterable[Review],
    carried: Carried,
    policies: Policies,
    now: datetime,
) -> tuple[Outcome, ...]:
    """Judge what the reviews of a merged pull request mean for its packet.

    Of each person the latest review that is not a comment counts. Of several valid
    approvals the first by time acknowledges, and the others are told so.

    Args:
        pull: the pull request, merged.
        reviews: all of its reviews.
        carried: what it brought.
        policies: by which to judge.
        now: reviews more than some minutes later than this do not exist.

    Returns:
        One outcome for each approval or dismissal, oldest first.
    """
    outcomes: list[Outcome] = []
    first: Outcome | None = None
    for review in _latest(reviews, now):
        if review.verdict is Verdict.DISMISSED:
            outcomes.append(Outcome(review, Decision.DISMISSED))
        elif review.verdict is Verdict.APPROVED:
            outcome = _judge(pull, review, carried, policies.at(pull, review))
            if outcome.decision is Decision.ACKNOWLEDGED and first:
                outcome = _second(outcome, first)
            elif outcome.decision is Decision.ACKNOWLEDGED:
                first = outcome
            outcomes.append(outcome)
    return tuple(outcomes)


def judge_returns(
    pull: Pull,
    reviews: Iterable[Review],
    carried: Carried,
    policies: Policies,
    now: datetime,
) -> tuple[Outcome, ...]:
    """Find the times a receiver gave a packet back by requesting changes.

    Each counts, also one that an approval of the same person followed. Requests of
    people who could not acknowledge the packet are ordinary reviews and mean nothing
    here.
    """
    found = (r for r in _known(reviews, now) if r.verdict is Verdict.CHANGES_REQUESTED)
    outcomes = (_return(pull, r, carried, policies.at(pull, r)) for r in found)
    return tuple(outcome for outcome in outcomes if outcome)


def _known(reviews: Iterable[Review], now: datetime) -> list[Review]:
    """Order the reviews there are by time."""
    latest = now + SKEW
    given = [(r.submitted_at, r.id, r) for r in reviews if r.submitted_at]
    return [review for at, _, review in sorted(given) if at <= latest]


def _latest(reviews: Iterable[Review], now: datetime) -> list[Review]:
    """Keep of each person the latest review that says yes or no, in order."""
    kept: dict[int, Review] = {}
    for review in _known(reviews, now):
        if review.verdict not in {Verdict.COMMENTED, Verdict.PENDING}:
            who = review.account.id if review.account else -review.id
            kept.pop(who, None)
            kept[who] = review
    return list(kept.values())


def _judge(pull: Pull, review: Review, carried: Carried, policy: Policy) -> Outcome:
    case = _case(pull, review, carried, policy)
    outcome = Outcome(review, Decision.REFUSED, person_of(case))
    reasons = reasons_against(case)
    if reasons or carried.packet is None or carried.opportunity is None:
        return replace(outcome, reasons=reasons)
    digest = packet_digest(carried.packet, carried.opportunity)
    decision = Decision.ACKNOWLEDGED
    return replace(outcome, decision=decision, digest=digest, risks=case.risks)


def _return(
    pull: Pull, review: Review, carried: Carried, policy: Policy
) -> Outcome | None:
    case = _case(pull, review, carried, policy)
    if not is_receiver(case) or pull.base != pull.default_branch:
        return None
    gaps = named_gaps(review.body) or (_UNNAMED,)
    merged, given = pull.merged_at, review.submitted_at
    return Outcome(
        review,
        Decision.RETURNED,
        person_of(case),
        gaps=gaps,
        is_after_merge=merged is not None and given is not None and given > merged,
    )


def _case(pull: Pull, review: Review, carried: Carried, policy: Policy) -> Case:
    listed = carried.opportunity.header.get("risks") if carried.opportunity else None
    known = [str(risk["id"]) for risk in listed] if isinstance(listed, list) else []
    return Case(pull, review, carried, policy, accepted_risks(review.body, known))


def _second(outcome: Outcome, first: Outcome) -> Outcome:
    """Tell somebody that another one was quicker."""
    at = first.review.submitted_at
    text = (
        f"{first.handle} acknowledged it already, at {format_instant(at) if at else ''}"
    )
    reason = Reason("acknowledged-already", text, "There is nothing left to do.")
    return Outcome(outcome.review, Decision.REFUSED, outcome.handle, (reason,))


_UNNAMED = "The review names no gap; see its comments on the pull request"
