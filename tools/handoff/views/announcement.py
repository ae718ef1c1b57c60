"""The post about a deal that was won: who, what, and how far the handover is."""

from datetime import datetime
from zoneinfo import ZoneInfo

from handoff.evaluation.deal import Deal
from handoff.policy.facts import PACKET_FILED
from handoff.policy.policy import Policy
from handoff.records.fact import Fact
from handoff.views.post import Item
from handoff.views.words import due

_SIGNED = "signed"


def announcement(
    deal: Deal,
    won: Fact,
    policy: Policy,
    packet_due: datetime | None,
) -> Item:
    """Announce a win, in the three lines that the sales process asks for.

    Args:
        deal: the deal.
        won: the fact that won it.
        policy: for the zone, the receiving role and links.
        packet_due: until when its packet is to be filed, where that is known.
    """
    opportunity = deal.opportunity
    service = opportunity.text("service") or "service not named"
    company = opportunity.text("company")
    packet = _packet_line(deal, won, policy, packet_due)
    return Item(
        f"🟢 DEAL CLOSED — {company} — {service} confirmed",
        (packet, _sow_line(deal, won)),
        policy.channels.link_to(opportunity.path),
    )


def _packet_line(
    deal: Deal, won: Fact, policy: Policy, packet_due: datetime | None
) -> str:
    cycle = next(facts for facts in deal.cycles if won in facts)
    receiver = policy.roster.acknowledged_by
    if any(fact.kind == PACKET_FILED for fact in cycle):
        return f"Handoff packet: filed → {receiver}"
    until = f", due {due(packet_due, policy.zone)}" if packet_due else ""
    return f"Handoff packet: not filed yet{until}"


def _sow_line(deal: Deal, won: Fact) -> str:
    """Say the state of the statement of work as the newest record has it."""
    packets = (p for p in reversed(deal.packets) if p.filed)
    stated = next((p.header["sow"] for p in packets), None)
    sow = stated if isinstance(stated, dict) else {}
    if sow.get("status") == _SIGNED or won.field("sow") == _SIGNED:
        on = sow.get("signed_on")
        return f"SOW: signed {on}" if on else "SOW: signed"
    expected = sow.get("expected_on") or won.field("expected_signature_on")
    return f"SOW: pending, expected {expected}" if expected else "SOW: pending"


def named(handle: str, policy: Policy) -> str:
    """Give the name behind a handle, or the handle where the roster has none."""
    person = policy.roster.people.get(handle)
    return person.name if person else handle


def zone_of(handle: str, policy: Policy) -> ZoneInfo:
    """Give the zone somebody works in; the policy's own where it is not known."""
    person = policy.roster.people.get(handle)
    return (person and person.zone) or policy.zone
