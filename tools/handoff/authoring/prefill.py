"""What an opportunity knows about its packet, so that nothing is typed twice."""

from collections.abc import Iterator, Mapping
from itertools import count

from handoff.authoring.answers import Checker
from handoff.evaluation.planning import unplanned_risks
from handoff.model.identity import Identity, Kind
from handoff.policy.policy import Policy
from handoff.records.fact import Fact, value_at
from handoff.records.record import Opportunity
from handoff.records.references import CARRIED

PREFILLED = frozenset(
    {
        "primary_contact",
        "sow",
        "price",
        "delivery_window",
        "milestones",
        "payment",
        "delivery_owner",
    }
)
"""Fields of a packet that its opportunity may know, besides what is carried by id."""

_SIGNED = "sow-signed"
_CONTACT = ("name", "title", "email", "phone")
_SAID = ("outcome", "objection", "resolution", "note")


def win_of(opportunity: Opportunity, policy: Policy) -> Fact | None:
    """Find the event that won the deal, the last one where it was reopened."""
    won = policy.pipeline.won_by
    return next((e for e in reversed(opportunity.events) if e.kind in won), None)


def packet_identity(
    opportunity: Opportunity, win: Fact, policy: Policy
) -> Identity | None:
    """Name the packet of a win; `None` while service or day are not known."""
    day, service = win.moment.day_in(policy.zone), opportunity.text("service")
    if day is None or not service:
        return None
    return Identity(Kind.PACKET, f"{service}-{opportunity.identity.slug}", day)


def packet_header(
    opportunity: Opportunity, win: Fact, policy: Policy
) -> Mapping[str, object]:
    """Give the fields of a packet that its opportunity knows."""
    header = opportunity.header
    known = {
        "opportunity": opportunity.id,
        "primary_contact": _picked(header.get("contact"), _CONTACT),
        "sow": _sow(opportunity, win, policy),
        "price": _price(header),
        "delivery_window": _window(header, policy),
        **{field: _ids(header, path) for field, path in CARRIED.items()},
        "milestones": list(_milestones(header, policy)),
        "payment": header.get("payment"),
        "delivery_owner": header.get("onboarding_owner"),
    }
    carried = {*CARRIED}
    return {name: v for name, v in known.items() if v or (name in carried and v == [])}


def packet_sections(opportunity: Opportunity, policy: Policy) -> Mapping[str, str]:
    """Give the sections of a packet for which the opportunity has words."""
    written = {s.title: s.text for s in opportunity.document.sections}
    known = {
        "Problem statement": written.get("Pain points", ""),
        "Outreach origin": opportunity.text("source"),
        "Conversation history": "\n".join(_touchpoints(opportunity, policy)),
    }
    titles = policy.pipeline.sections[Kind.PACKET]
    return {title: text for title, text in known.items() if text and title in titles}


def _sow(opportunity: Opportunity, win: Fact, policy: Policy) -> Mapping[str, object]:
    """Say signed with its day, or verbal with the day it is expected."""
    signed = [e for e in opportunity.events if e.kind == _SIGNED]
    day = signed[-1].moment.day_in(policy.zone) if signed else None
    if day or win.field("sow") == "signed":
        known = {"signed_on": day.isoformat()} if day else {}
        return {"status": "signed", **known}
    expected = win.field("expected_signature_on")
    return {"status": "verbal", **({"expected_on": expected} if expected else {})}


def _price(header: Mapping[str, object]) -> Mapping[str, object]:
    items = value_at(header, ("pricing", "line_items"))
    if not isinstance(items, list):
        return {}
    total = sum(item["amount_minor"] for item in items)
    currency = value_at(header, ("pricing", "currency"))
    return {"currency": currency, "amount_minor": total}


def _window(header: Mapping[str, object], policy: Policy) -> Mapping[str, object]:
    """Carry the promised start and duration, where a packet may say the same."""
    checker = Checker(policy, "packet", {})
    promised = _picked(header.get("timeline"), ("start_on", "days_at_most"))
    return {
        name: value
        for name, value in promised.items()
        if not checker.problem(("delivery_window", name), value)
    }


def _milestones(
    header: Mapping[str, object], policy: Policy
) -> Iterator[Mapping[str, object]]:
    """Make every promise a milestone of its due day, since that is what it is.

    A grave risk that no next action names gets one too; its day is for people to say.
    """
    number, owner = count(1), header.get("onboarding_owner")
    by = {"owner": owner} if owner else {}
    for promise in _listed(header.get("promises")):
        known = {"text": promise["text"], "on": promise["due"], **by}
        yield {"id": f"M{next(number)}", **known, "promises": [promise["id"]]}
    risks = {"risks": _ids(header, ("risks",))}
    names = {
        n for _, n in unplanned_risks(risks, header, policy.pipeline.planned_risks)
    }
    for risk in _listed(header.get("risks")):
        if risk["id"] in names:
            known = {"text": f"Settled: {risk['text']}", "owner": risk["owner"]}
            yield {"id": f"M{next(number)}", **known, "risks": [risk["id"]]}


def _touchpoints(opportunity: Opportunity, policy: Policy) -> Iterator[str]:
    for event in opportunity.events:
        said = next((t for name in _SAID if (t := event.field(name))), None)
        day = event.moment.day_in(policy.zone)
        if said and day:
            yield f"- {day.isoformat()}, {event.kind}: {' '.join(str(said).split())}"


def _ids(header: Mapping[str, object], path: tuple[str, ...]) -> list[object] | None:
    """Give the ids of a list; an opportunity without the list does not know."""
    entries = value_at(header, path)
    return [e["id"] for e in entries] if isinstance(entries, list) else None


def _picked(group: object, names: tuple[str, ...]) -> Mapping[str, object]:
    known = group if isinstance(group, Mapping) else {}
    return {name: known[name] for name in names if name in known}


def _listed(entries: object) -> list[Mapping[str, object]]:
    return entries if isinstance(entries, list) else []
