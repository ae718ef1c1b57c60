"""What delivery needs at the handover: the note of a filed packet, and its digest."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from handoff.evaluation.deal import Deal
from handoff.model.instant import parse_date
from handoff.policy.policy import Policy
from handoff.records.record import Packet
from handoff.views.announcement import named
from handoff.views.post import Item

_FIRST_DAYS = timedelta(days=30)


def coordination(deal: Deal, packet: Packet, policy: Policy, until: str) -> Item:
    """Tell the receiver that a packet waits.

    Args:
        deal: the deal.
        packet: the packet that was filed.
        policy: for names and links.
        until: when it is to be acknowledged, as people read it; may be empty.
    """
    company = deal.opportunity.text("company")
    window = _mapping(packet.header.get("delivery_window"))
    lines = [
        f"Packet: {packet.path}",
        f"Filed by {named(packet.filed.by, policy)}." if packet.filed else "",
        f"Acknowledge it by {until}, or give it back with its gaps." if until else "",
        f"Delivery is to start on {window.get('start_on')}.",
    ]
    heading = f"{company}: a handoff packet waits for you"
    said = tuple(line for line in lines if line)
    return Item(heading, said, policy.channels.link_to(packet.path))


def digest(deal: Deal, packet: Packet, policy: Policy, by: str, since: date) -> Item:
    """Sum up a packet that was acknowledged, for everybody who delivers.

    Args:
        deal: the deal.
        packet: the packet.
        policy: for names and links.
        by: handle of who acknowledged it.
        since: the day of the acknowledgement, from which the first 30 days count
            where the packet names no start.
    """
    opportunity = deal.opportunity
    owner = str(
        packet.header.get("delivery_owner") or opportunity.text("onboarding_owner")
    )
    heading = f"{opportunity.text('company')}: handed over to {named(by, policy)}"
    lines = (
        f"Accountable: {named(owner or by, policy)}.",
        *_listed("First 30 days", _milestones(packet, policy, since)),
        *_listed("Open risks", _risks(deal, packet, policy)),
        *_listed("When it gets stuck", _contacts(packet)),
    )
    return Item(heading, lines, policy.channels.link_to(packet.path))


def _listed(title: str, entries: Iterator[str]) -> Iterator[str]:
    found = tuple(entries)
    yield f"{title}:" if found else f"{title}: none."
    yield from (f"• {entry}" for entry in found)


def _milestones(packet: Packet, policy: Policy, since: date) -> Iterator[str]:
    window = _mapping(packet.header.get("delivery_window"))
    start = parse_date(str(window.get("start_on"))) or since
    last = (max(start, since) + _FIRST_DAYS).isoformat()
    steps = sorted(_rows(packet.header, "milestones"), key=lambda m: str(m["on"]))
    for step in steps:
        if str(step["on"]) <= last:
            owner = step.get("owner")
            who = f", {named(str(owner), policy)}" if owner else ""
            yield f"{step['on']} {_line(step['text'])}{who}"


def _risks(deal: Deal, packet: Packet, policy: Policy) -> Iterator[str]:
    carried = packet.header.get("risks")
    ids = carried if isinstance(carried, list) else []
    rows = [r for r in _rows(deal.opportunity.header, "risks") if r["id"] in ids]
    severity = policy.schemas.schema("common/$defs/severity").describe(())
    listed = severity["enum"]
    rising = listed if isinstance(listed, list) else []
    for row in sorted(rows, key=lambda r: -rising.index(r["severity"])):
        owner = f", {named(str(row['owner']), policy)}" if row.get("owner") else ""
        yield f"{row['severity']}: {_line(row['text'])}{owner}"


def _contacts(packet: Packet) -> Iterator[str]:
    for contact in _rows(packet.header, "escalation_contacts"):
        yield f"{contact['name']}, {contact['reach']}"


def _line(text: object) -> str:
    return " ".join(str(text).split())


def _rows(header: Mapping[str, object], name: str) -> list[Mapping[str, object]]:
    rows = header.get(name)
    return rows if isinstance(rows, list) else []


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}
