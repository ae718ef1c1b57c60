"""The event of an issue, as a forge hands it to a job it starts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from handoff.model.errors import HandoffError
from handoff.model.instant import parse_instant
from handoff.repository.event_file import read_payload

_INSIDE = frozenset({"OWNER", "MEMBER", "COLLABORATOR"})
_HINT = "Pass the file of an `issues` event: `--event $GITHUB_EVENT_PATH`."


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue as it was when the event was sent; title and body are hostile.

    Attributes:
        account: numeric id of who opened it, or edited it last: what it says now is
            theirs.
        is_inside: whether the forge says that they belong to this repository.
        at: when it was opened or last edited, by the host's clock, UTC.
    """

    number: int
    title: str
    body: str
    account: int
    is_inside: bool
    at: datetime


def read_issue(path: Path) -> Issue:
    """Read the payload of an `issues` event.

    Raises:
        HandoffError: it is too large, no JSON, or no event of an issue.
    """
    payload = read_payload(path, _HINT)
    issue = payload.get("issue")
    found = _read(issue, _id_of(payload)) if isinstance(issue, Mapping) else None
    if found is None:
        message = f"`{path.name}` is no event of an issue"
        raise HandoffError(message, _HINT)
    return found


def _id_of(payload: Mapping[str, object], name: str = "sender") -> object:
    user = payload.get(name)
    return user.get("id") if isinstance(user, Mapping) else None


def _read(issue: Mapping[str, object], sender: object) -> Issue | None:
    number, opener = issue.get("number"), _id_of(issue, "user")
    account = sender if _is_number(sender) else opener
    stamps = [parse_instant(str(issue.get(n))) for n in ("updated_at", "created_at")]
    at = next(filter(None, stamps), None)
    if not (_is_number(number) and _is_number(account) and at):
        return None
    return Issue(
        number=int(str(number)),
        title=str(issue.get("title") or ""),
        body=str(issue.get("body") or ""),
        account=int(str(account)),
        # Only those who may write here can edit what somebody else has opened.
        is_inside=account != opener or issue.get("author_association") in _INSIDE,
        at=at,
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0
