"""Commits of a log as git prints them: who, when, and which contents changed."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from sys import intern
from typing import NamedTuple

from handoff.repository.git import Git

# NUL first: an empty field tells the next commit from the next change.
_LOG = (
    "log",
    "-z",
    "--no-show-signature",
    "--encoding=UTF-8",
    "--format=%x00%H%x00%P%x00%an%x00%ae%x00%ce%x00%at%x00%ct",
)

CHANGES = (
    "--raw",
    "--no-abbrev",
    "--no-renames",
    "--ignore-submodules=none",
    f"-O{os.devnull}",
    "--diff-merges=first-parent",
    "--full-history",
    "--sparse",
)
"""What `read_log` needs to give each commit its changes."""

# `--sparse` lists also commits that touch none of the paths asked for, so that the
# first-parent line has no gaps.
RAW = (*CHANGES, "--topo-order")
"""What it needs besides to follow the first-parent line."""


class Change(NamedTuple):
    """One path in one commit: ids of its content before and after, or `None`."""

    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit of a log.

    Attributes:
        id: full id.
        parents: full ids; the first is the line it was made upon.
        author: name of the author; `email` is the address.
        committer: address of whoever made the commit of it.
        written: when the author says so, UTC; `None` if that cannot be read.
        committed: when the committer says so, likewise.
        changes: against the first parent, where the log was asked for them.
    """

    id: str
    parents: tuple[str, ...]
    author: str
    email: str
    committer: str
    written: datetime | None
    committed: datetime | None
    changes: tuple[Change, ...]


Watch = Callable[[Iterator[Commit]], Iterator[Commit]]
"""Passes commits on while it shows somebody how far things are."""


def parse_seconds(text: bytes) -> datetime | None:
    """Read seconds since 1970; damaged commits give nothing, text or nonsense."""
    if not text.isdigit():
        return None
    try:
        return datetime.fromtimestamp(int(text), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _parse_change(header: bytes, path: bytes) -> Change:
    """Read `:mode mode old new status` and the path after it."""
    before, after = (_content(blob) for blob in header.split()[2:4])
    return Change(intern(path.decode("utf-8", "surrogateescape")), before, after)


def _content(blob: bytes) -> str | None:
    """Read the id of a content; zeros stand for none."""
    return intern(blob.decode()) if blob.strip(b"0") else None


def _parse_commit(heading: list[bytes], changes: list[Change]) -> Commit:
    """Read the seven fields of a heading; a commit without author gives empty text.

    Texts are interned: who keeps a history keeps each id, path and name only once.
    """
    commit, parents, author, email, committer, written, committed = heading
    return Commit(
        id=intern(commit.decode()),
        parents=tuple(map(intern, parents.decode().split())),
        author=intern(author.decode("utf-8", "replace")),
        email=intern(email.decode("utf-8", "replace")),
        committer=intern(committer.decode("utf-8", "replace")),
        written=parse_seconds(written),
        committed=parse_seconds(committed),
        changes=tuple(changes),
    )


def read_log(git: Git, *args: str) -> Iterator[Commit]:
    """Stream a log, newest first.

    The fields of a commit: an empty one, seven of the heading, then two for each
    change, of which the first starts with `:` (after a line feed) and is never empty.

    Args:
        git: the repository.
        args: what `git log` is asked besides its format; `RAW` for changes.
    """
    heading: list[bytes] = []
    changes: list[Change] = []
    fields = git.fields(*_LOG, *args)
    for field in fields:
        if field:
            changes.append(_parse_change(field, next(fields)))
            continue
        if heading:
            yield _parse_commit(heading, changes)
        heading, changes = [next(fields) for _ in range(7)], []
    if heading:
        yield _parse_commit(heading, changes)
