"""Who answers for a clock, and whom its ladder tells."""

from datetime import datetime

from handoff.evaluation.deal import Deal
from handoff.model.instant import day_of
from handoff.policy.policy import Policy
from handoff.records.fact import Fact, value_at

_NEXT_OWNER = ("next", "owner")


def owner_of(
    role: str,
    deal: Deal,
    start: Fact | None,
    policy: Policy,
    now: datetime,
) -> str:
    """Give the handle of who fills a role for a deal; the role where nobody does.

    A role names a field of the opportunity, or another role. Where several people hold
    it, the delivery owner of the last filed packet counts if they are among them, else
    the first of the roster.
    """
    return next(iter(recipients_of(role, deal, start, policy, now)), role)


def recipients_of(
    role: str,
    deal: Deal,
    start: Fact | None,
    policy: Policy,
    instant: datetime,
) -> tuple[str, ...]:
    """Give the handles of whom to tell for a role: the one the records name, or all.

    Empty where nobody fills the role at that instant.
    """
    planned = start.field(*_NEXT_OWNER) if start else None
    if role == "next-owner" and isinstance(planned, str):
        return (planned,)
    known = policy.roster.roles.get(role)
    named = value_at(deal.opportunity.header, (known.field,)) if known else None
    if isinstance(named, str):
        return (named,)
    holders = policy.roster.holders(role, day_of(instant, policy.zone))
    filed = {fact.path for fact in deal.facts}
    packets = (packet for packet in reversed(deal.packets) if packet.path in filed)
    named_in_packets = (packet.header.get("delivery_owner") for packet in packets)
    among = (str(handle) for handle in named_in_packets if handle in holders)
    return next(((handle,) for handle in among), holders)
