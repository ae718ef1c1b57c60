"""What reviews leave behind: entries of the ledger, and stanzas made from those."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from handoff.authoring.events import local
from handoff.authoring.filing import open_return
from handoff.document.edits import Append, Edit, SetValue
from handoff.evaluation.approval import Decision, Outcome
from handoff.evaluation.digest import packet_digest
from handoff.model.entry import JSON, Entry, EntryKind
from handoff.model.instant import format_instant, parse_instant
from handoff.policy.policy import Policy
from handoff.records.record import Opportunity, Packet
from handoff.repository.ledger import Ledger

_KINDS = {
    Decision.ACKNOWLEDGED: EntryKind.ACKNOWLEDGEMENT,
    Decision.RETURNED: EntryKind.RETURN,
}


def review_name(number: int) -> str:
    """Name a review as records and ledger do."""
    return f"github:{number}"


def review_number(entry: Entry) -> int:
    """Read the number out of a review's name; 0 if it has none."""
    _, _, number = str(entry.body.get("review")).partition(":")
    return int(number) if number.isascii() and number.isdecimal() else 0


def entry_of(outcome: Outcome, packet: str, pull: int) -> Entry | None:
    """Write what came of a review as an entry; `None` if nothing is to be recorded.

    Args:
        outcome: the review, judged.
        packet: id of the packet.
        pull: number of the pull request.
    """
    kind, review = _KINDS.get(outcome.decision), outcome.review
    if kind is None or review.submitted_at is None or review.account is None:
        return None
    name = review_name(review.id)
    body: dict[str, JSON] = {
        "packet": packet,
        "by": outcome.handle,
        "at": format_instant(review.submitted_at),
        "review": name,
        "pull": pull,
        "account": review.account.id,
        "head": review.head,
    }
    if kind is EntryKind.ACKNOWLEDGEMENT:
        body |= {"digest": outcome.digest, "risks_accepted": list(outcome.risks)}
    else:
        is_after_merge = outcome.is_after_merge
        body |= {"gaps": list(outcome.gaps), "after_merge": is_after_merge}
    return Entry(kind, f"{packet}/{name}", body)


def void_of(given: Entry, now: datetime) -> Entry:
    """Void an acknowledgement whose approval was dismissed.

    The forge does not tell when, or by whom: it counts from when it was noticed.
    """
    body: dict[str, JSON] = {
        "packet": given.body.get("packet"),
        "by": "",
        "at": format_instant(now),
        "review": given.body.get("review"),
        "pull": given.body.get("pull"),
    }
    return Entry(EntryKind.VOID, given.key, body)


@dataclass(frozen=True, slots=True)
class Said:
    """What reviews said of one packet, by the ledger; each oldest first."""

    given: tuple[Entry, ...]
    returned: tuple[Entry, ...]
    voids: tuple[Entry, ...]


def said_of(packet: str, ledger: Ledger) -> Said:
    """Collect what the ledger knows of a packet."""
    kinds = (EntryKind.ACKNOWLEDGEMENT, EntryKind.RETURN, EntryKind.VOID)
    return Said(*(_about(packet, ledger.of(kind)) for kind in kinds))


def _about(packet: str, entries: Iterable[Entry]) -> tuple[Entry, ...]:
    own = (entry for entry in entries if entry.body.get("packet") == packet)
    return tuple(sorted(own, key=lambda e: (str(e.body.get("at")), e.key)))


def standing(packet: Packet, opportunity: Opportunity, said: Said) -> Entry | None:
    """Find the first acknowledgement that holds.

    It is for what the packet says now, not void, and nobody gave the packet back since.
    """
    digest = packet_digest(packet, opportunity)
    gone = {entry.body.get("review") for entry in said.voids}
    last = max((at for entry in said.returned if (at := _at(entry.body))), default=None)
    for entry in said.given:
        at, body = _at(entry.body), entry.body
        is_later = at is not None and (last is None or at > last)
        if is_later and body.get("digest") == digest and body.get("review") not in gone:
            return entry
    return None


def is_claimed(packet: Packet, opportunity: Opportunity, said: Said) -> bool:
    """Tell whether a packet itself says that it is acknowledged as it is.

    One that names no review is its author's own, and stands by itself.
    """
    claim = packet.acknowledgement
    gone = {entry.body.get("review") for entry in said.voids}
    return (
        claim is not None
        and claim.field("review") not in gone
        and claim.field("digest") == packet_digest(packet, opportunity)
    )


def stanzas(
    packet: Packet, opportunity: Opportunity, said: Said, policy: Policy
) -> tuple[Edit, ...]:
    """Say what a packet lacks of what the ledger knows of it.

    An acknowledgement is written where there is none that holds, a return where it is
    the latest that happened to the packet.
    """
    if is_claimed(packet, opportunity, said):
        return ()
    acknowledged = standing(packet, opportunity, said)
    order = [name for name, _ in policy.schemas.schema("packet").fields(())]
    if acknowledged:
        value = {
            **_stamp(acknowledged.body, policy),
            "review": acknowledged.body["review"],
            "digest": acknowledged.body["digest"],
            "risks_accepted": acknowledged.body["risks_accepted"],
        }
        return (SetValue(("acknowledgement",), value, order),)
    return tuple(_missing_returns(packet, said.returned, policy, order))


def _missing_returns(
    packet: Packet, returned: Iterable[Entry], policy: Policy, order: Sequence[str]
) -> Iterator[Edit]:
    latest = max(
        (f.moment.instant for f in packet.facts if f.moment.instant), default=None
    )
    # One made on the open pull request was answered by a push to it.
    newer = [
        entry
        for entry in returned
        if entry.body.get("after_merge") is True
        and latest
        and (_at(entry.body) or latest) > latest
    ]
    waiting = open_return(packet)
    if newer and (waiting is None or waiting.entry):
        body = newer[-1].body
        value = {**_stamp(body, policy), "gaps": body["gaps"]}
        yield Append(("returns",), value, order)


def _stamp(body: Mapping[str, JSON], policy: Policy) -> Mapping[str, object]:
    at = _at(body)
    written = local(at, policy.zone) if at else body.get("at")
    return {"by": body.get("by"), "at": written}


def _at(body: Mapping[str, JSON]) -> datetime | None:
    return parse_instant(str(body.get("at", "")))
