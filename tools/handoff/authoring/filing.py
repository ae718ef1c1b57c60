"""The stanzas that hand a packet over: filed, answered, returned, acknowledged."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from handoff.authoring.answers import Problem
from handoff.authoring.events import local
from handoff.document.edits import Append, Edit, SetValue
from handoff.evaluation.acknowledgement import CRITICAL
from handoff.evaluation.digest import packet_digest
from handoff.policy.facts import PACKET_FILED, PACKET_RETURNED
from handoff.policy.policy import Policy
from handoff.records.fact import Fact
from handoff.records.record import Opportunity, Packet


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who does something to a packet, and when.

    Attributes:
        by: handle.
        at: instant with offset, as it is written.
    """

    by: str
    at: str

    @property
    def fields(self) -> Mapping[str, object]:
        """The two as a record has them."""
        return {"by": self.by, "at": self.at}


def open_return(packet: Packet) -> Fact | None:
    """Find the return that waits for its answer; `None` if none does.

    It may stand in the packet, or in the ledger alone.
    """
    handed = [fact for fact in packet.timeline if fact.kind in _HANDED]
    is_open = bool(handed) and handed[-1].kind == PACKET_RETURNED
    return handed[-1] if is_open else None


def gaps_of(returned: Fact) -> tuple[str, ...]:
    """List what the receiver named in a return."""
    named = returned.field("gaps")
    return tuple(map(str, named)) if isinstance(named, list | tuple) else ()


def filing(
    packet: Packet, stamp: Stamp, zone: ZoneInfo, order: Sequence[str]
) -> tuple[Edit, ...]:
    """File a packet, or answer its return; empty if nothing waits for that.

    A return that stands in the ledger alone is written down with its answer, as it
    was given.
    """
    returned = open_return(packet)
    if returned is None:
        return () if packet.filed else (SetValue(("filed",), stamp.fields, order),)
    if not returned.entry:
        return (SetValue((*returned.pointer, "answered"), stamp.fields),)
    at = returned.moment.instant
    given = Stamp(returned.by, local(at, zone) if at else "")
    value = {**given.fields, "gaps": [*gaps_of(returned)], "answered": stamp.fields}
    return (Append(("returns",), value, order),)


def returning(gaps: Sequence[str], stamp: Stamp, order: Sequence[str]) -> Edit:
    """Give a packet back with what is missing."""
    return Append(("returns",), {**stamp.fields, "gaps": list(gaps)}, order)


def told(fact: Fact) -> str:
    """Say who did something to a packet, when, and whether the packet lacks it."""
    said = f"by {fact.by} at {fact.moment}"
    return f"{said} (in the ledger alone)" if fact.entry else said


def acknowledging(
    packet: Packet,
    opportunity: Opportunity,
    stamp: Stamp,
    accepted: Collection[str],
    order: Sequence[str],
) -> Edit:
    """Acknowledge exactly what a packet says now."""
    risks = [str(r["id"]) for r in risks_of(opportunity) if r["id"] in accepted]
    digest = packet_digest(packet, opportunity)
    stanza = {**stamp.fields, "digest": digest, "risks_accepted": risks}
    return SetValue(("acknowledgement",), stanza, order)


def risks_of(opportunity: Opportunity) -> list[Mapping[str, object]]:
    """List the risks of an opportunity."""
    listed = opportunity.header.get("risks")
    return listed if isinstance(listed, list) else []


def critical_risks(opportunity: Opportunity) -> Mapping[str, str]:
    """Give the text of each risk that must be accepted, by id."""
    risks = risks_of(opportunity)
    return {str(r["id"]): str(r["text"]) for r in risks if r["severity"] == CRITICAL}


def receivers(packet: Packet, policy: Policy, day: date) -> tuple[str, ...]:
    """Name who may acknowledge a packet: the receiving role without its filers."""
    holders = policy.roster.holders(policy.roster.acknowledged_by, day)
    filers = {fact.by for fact in packet.facts if fact.kind == PACKET_FILED}
    return tuple(handle for handle in holders if handle not in filers)


def return_problem(
    packet: Packet, held: Fact | None, policy: Policy, by: str, day: date
) -> Problem | None:
    """Say why somebody cannot give a packet back.

    Args:
        packet: with what the ledger knows of it.
        held: the acknowledgement that holds.
        policy: who may receive packets.
        by: handle of the one who gives it back.
        day: the day of that.
    """
    if problem := _not_to_return(packet, held):
        return problem
    if by not in receivers(packet, policy, day):
        role = policy.roster.acknowledged_by
        message = f"`{by}` cannot return it, expected somebody with the role `{role}`"
        return Problem(message, "Who filed a packet cannot return it either.")
    return None


def _not_to_return(packet: Packet, held: Fact | None) -> Problem | None:
    """Say why nobody can give a packet back now."""
    if packet.filed is None:
        message = "the packet is not filed yet, so there is nothing to give back"
        return Problem(message, "Tell its owner what is missing.")
    if held:
        copied = "`handoff acknowledge` writes it down here. " if held.entry else ""
        logged = f"`handoff log {packet.opportunity} scope-changed`"
        hint = f"{copied}What changed since then is logged: {logged}."
        return Problem(f"the packet is acknowledged already {told(held)}", hint)
    if packet.acknowledgement:
        message = "the packet has an acknowledgement that does not count any more"
        hint = (
            f"Tell its owner what is missing, and then `handoff ack {packet.id}`: it "
            "takes the place of the one that `handoff check` finds fault with."
        )
        return Problem(message, hint)
    if returned := open_return(packet):
        message = f"the packet is returned already {told(returned)}"
        hint = (
            f"Its owner answers that first, with `handoff file {packet.id}`; then "
            "return it with the new gaps."
        )
        return Problem(message, hint)
    return None


def read_scores(text: str, names: Collection[str]) -> Mapping[str, str] | Problem:
    """Read `context=6,scope=7` with every category of the rubric.

    Args:
        text: what was typed.
        names: the categories, from the schema.
    """
    pairs = [part.partition("=") for part in text.split(",")]
    scores = {name.strip(): score.strip() for name, _, score in pairs}
    if set(scores) == set(names) and len(pairs) == len(scores):
        return scores
    example = ",".join(f"{name}=6" for name in names)
    message = f"`{text}` is not a score for each of {', '.join(names)}"
    return Problem(message, f"Type --quality {example}.")


_HANDED = frozenset({PACKET_FILED, PACKET_RETURNED})
