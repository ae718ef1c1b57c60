"""An acknowledgement that names no review comes in a commit of whoever gives it."""

from collections.abc import Collection, Iterator

from handoff.evaluation.change import Change, ChangeContext
from handoff.evaluation.rules.rule import ChangeRule, at, error
from handoff.model.diagnostic import Finding
from handoff.policy.facts import PACKET_ACKNOWLEDGED, PACKET_FILED
from handoff.policy.policy import Policy
from handoff.records.claims import Claim
from handoff.records.fact import Fact

_DEFECT = error(
    "unproven-acknowledgement",
    "nothing proves who gave an acknowledgement",
    "`handoff ack` is proven by the commit it is in: its author must be whoever "
    "acknowledges, by the addresses in people.yaml as it stood before. Where that has "
    "no address of theirs, the author must at least be nobody else it knows, nor who "
    "committed the filing. One that names a review is proven by the ledger instead. "
    "With `acknowledged_by_commit: false` in schemas/policy/trust.yaml only approvals "
    "count.",
)
_HINT = (
    "Take `acknowledgement` out again. `{by}` approves the pull request or, where "
    "policy lets them, types `handoff ack {packet}` and commits it under their name."
)


def _check(change: Change, context: ChangeContext) -> Iterator[Finding]:
    arrived = tuple(change.arrivals(context.policy.zone))
    filers = {
        _author(change, claim, context)
        for _, claim, _ in arrived
        if claim.fact.kind == PACKET_FILED
    }
    for after, claim, _ in arrived:
        fact, commit = claim.fact, change.commits.get(claim.key)
        if fact.kind != PACKET_ACKNOWLEDGED or change.witness.has_judged(commit):
            continue
        author = _author(change, claim, context)
        if message := _doubt(fact, author, filers, context):
            hint = _HINT.format(by=fact.by, packet=after.identity.stem)
            field = "review" if fact.field("review") else "by"
            yield at(after, (*fact.pointer, field), _DEFECT, message, hint)


def _author(change: Change, claim: Claim, context: ChangeContext) -> str:
    """Give the address of who wrote a claim; empty where nobody knows."""
    commit = change.commits.get(claim.key)
    return commit.email if commit else context.committing


def _doubt(
    fact: Fact, author: str, filers: Collection[str], context: ChangeContext
) -> str:
    """Say what speaks against an acknowledgement; empty if nothing does."""
    policy, review = context.policy, fact.field("review")
    if review:
        # Where there is a ledger, `ledger-disagrees` says whether it knows of it.
        said = f"there is no ledger that knows of the review `{review}`"
        return said if context.lacks_ledger else ""
    if not policy.trust.acknowledged_by_commit:
        return f"`{fact.by}` acknowledges in a commit, and policy takes approvals alone"
    stranger = _stranger(fact.by, author, filers, policy) if author else ""
    return f"`{fact.by}` acknowledges in a commit of {stranger}" if stranger else ""


def _stranger(giver: str, author: str, filers: Collection[str], policy: Policy) -> str:
    """Name the author of a commit who is not the giver, as far as that is known."""
    known = policy.roster.known_as(None, author)
    if known:
        return f"`{known.handle}`" if known.handle != giver else ""
    person = policy.roster.people.get(giver)
    if person and person.emails:
        return f"`{author}`"
    return f"`{author}`, who committed its filing" if author in filers else ""


RULE = ChangeRule(_DEFECT, _check)
