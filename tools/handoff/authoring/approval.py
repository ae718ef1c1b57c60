"""What reviews leave behind: entries of the ledger, and stanzas made from those."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
        body |= {"gaps": list(outcome.gaps)}
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


def given_to(packet: str, entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Keep the entries about one packet, oldest first."""
    own = (entry for entry in entries if entry.body.get("packet") == packet)
    return tuple(sorted(own, key=lambda e: (str(e.body.get("at")), e.key)))


def standing(
    packet: Packet,
    opportunity: Opportunity,
    given: Sequence[Entry],
    voids: Iterable[Entry],
) -> Entry | None:
    """Find the first acknowledgement for what the packet says now, not void since."""
    gone = {entry.body.get("review") for entry in voids}
    digest = packet_digest(packet, opportunity)
    good = (
        entry
        for entry in given
        if entry.body.get("digest") == digest and entry.body.get("review") not in gone
    )
    return next(good, None)


def stanzas(
    packet: Packet,
    acknowledged: Entry | None,
    returned: Iterable[Entry],
    policy: Policy,
) -> tuple[Edit, ...]:
    """Say what a packet lacks of what the ledger knows of it.

    Nothing that stands there is changed: an acknowledgement is written where there is
    none, a return where it is the latest that happened to the packet.
    """
    if packet.acknowledgement is not None:
        return ()
    order = [name for name, _ in policy.schemas.schema("packet").fields(())]
    if acknowledged:
        value = {
            **_stamp(acknowledged.body, policy),
            "review": acknowledged.body["review"],
            "digest": acknowledged.body["digest"],
            "risks_accepted": acknowledged.body["risks_accepted"],
        }
        return (SetValue(("acknowledgement",), value, order),)
    return tuple(_missing_returns(packet, returned, policy, order))


def _missing_returns(
    packet: Packet, returned: Iterable[Entry], policy: Policy, order: Sequence[str]
) -> Iterator[Edit]:
    latest = max(
        (f.moment.instant for f in packet.facts if f.moment.instant), default=None
    )
    newer = [
        entry for entry in returned if latest and (_at(entry.body) or latest) > latest
    ]
    if newer and open_return(packet) is None:
        body = newer[-1].body
        value = {**_stamp(body, policy), "gaps": body["gaps"]}
        yield Append(("returns",), value, order)


def _stamp(body: Mapping[str, JSON], policy: Policy) -> Mapping[str, object]:
    at = _at(body)
    written = local(at, policy.zone) if at else body.get("at")
    return {"by": body.get("by"), "at": written}


def _at(body: Mapping[str, JSON]) -> datetime | None:
    return parse_instant(str(body.get("at", "")))
