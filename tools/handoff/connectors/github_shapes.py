"""Answers of GitHub's API as values of our own; another shape is an error.

Only what is read is checked, so that a new field breaks nothing; what is read is never
guessed: a missing or misshapen value could turn a refusal into an acknowledgement.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import NoReturn

from handoff.model.errors import HandoffError
from handoff.model.instant import parse_instant
from handoff.model.review import (
    Account,
    Authorship,
    Comment,
    FileChange,
    Pull,
    Review,
    Verdict,
)

Json = Mapping[str, object]
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


class ShapeError(HandoffError):
    """The forge answered with something else than it documents."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"the forge's answer cannot be used: {what}",
            "Nothing was decided by it. Run the command again in some minutes.",
        )


def reject(what: str) -> NoReturn:
    """Refuse an answer, saying what is odd about it."""
    raise ShapeError(what)


def mapping(value: object, what: str) -> Json:
    """Expect an object."""
    if not isinstance(value, dict):
        reject(f"{what} is no object")
    return value


def text(data: Json, field: str) -> str:
    """Expect text; `null` and a missing field are none."""
    value = data.get(field)
    if not isinstance(value, str):
        reject(f"`{field}` is no text")
    return value


def optional_text(data: Json, field: str) -> str:
    """Expect text, `null` or nothing; the latter two are empty."""
    return "" if data.get(field) is None else text(data, field)


def number(data: Json, field: str) -> int:
    """Expect a whole number, zero or more."""
    value = data.get(field)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        reject(f"`{field}` is no whole number")
    return value


def commit_id(data: Json, field: str) -> str:
    """Expect the full id of a git object."""
    value = text(data, field)
    if not _COMMIT.fullmatch(value):
        reject(f"`{field}` is no commit id")
    return value


def instant(data: Json, field: str) -> datetime | None:
    """Expect an instant with offset, or `null`."""
    value = optional_text(data, field)
    parsed = parse_instant(value) if value else None
    if value and parsed is None:
        reject(f"`{field}` is no instant")
    return parsed


def read_account(value: object) -> Account | None:
    """Read a user, or `None` for an account that is gone or unknown."""
    if not value:  # GitHub gives null, and {} for an address without an account
        return None
    data = mapping(value, "the account")
    kind = text(data, "type")
    return Account(number(data, "id"), text(data, "login"), kind == "User")


def read_review(value: object) -> Review:
    """Read one review."""
    data = mapping(value, "the review")
    state = text(data, "state").upper()
    if state not in Verdict.__members__:
        reject("`state` is no known verdict")
    verdict = Verdict[state]
    submitted = instant(data, "submitted_at")
    if submitted is None and verdict is not Verdict.PENDING:
        reject("`submitted_at` is missing")
    head = commit_id(data, "commit_id") if data.get("commit_id") else ""
    account = read_account(data.get("user"))
    body = optional_text(data, "body")
    return Review(number(data, "id"), account, verdict, head, submitted, body)


def read_pull(value: object) -> Pull:
    """Read one pull request, as it is given alone (lists leave out the counts)."""
    data = mapping(value, "the pull request")
    head, base = (
        mapping(data.get("head"), "`head`"),
        mapping(data.get("base"), "`base`"),
    )
    origin = head.get("repo")
    home = mapping(base.get("repo"), "`base.repo`")
    merged_at = instant(data, "merged_at")
    return Pull(
        number=number(data, "number"),
        author=read_account(data.get("user")),
        head=commit_id(head, "sha"),
        head_repository=number(mapping(origin, "`repo`"), "id") if origin else None,
        base=text(base, "ref"),
        base_repository=number(home, "id"),
        default_branch=text(home, "default_branch"),
        merged_at=merged_at,
        merge_commit=commit_id(data, "merge_commit_sha") if merged_at else "",
        commits=number(data, "commits"),
        files=number(data, "changed_files"),
    )


def read_number(value: object) -> int:
    """Read the number of a pull request out of a list."""
    return number(mapping(value, "the pull request"), "number")


def read_authorship(value: object) -> Authorship:
    """Read who made one commit."""
    data = mapping(value, "the commit")
    author, committer = data.get("author"), data.get("committer")
    return Authorship(
        commit_id(data, "sha"), read_account(author), read_account(committer)
    )


def read_file(value: object) -> FileChange:
    """Read what is done to one file."""
    data = mapping(value, "the file")
    return FileChange(
        path=text(data, "filename"),
        status=text(data, "status"),
        blob=optional_text(data, "sha"),
        previous=optional_text(data, "previous_filename"),
    )


def read_comment(value: object) -> Comment:
    """Read one comment."""
    data = mapping(value, "the comment")
    account = read_account(data.get("user"))
    return Comment(number(data, "id"), account, optional_text(data, "body"))
