"""Delivering a plan: intent before, receipt after, and honesty about the rest.

Between intent and receipt lies the only moment of which nobody can know the end. The
ledger shows it to whoever comes next, and the channel is asked where it can answer.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from handoff.connectors.carrier import Carrier, Fate, Outcome
from handoff.connectors.notification import Kind, Message, Notification
from handoff.connectors.plan import SETTLE
from handoff.connectors.standing import Stand, attempt_key, standing_of
from handoff.model.entry import JSON, Entry, EntryKind
from handoff.model.errors import HandoffError
from handoff.model.instant import format_instant
from handoff.policy.channels import Channel
from handoff.policy.facts import DEAL_ANNOUNCED
from handoff.repository.ledger import Appended, Ledger

_REPEAT = "Possible repeat: an earlier attempt may have reached you."


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came of one message.

    Attributes:
        fate: how it ended; `None` where nothing was sent, and `detail` says why.
        is_found: whether it had arrived already, in an attempt before.
    """

    message: Message
    fate: Fate | None
    detail: str = ""
    is_found: bool = False


@dataclass(frozen=True, slots=True)
class Office:
    """What delivering needs, lent by the command.

    Attributes:
        ledger: as it stood when the plan was made.
        record: appends to the ledger; an entry that was there already stays.
        connect: makes a channel ready.
        is_due: gives the keys that are due now of those in a message, judged again.
        clock: gives the present instant.
    """

    ledger: Ledger
    record: Callable[[tuple[Entry, ...]], Appended]
    connect: Callable[[Channel], Carrier]
    is_due: Callable[[Message], frozenset[str]]
    clock: Callable[[], datetime]


def deliver(messages: tuple[Message, ...], office: Office) -> Iterator[Delivery]:
    """Deliver messages one by one; a channel that fails does not stop the others.

    Raises:
        HandoffError: the ledger cannot be written, so that nothing may be sent.
    """
    carriers: dict[str, Carrier | HandoffError] = {}
    for message in messages:
        channel = message.recipient.channel
        if channel.name not in carriers:
            carriers[channel.name] = _carrier(channel, office)
        carrier = carriers[channel.name]
        if isinstance(carrier, HandoffError):
            yield Delivery(message, Fate.FAILED, carrier.message)
        else:
            yield _deliver(message, carrier, office)


def _carrier(channel: Channel, office: Office) -> Carrier | HandoffError:
    try:
        return office.connect(channel)
    except HandoffError as error:
        return error


def _deliver(message: Message, carrier: Carrier, office: Office) -> Delivery:
    if message.is_open:
        found = _found(message, carrier, office)
        if found:
            _record_delivery(message, {}, office)
            return Delivery(message, Fate.DELIVERED, is_found=True)
        if found is None and not message.is_alarm:
            detail = "an earlier attempt may have arrived; good news is not repeated"
            _record_failure(message, Stand.LEFT, detail, office, attempt=0)
            return Delivery(message, Fate.UNKNOWN, detail)
        message = _marked(message) if found is None else message
    claimed = _claim(message, office)
    if not claimed.notifications:
        return Delivery(message, None, "another run sends it")
    due = office.is_due(claimed)
    gone = claimed.only(n.key for n in claimed.notifications if n.key not in due)
    _record_failure(gone, Stand.WITHDRAWN, "no longer due", office)
    return _send(claimed.only(due), carrier, office)


def _send(message: Message, carrier: Carrier, office: Office) -> Delivery:
    if not message.notifications:
        return Delivery(message, None, "it is no longer due")
    try:
        outcome = carrier.deliver(message)
    except HandoffError as error:  # the environment is wrong; nothing was sent
        outcome = Outcome(Fate.LATER, error.message)
    if outcome.fate is Fate.UNKNOWN and _found(message, carrier, office):
        outcome = Outcome(Fate.DELIVERED)
    if outcome.fate is Fate.DELIVERED:
        _record_delivery(message, outcome.evidence, office)
    elif outcome.fate is not Fate.UNKNOWN:
        _record_failure(message, Stand(outcome.fate), outcome.detail, office)
    return Delivery(message, outcome.fate, outcome.detail)


def _marked(message: Message) -> Message:
    """Say in a message that it may have arrived before."""
    post = replace(message.post, notes=(_REPEAT, *message.post.notes))
    return replace(message, post=post, is_repeat=True)


def _found(message: Message, carrier: Carrier, office: Office) -> bool | None:
    """Ask the channel for a message; clocks may differ by as much as a run takes."""
    attempts = (standing_of(n.key, office.ledger).at for n in message.notifications)
    first = min((at for at in attempts if at), default=office.clock())
    return carrier.find(message, first - SETTLE)


def _claim(message: Message, office: Office) -> Message:
    """Announce an attempt; what another run announced before is left to it."""
    now = office.clock()
    intents = {
        n.key: Entry(EntryKind.INTENT, _attempt(n, office), n.body(message.id, now))
        for n in message.notifications
    }
    mine = {entry.key for entry in office.record(tuple(intents.values())).added}
    return message.only(key for key, entry in intents.items() if entry.key in mine)


def _attempt(notification: Notification, office: Office, ahead: int = 1) -> str:
    """Name the attempt of this run, or with `ahead` 0 the one before it."""
    before = standing_of(notification.key, office.ledger).attempts
    return attempt_key(notification.key, before + ahead)


def _record_delivery(
    message: Message, evidence: Mapping[str, str], office: Office
) -> None:
    now = office.clock()
    receipts = [_receipt(n, message.id, now, evidence) for n in message.notifications]
    for top in message.notifications:
        covered = {"at": format_instant(now), "by": top.key, "outcome": "covered"}
        receipts += [Entry(EntryKind.RECEIPT, key, covered) for key in top.covers]
    office.record(tuple(receipts))


def _receipt(
    told: Notification, message: str, now: datetime, evidence: Mapping[str, str]
) -> Entry:
    """Say that something was told; of a win, in the words that stop its clock."""
    said = {**told.body(message, now), "evidence": dict(evidence)}
    if told.kind is Kind.ANNOUNCEMENT:
        said["fact"] = DEAL_ANNOUNCED
    return Entry(EntryKind.RECEIPT, told.key, said | {"outcome": str(Fate.DELIVERED)})


def _record_failure(
    message: Message, stand: Stand, detail: str, office: Office, attempt: int = 1
) -> None:
    """Close the attempt of this run, or with `attempt` 0 the one before it."""
    body: Mapping[str, JSON] = {
        "at": format_instant(office.clock()),
        "detail": detail,
        "fate": str(stand),
        "message": message.id,
        "settings": message.recipient.channel.digest,
    }
    entries = (
        Entry(EntryKind.FAILURE, _attempt(n, office, attempt), body)
        for n in message.notifications
    )
    if message.notifications:
        office.record(tuple(entries))
