"""Which acknowledgements of a packet stand: its own, and those in the ledger."""

from collections.abc import Iterator
from dataclasses import dataclass

from handoff.evaluation.acknowledgement import Flaw, flaws_of
from handoff.policy.facts import ACKNOWLEDGEMENT_VOID, PACKET_ACKNOWLEDGED
from handoff.policy.policy import Policy
from handoff.records.fact import Fact
from handoff.records.record import Opportunity, Packet

_SAME = ("digest", "risks_accepted")
"""Fields in which packet and ledger must agree besides who and when."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """What came of the acknowledgements of a packet.

    Attributes:
        standing: those that hold, or held until they were voided.
        flaws: what has to be said; empty if one holds and packet and ledger agree.
        held: the first that holds now; `None` if none does.
    """

    standing: tuple[Fact, ...] = ()
    flaws: tuple[Flaw, ...] = ()
    held: Fact | None = None


def weigh(
    packet: Packet, opportunity: Opportunity, policy: Policy, *, has_ledger: bool
) -> Weighed:
    """Judge every acknowledgement of a packet.

    One that holds is enough; what is wrong with others is then not asked. Of two that
    name the same review the packet's is the evidence, as long as they agree.

    Args:
        packet: with what the ledger knows of it.
        opportunity: the one it belongs to.
        policy: who may acknowledge.
        has_ledger: whether there is a ledger, which would know of every review.
    """
    own = packet.acknowledgement
    odd = tuple(_disagreements(own, packet)) if own and has_ledger else ()
    claims = (*((own,) if own and not odd else ()), *_witnessed(packet, own, odd))
    judged = [(c, flaws_of(c, packet, opportunity, policy)) for c in claims]
    standing = tuple(claim for claim, flaws in judged if not flaws)
    voids = {f.field("review"): f for f in _of(packet, ACKNOWLEDGEMENT_VOID)}
    held = next((c for c in standing if c.field("review") not in voids), None)
    if held:
        return Weighed(standing, odd, held)
    # A dismissed one is told as such, if at all: nobody can put more of it right.
    wrong = next((f for c, f in judged if f and c.field("review") not in voids), ())
    void = voids.get(own.field("review")) if own else None
    return Weighed(standing, (*odd, *(wrong or _dismissed(void))))


def _of(packet: Packet, kind: str) -> Iterator[Fact]:
    return (fact for fact in packet.observed if fact.kind == kind)


def _witnessed(
    packet: Packet, own: Fact | None, odd: tuple[Flaw, ...]
) -> Iterator[Fact]:
    """Give the acknowledgements of the ledger that the packet does not tell as well."""
    review = own.field("review") if own and not odd else None
    for fact in _of(packet, PACKET_ACKNOWLEDGED):
        if review is None or fact.field("review") != review:
            yield fact


def _disagreements(own: Fact, packet: Packet) -> Iterator[Flaw]:
    """Compare a stanza that names a review with what the ledger says of that review."""
    review = own.field("review")
    if review is None:
        return
    known = {f.field("review"): f for f in _of(packet, PACKET_ACKNOWLEDGED)}
    witness = known.get(review)
    if witness is None:
        message = f"the ledger knows no review `{review}` that acknowledged this packet"
        yield Flaw(_RULE, "review", message, _HINT)
        return
    for name, said, expected in _pairs(own, witness):
        if said != expected:
            message = f"`{name}` is `{said}`, expected `{expected}` as in the ledger"
            yield Flaw(_RULE, name, message, _HINT)


def _pairs(own: Fact, witness: Fact) -> Iterator[tuple[str, str, str]]:
    yield "by", own.by, witness.by
    yield "at", str(own.moment), str(witness.moment)
    for name in _SAME:
        said, expected = own.field(name), witness.field(name)
        yield name, _text(said), _text(expected)


def _text(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(sorted(map(str, value)))
    return "" if value is None else str(value)


def _dismissed(void: Fact | None) -> tuple[Flaw, ...]:
    if void is None:
        return ()
    return (
        Flaw(
            "void-acknowledgement",
            "review",
            f"the approval `{void.field('review')}` was dismissed on {void.moment}",
            "Customer success has to acknowledge the packet again.",
        ),
    )


_RULE = "ledger-disagrees"
_HINT = (
    "Nobody but the tool writes an acknowledgement that names a review. Take the "
    "change back: `handoff ledger list --kind acknowledgement` shows what was given."
)
