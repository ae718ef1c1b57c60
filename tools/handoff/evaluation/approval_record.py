"""Whether the packet itself may be acknowledged: filed, by others, risks accepted."""

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType

from handoff.evaluation.acknowledgement import judge
from handoff.evaluation.approval_case import Case, Reason, person_of
from handoff.evaluation.digest import packet_digest
from handoff.model.instant import Moment, format_instant
from handoff.policy.facts import PACKET_ACKNOWLEDGED
from handoff.records.fact import Fact
from handoff.records.record import Opportunity, Packet


def holds_as_claimed(case: Case) -> Iterator[Reason]:
    """Ask what every acknowledgement is asked, also one given without a forge."""
    packet, opportunity = case.carried.packet, case.carried.opportunity
    if packet is None or opportunity is None:
        text = "the packet, or its opportunity, cannot be read as it was merged"
        yield Reason("unreadable-packet", text, "Run `handoff check` on both.")
        return
    claim = _claim(case, packet, opportunity)
    others = tuple(fact for fact in packet.facts if fact.kind != claim.kind)
    claimed = replace(packet, facts=(*others, claim))
    for flaw in judge(claimed, opportunity, case.policy):
        text, hint = _TOLD.get(flaw.rule, (flaw.message, flaw.hint))
        if flaw.rule == _RISK:
            text, hint = _risk(flaw.message)
        if flaw.rule != _ROLE:  # told above, in words of its own
            yield Reason(flaw.rule, text, hint)


def _claim(case: Case, packet: Packet, opportunity: Opportunity) -> Fact:
    """Give the acknowledgement that the review would become."""
    handle, given = person_of(case), case.review.submitted_at
    fields = {
        "by": handle,
        "at": format_instant(given) if given else "",
        "digest": packet_digest(packet, opportunity),
        "risks_accepted": list(case.risks),
    }
    return Fact(
        kind=PACKET_ACKNOWLEDGED,
        moment=Moment(given),
        recorded_at=None,
        by=handle,
        fields=fields,
        path=packet.path,
        pointer=("acknowledgement",),
    )


def _risk(message: str) -> tuple[str, str]:
    risk = message.split("`")[1]
    return message, f"Approve once more, and write in the review: I accept risk {risk}"


_RISK = "risk-not-accepted"
_ROLE = "unqualified-acknowledgement"
_TOLD = MappingProxyType(
    {
        "self-acknowledgement": (
            "you are also the filer",
            "Somebody else of customer success has to approve it.",
        ),
    }
)
