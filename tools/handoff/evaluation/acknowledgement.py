"""Whether an acknowledgement of a packet holds (domain part 8)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from handoff.evaluation.digest import packet_digest
from handoff.model.instant import day_of
from handoff.policy.facts import PACKET_FILED, PACKET_RETURNED
from handoff.policy.policy import Policy
from handoff.records.fact import Fact
from handoff.records.record import Opportunity, Packet


@dataclass(frozen=True, slots=True)
class Flaw:
    """One reason why an acknowledgement does not count.

    Attributes:
        rule: name of the defect.
        field: field of the stanza it lies in, or empty for the stanza.
        message: what is wrong.
        hint: what to do.
    """

    rule: str
    field: str
    message: str
    hint: str


def judge(
    packet: Packet,
    opportunity: Opportunity,
    policy: Policy,
) -> tuple[Flaw, ...]:
    """List why the acknowledgement a packet has does not count; empty if it does.

    A packet without an acknowledgement has no flaws either.
    """
    claim = packet.acknowledgement
    return flaws_of(claim, packet, opportunity, policy) if claim else ()


def flaws_of(
    claim: Fact, packet: Packet, opportunity: Opportunity, policy: Policy
) -> tuple[Flaw, ...]:
    """List why one acknowledgement of a packet does not count; empty if it does."""
    case = _Case(packet, opportunity, policy, claim)
    return tuple(flaw for check in _CHECKS for flaw in check(case))


@dataclass(frozen=True, slots=True)
class _Case:
    packet: Packet
    opportunity: Opportunity
    policy: Policy
    claim: Fact


def _by_filer(case: _Case) -> Iterator[Flaw]:
    filers = {f.by for f in case.packet.facts if f.kind == PACKET_FILED}
    if case.claim.by in filers:
        yield Flaw(
            "self-acknowledgement",
            "by",
            f"`{case.claim.by}` filed this packet and cannot acknowledge it",
            "Somebody else of customer success has to acknowledge it.",
        )


def _by_receiver(case: _Case) -> Iterator[Flaw]:
    roster, instant = case.policy.roster, case.claim.moment.instant
    role = roster.acknowledged_by
    day = day_of(instant, case.policy.zone) if instant else None
    if day is None or not roster.holds(case.claim.by, role, day):
        yield Flaw(
            "unqualified-acknowledgement",
            "by",
            f"`{case.claim.by}` does not hold the role `{role}` on {day}",
            f"Only people with `{role}` in schemas/policy/people.yaml can "
            "acknowledge a packet.",
        )


def _after_filing(case: _Case) -> Iterator[Flaw]:
    instant = case.claim.moment.instant
    handed = [f for f in case.packet.timeline if f.kind in _HANDED]
    latest = max((f.moment.instant for f in handed if f.moment.instant), default=None)
    refile = f"Its owner closes the gaps and files it: `handoff file {case.packet.id}`."
    retake = f"Acknowledge it as it was filed last: `handoff ack {case.packet.id}`."
    if latest is None:
        yield Flaw(
            "premature-acknowledgement",
            "at",
            "the packet is acknowledged but was never filed",
            f"Its owner files it first: `handoff file {case.packet.id}`.",
        )
    elif instant and instant < latest:
        yield Flaw(
            "premature-acknowledgement",
            "at",
            "the acknowledgement is older than the packet's last filing or return",
            refile if handed[-1].kind == PACKET_RETURNED else retake,
        )
    elif _is_given_back(case.packet):
        yield Flaw(
            "premature-acknowledgement",
            "at",
            "the packet was given back and not filed again since",
            refile,
        )


def _is_given_back(packet: Packet) -> bool:
    """Tell whether a packet says that it was given back and not filed again.

    A return that only the ledger knows was made on an open pull request. It is filed
    again by pushing to that, and whoever approves it then says that the gaps are gone.
    """
    own = [fact.kind for fact in packet.facts if fact.kind in _HANDED]
    return bool(own) and own[-1] == PACKET_RETURNED


def _of_this_content(case: _Case) -> Iterator[Flaw]:
    expected = packet_digest(case.packet, case.opportunity)
    if case.claim.field("digest") != expected:
        yield Flaw(
            "stale-acknowledgement",
            "digest",
            "what was acknowledged is not what the packet says now",
            "The packet, or the scope, promises or risks it carries, changed after it "
            "was acknowledged. Customer success has to acknowledge it again: "
            f"`handoff ack {case.packet.id}` (the digest is now {expected}).",
        )


def _with_risks(case: _Case) -> Iterator[Flaw]:
    accepted = case.claim.field("risks_accepted")
    listed = case.opportunity.header.get("risks")
    for risk in listed if isinstance(listed, list) else ():
        is_accepted = isinstance(accepted, list) and risk["id"] in accepted
        if risk["severity"] == CRITICAL and not is_accepted:
            yield Flaw(
                "risk-not-accepted",
                "risks_accepted",
                f"critical risk `{risk['id']}` is not accepted: {risk['text']}",
                f"Accept it (`handoff ack {case.packet.id} --accept {risk['id']}`), or "
                "return the packet.",
            )


_HANDED = frozenset({PACKET_FILED, PACKET_RETURNED})
CRITICAL = "critical"
"""Severity of the risks that have to be accepted one by one."""
_CHECKS: tuple[Callable[[_Case], Iterator[Flaw]], ...] = (
    _by_filer,
    _by_receiver,
    _after_filing,
    _of_this_content,
    _with_risks,
)
