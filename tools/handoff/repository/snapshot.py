"""The files of the repository at one moment: on disk, staged, committed, in memory."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from handoff.repository import failure
from handoff.repository.git import Git
from handoff.repository.objects import Entry, entry, read_blobs
from handoff.repository.regular_file import Disk
from handoff.repository.unreadable import (
    ABSENT,
    CONFLICT,
    SIZE_LIMIT,
    Content,
    Unreadable,
    too_large,
)

__all__ = [
    "CommitSnapshot",
    "Content",
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


def _select(listed: Iterable[str], trees: tuple[str, ...]) -> tuple[str, ...]:
    """Keep what lies in one of the trees, or is one; sort by code point."""
    below = tuple(f"{tree}/" for tree in trees)
    return tuple(
        sorted(
            path
            for path in listed
            if not trees or path.startswith(below) or path in trees
        )
    )


# The id of no content, in repositories of either hash.
_EMPTY_BLOBS = frozenset(
    {
        "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
        "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
    }
)


def _split(listing: bytes) -> Iterator[tuple[list[str], str]]:
    """Read a NUL-ended listing: the words before each TAB, and the path."""
    for line in listing.decode("utf-8", "surrogateescape").split("\0")[:-1]:
        words, _, path = line.partition("\t")
        yield words.split(), path


def _split_tagged(listing: bytes) -> Iterator[tuple[list[str], str]]:
    """Read `ls-files -t`: like `_split`, with no words for a file git does not know."""
    for line in listing.decode("utf-8", "surrogateescape").split("\0")[:-1]:
        if line.startswith("? "):
            yield [], line[2:]
        else:
            words, _, path = line.partition("\t")
            yield words.split(), path


@dataclass(frozen=True, slots=True)
class MemorySnapshot:
    """Files that exist nowhere else: what a command is about to write, and tests."""

    files: Mapping[str, bytes]
    label: str = "memory"

    def paths(self, *trees: str) -> tuple[str, ...]:
        """List the files; see `Snapshot.paths`."""
        return _select(self.files, trees)

    def read(self, path: str) -> Content:
        """Read one file; see `Snapshot.read`."""
        content = self.files.get(path)
        if content is None:
            return ABSENT
        return content if len(content) <= SIZE_LIMIT else too_large(len(content))

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, Content]]:
        """Read many files; see `Snapshot.read_many`."""
        return ((path, self.read(path)) for path in paths)


class CommitSnapshot:
    """What one commit holds.

    Args:
        git: the repository, which may be bare.
        rev: the commit, as a person names it.

    Raises:
        HandoffError: `rev` names no commit.
    """

    __slots__ = ("_entries", "_git", "label")

    def __init__(self, git: Git, rev: str) -> None:
        self._git = git
        self.label = git.resolve(rev)
        listing = git.run("ls-tree", "-r", "-z", "--full-tree", self.label)
        self._entries = {
            path: entry(mode, blob) for (mode, _, blob), path in _split(listing)
        }

    def paths(self, *trees: str) -> tuple[str, ...]:
        """List the files; see `Snapshot.paths`."""
        return _select(self._entries, trees)

    def read(self, path: str) -> Content:
        """Read one file; see `Snapshot.read`."""
        return dict(self.read_many((path,)))[path]

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, Content]]:
        """Read many files; see `Snapshot.read_many`."""
        return read_blobs(
            self._git, ((path, self._entries.get(path, ABSENT)) for path in paths)
        )


def _read_index(git: Git) -> dict[str, Entry]:
    """List what is staged; a file left in several versions by a merge is unreadable.

    `git add --intent-to-add` stages a name without content, which no commit would
    hold; git shows it as the empty file, so only such entries need a second look.
    """
    entries: dict[str, Entry] = {}
    for (mode, blob, stage), path in _split(git.run("ls-files", "-s", "-z")):
        entries[path] = entry(mode, blob) if stage == "0" else CONFLICT
    if not _EMPTY_BLOBS.isdisjoint(entries.values()):
        added = ("--diff-filter=A", "--name-only", "--ignore-submodules=all", "-z")
        for name in git.run("diff-files", *added).split(b"\0"):
            entries.pop(name.decode("utf-8", "surrogateescape"), None)
    return entries


class IndexSnapshot:
    """What is staged: the content a commit made now would get.

    Args:
        git: the repository; in a hook, `Git.discover` has picked the right index.

    Raises:
        HandoffError: the repository is bare.
    """

    __slots__ = ("_entries", "_git", "label")

    def __init__(self, git: Git) -> None:
        if git.is_bare:
            raise failure.bare()
        self._git = git
        self.label = "index"
        self._entries = _read_index(git)

    def paths(self, *trees: str) -> tuple[str, ...]:
        """List the files; see `Snapshot.paths`."""
        return _select(self._entries, trees)

    def read(self, path: str) -> Content:
        """Read one file; see `Snapshot.read`."""
        return dict(self.read_many((path,)))[path]

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, Content]]:
        """Read many files; see `Snapshot.read_many`."""
        return read_blobs(
            self._git, ((path, self._entries.get(path, ABSENT)) for path in paths)
        )


class WorktreeSnapshot:
    """What lies on the disk now: tracked files, and new ones that are not ignored.

    A tracked file that was deleted is absent. One that a sparse checkout keeps off
    the disk is present, with its staged content: nobody removed it.

    Attributes:
        tracked: the paths git knows; the others were never added.

    Raises:
        HandoffError: the repository is bare.
    """

    __slots__ = ("_disk", "_git", "_listed", "_sparse", "label", "tracked")

    def __init__(self, git: Git) -> None:
        if git.is_bare:
            raise failure.bare()
        self._git = git
        self._disk = Disk(os.fsencode(git.root) + b"/")
        self.label = "worktree"
        self._sparse: dict[str, Entry] = {}
        listing = ("-t", "-s", "-z", "--cached", "--others", "--exclude-standard")
        tracked: set[str] = set()
        self._listed: set[str] = set()
        for words, path in _split_tagged(git.run("ls-files", *listing)):
            tracked.update((path,) if words else ())
            if not self._disk.is_gone(path):
                self._listed.add(path.removesuffix("/"))
            elif words and words[0] == "S":
                self._sparse[path] = entry(words[1], words[2])
        self.tracked = frozenset(tracked)

    def paths(self, *trees: str) -> tuple[str, ...]:
        """List the files; see `Snapshot.paths`."""
        return _select((*self._listed, *self._sparse), trees)

    def read(self, path: str) -> Content:
        """Read one file; see `Snapshot.read`."""
        if path in self._sparse:
            return dict(self.read_many((path,)))[path]
        return self._disk.read(path) if path in self._listed else ABSENT

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, Content]]:
        """Read many files; see `Snapshot.read_many`."""
        if not self._sparse:
            yield from ((path, self.read(path)) for path in paths)
            return
        wanted = tuple(paths)
        hidden = [(path, self._sparse[path]) for path in wanted if path in self._sparse]
        contents = dict(read_blobs(self._git, hidden))
        for path in wanted:
            yield path, contents[path] if path in contents else self.read(path)
