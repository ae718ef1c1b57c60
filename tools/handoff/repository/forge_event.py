"""The event by which a forge started a job: when it saw what, and from whom.

The time in it was set by the host when it received the change. Unlike the dates of
commits it cannot be chosen by whoever made the change.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from handoff.model.errors import HandoffError
from handoff.model.instant import parse_instant
from handoff.repository.event_file import read_payload

_EXPECTED = (
    "Pass the file the job was started with: `--event $GITHUB_EVENT_PATH`, in a job on "
    "`pull_request`, `merge_group` or `push`."
)


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the forge: its numeric id, and its name, which can change hands."""

    id: int
    login: str


@dataclass(frozen=True, slots=True)
class ForgeEvent:
    """What the host witnessed.

    Attributes:
        kind: `pull_request`, `merge_group` or `push`.
        at: when the host saw the change, UTC.
        opened: when the pull request was opened, UTC; `None` for other events.
        accounts: who proposed and who pushed; empty for a merge queue, whose pull
            requests were judged before.
    """

    kind: str
    at: datetime
    opened: datetime | None
    accounts: tuple[Account, ...]


def read_event(path: Path) -> ForgeEvent:
    """Read the payload of a GitHub webhook, as Actions hands it to a job.

    Raises:
        HandoffError: it is too large, no JSON, or no event that can be judged.
    """
    shown = path.name
    payload = read_payload(path, _EXPECTED)
    read = next((_READERS[key] for key in _READERS if key in payload), None)
    if read is None:
        message = f"`{shown}` is no event that brings a change to judge"
        raise HandoffError(message, _EXPECTED)
    event = read(payload)
    if event is None:
        message = f"`{shown}` does not say when the host saw the change"
        raise HandoffError(message, _EXPECTED)
    return event


def _pull_request(payload: Mapping[str, object]) -> ForgeEvent | None:
    request = _inner(payload, "pull_request")
    at, opened = _instant(request, "updated_at"), _instant(request, "created_at")
    if at is None or opened is None:
        return None
    accounts = tuple(dict.fromkeys((*_account(request, "user"), *_sender(payload))))
    return ForgeEvent("pull_request", at, opened, accounts)


def _merge_group(payload: Mapping[str, object]) -> ForgeEvent | None:
    commit = _inner(_inner(payload, "merge_group"), "head_commit")
    at = _instant(commit, "timestamp")
    return ForgeEvent("merge_group", at, None, ()) if at else None


def _push(payload: Mapping[str, object]) -> ForgeEvent | None:
    at = _instant(_inner(payload, "repository"), "pushed_at")
    return ForgeEvent("push", at, None, tuple(_sender(payload))) if at else None


def _sender(payload: Mapping[str, object]) -> Iterator[Account]:
    yield from _account(payload, "sender")


def _account(holder: Mapping[str, object], name: str) -> Iterator[Account]:
    found = _inner(holder, name)
    number, login = found.get("id"), found.get("login")
    if isinstance(number, int):
        yield Account(number, login if isinstance(login, str) else str(number))


def _inner(holder: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = holder.get(name)
    return value if isinstance(value, Mapping) else {}


def _instant(holder: Mapping[str, object], name: str) -> datetime | None:
    """Read an instant; in a push the host writes it as seconds since 1970."""
    value = holder.get(name)
    if isinstance(value, str):
        return parse_instant(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None


# By the field that only this kind of event has.
_READERS = {"pull_request": _pull_request, "merge_group": _merge_group, "after": _push}
