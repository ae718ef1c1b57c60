"""What the ledger knows of a notification: sent, tried, failed, or not yet."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from handoff.model.entry import Entry, EntryKind
from handoff.model.instant import parse_instant
from handoff.repository.ledger import Ledger

_MOST_ATTEMPTS = 1000


class Stand(StrEnum):
    """How far a notification is.

    OPEN is an attempt of which nobody knows the end: not unsent, but unknown. LEFT is
    one that stays unknown, because repeating it would do more harm.
    """

    NEW = "new"
    DONE = "done"
    OPEN = "open"
    LATER = "later"
    WITHDRAWN = "withdrawn"
    FAILED = "failed"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a notification stands.

    Attributes:
        attempts: how often it was tried.
        message: id of the message of the last attempt, or empty.
        at: when the last attempt was announced.
        settings: digest of the channel's settings when it failed, or empty.
        detail: why it failed.
    """

    stand: Stand
    attempts: int = 0
    message: str = ""
    at: datetime | None = None
    settings: str = ""
    detail: str = ""


def attempt_key(key: str, number: int) -> str:
    """Name one attempt."""
    return f"{key}|{number}"


def standing_of(key: str, ledger: Ledger) -> Standing:
    """Read how far a notification is."""
    if ledger.get(EntryKind.RECEIPT, key):
        return Standing(Stand.DONE)
    number = 0
    last: Entry | None = None
    while number < _MOST_ATTEMPTS:
        intent = ledger.get(EntryKind.INTENT, attempt_key(key, number + 1))
        if intent is None:
            break
        last, number = intent, number + 1
    if last is None:
        return Standing(Stand.NEW)
    failure = ledger.get(EntryKind.FAILURE, attempt_key(key, number))
    stand = _stand(failure)
    return Standing(
        stand=stand,
        attempts=number,
        message=str(last.body.get("message", "")),
        at=parse_instant(str(last.body.get("at", ""))),
        settings=str(failure.body.get("settings", "")) if failure else "",
        detail=str(failure.body.get("detail", "")) if failure else "",
    )


def _stand(failure: Entry | None) -> Stand:
    if failure is None:
        return Stand.OPEN
    fate = str(failure.body.get("fate", ""))
    return Stand(fate) if fate in {*Stand} else Stand.LATER
