"""The stanzas that hand a packet over: filed, answered, returned, acknowledged."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from handoff.authoring.answers import Problem
from handoff.document.edits import Append, Edit, SetValue
from handoff.evaluation.acknowledgement import CRITICAL
from handoff.evaluation.digest import packet_digest
from handoff.policy.facts import PACKET_FILED
from handoff.policy.policy import Policy
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


def open_return(packet: Packet) -> int | None:
    """Find the return that waits for its answer; `None` if none does."""
    returns = _returns(packet)
    is_open = bool(returns) and "answered" not in returns[-1]
    return len(returns) - 1 if is_open else None


def gaps_of(packet: Packet) -> tuple[str, ...]:
    """List what the receiver named in the return that waits for its answer."""
    index = open_return(packet)
    named = None if index is None else _returns(packet)[index].get("gaps")
    return tuple(map(str, named)) if isinstance(named, list) else ()


def filing(packet: Packet, stamp: Stamp, order: Sequence[str]) -> tuple[Edit, ...]:
    """File a packet, or answer its return; empty if nothing waits for that."""
    index = open_return(packet)
    if index is not None:
        return (SetValue(("returns", index, "answered"), stamp.fields),)
    return () if packet.filed else (SetValue(("filed",), stamp.fields, order),)


def returning(gaps: Sequence[str], stamp: Stamp, order: Sequence[str]) -> Edit:
    """Give a packet back with what is missing."""
    return Append(("returns",), {**stamp.fields, "gaps": list(gaps)}, order)


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
    packet: Packet, policy: Policy, by: str, day: date
) -> Problem | None:
    """Say why somebody cannot give a packet back."""
    role = policy.roster.acknowledged_by
    if packet.filed is None:
        message = "the packet is not filed yet, so there is nothing to give back"
        return Problem(message, "Tell its owner what is missing.")
    if packet.acknowledgement:
        message = "the packet is acknowledged already"
        hint = "Log what changed since then: `handoff log OPPORTUNITY scope-changed`."
        return Problem(message, hint)
    if open_return(packet) is not None:
        message = "the packet is returned already and waits for its answer"
        hint = "Wait until it is filed again, then return it with the new gaps."
        return Problem(message, hint)
    if by not in receivers(packet, policy, day):
        message = f"`{by}` cannot return it, expected somebody with the role `{role}`"
        return Problem(message, "Who filed a packet cannot return it either.")
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


def _returns(packet: Packet) -> list[Mapping[str, object]]:
    returns = packet.header.get("returns")
    return returns if isinstance(returns, list) else []
