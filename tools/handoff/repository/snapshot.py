"""The files of the repository at one moment: on disk, staged, committed, in memory."""

import os
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from handoff.repository import failure
from handoff.repository.git import Git
from handoff.repository.listing import Listing, read_disk, read_index, read_tree
from handoff.repository.objects import read_blobs
from handoff.repository.regular_file import Disk
from handoff.repository.unreadable import (
    ABSENT,
    SIZE_LIMIT,
    Content,
    Unreadable,
    too_large,
)

__all__ = [
    "CommitSnapshot",
    "Content",
    "Ids",
    "IndexSnapshot",
    "MemorySnapshot",
    "Snapshot",
    "Unreadable",
    "WorktreeSnapshot",
]


class Snapshot(Protocol):
    """All files of the repository at one moment.

    Paths are relative to the repository, with `/`; bytes of a name that are not
    UTF-8 are lone surrogates (`surrogateescape`).
    """

    @property
    def label(self) -> str:
        """What was read: the full commit id, `worktree`, `index` or `memory`."""

    def paths(self, *trees: str) -> tuple[str, ...]:
        """List the files in the named folders, or all, sorted by code point.

        A tree that is itself a file, link or submodule is listed under its name.
        """

    def read(self, path: str) -> Content:
        """Read one listed file, or say why it cannot be read."""

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, Content]]:
        """Read many files, in the order given."""

    def ids(self) -> "Ids | None":
        """Give what tells files apart unread; `None` if they must be read for it."""


Ids = Callable[[str], str]
"""Gives the SHA-1 id of the content at a path; empty where only reading tells it."""


def _select(listed: Iterable[str], trees: tuple[str, ...]) -> tuple[str, ...]:
    """Keep what lies in one of the trees, or is one."""
    below = tuple(f"{tree}/" for tree in trees)
    if not trees:
        return tuple(listed)
    return tuple(p for p in listed if p.startswith(below) or p in trees)


@dataclass(frozen=True, slots=True)
class MemorySnapshot:
    """Files that exist nowhere else: what a command is about to write, and tests."""

    files: Mapping[str, bytes]
    label: str = "memory"

    def paths(self, *trees: str) -> tuple[str, ...]:
        """List the files; see `Snapshot.paths`."""
        return _select(sorted(self.files), trees)

    def read(self, path: str) -> Content:
        """Read one file; see `Snapshot.read`."""
        content = self.files.get(path)
        if content is None:
            return ABSENT
        return content if len(content) <= SIZE_LIMIT else too_large(len(content))

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, Content]]:
        """Read many files; see `Snapshot.read_many`."""
        return ((path, self.read(path)) for path in paths)

    def ids(self) -> Ids | None:
        """Give nothing; see `Snapshot.ids`."""
        return None


class _StoredSnapshot:
    """What git's object store holds under the names of a listing."""

    __slots__ = ("_git", "_listing", "label")

    def __init__(self, git: Git, label: str, listing: Listing) -> None:
        self._git = git
        self._listing = listing
        self.label = label

    def paths(self, *trees: str) -> tuple[str, ...]:
        """List the files; see `Snapshot.paths`."""
        return _select(self._listing.paths, trees)

    def read(self, path: str) -> Content:
        """Read one file; see `Snapshot.read`."""
        return dict(self.read_many((path,)))[path]

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, Content]]:
        """Read many files; see `Snapshot.read_many`."""
        return read_blobs(
            self._git, ((path, self._listing.get(path)) for path in paths)
        )

    def ids(self) -> Ids | None:
        """Give the ids of what the clone holds; see `Snapshot.ids`."""
        return self._listing.held(self._git)


class CommitSnapshot(_StoredSnapshot):
    """What one commit holds.

    Args:
        git: the repository, which may be bare.
        rev: the commit, as a person names it.

    Raises:
        HandoffError: `rev` names no commit.
    """

    __slots__ = ()

    def __init__(self, git: Git, rev: str) -> None:
        commit = git.resolve(rev)
        super().__init__(git, commit, read_tree(git, commit))


class IndexSnapshot(_StoredSnapshot):
    """What is staged: the content a commit made now would get.

    Args:
        git: the repository; in a hook, `Git.discover` has picked the right index.

    Raises:
        HandoffError: the repository is bare.
    """

    __slots__ = ()

    def __init__(self, git: Git) -> None:
        super().__init__(git, "index", read_index(git))


class WorktreeSnapshot:
    """What lies on the disk now: tracked files, and new ones that are not ignored.

    A tracked file that was deleted is absent. One that a sparse checkout keeps off
    the disk is present, with its staged content: nobody removed it.

    Raises:
        HandoffError: the repository is bare.
    """

    __slots__ = ("_disk", "_git", "_listed", "_sparse", "label")

    def __init__(self, git: Git) -> None:
        if git.is_bare:
            raise failure.bare()
        self._git = git
        self._disk = Disk(os.fsencode(git.root) + b"/")
        self.label = "worktree"
        self._listed, self._sparse = read_disk(git, self._disk)

    def paths(self, *trees: str) -> tuple[str, ...]:
        """List the files; see `Snapshot.paths`."""
        return _select(self._listed, trees)

    def read(self, path: str) -> Content:
        """Read one file; see `Snapshot.read`."""
        return next(self.read_many((path,)))[1]

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, Content]]:
        """Read many files; see `Snapshot.read_many`."""
        if not self._sparse:
            return ((path, self._on_disk(path)) for path in paths)
        return self._read_both(tuple(paths))

    def ids(self) -> Ids | None:
        """Give nothing; see `Snapshot.ids`."""
        return None

    def _read_both(self, paths: Sequence[str]) -> Iterator[tuple[str, Content]]:
        sparse = self._sparse
        hidden = ((path, sparse[path]) for path in paths if path in sparse)
        stored = read_blobs(self._git, hidden)
        for path in paths:
            yield next(stored) if path in sparse else (path, self._on_disk(path))

    def _on_disk(self, path: str) -> Content:
        at = bisect_left(self._listed, path)
        is_listed = at < len(self._listed) and self._listed[at] == path
        return self._disk.read(path) if is_listed else ABSENT
