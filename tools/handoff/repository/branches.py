"""The open branches on which records wait, and what each changed (domain part 9)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from handoff.repository.git import Git
from handoff.repository.ledger_refs import BRANCH, REMOTE
from handoff.repository.objects import Entry, entry

_PLACES = ("refs/heads/", f"refs/remotes/{REMOTE}/")
_NOT_OPEN = frozenset({"HEAD", BRANCH})
_DIFF = ("diff-tree", "-r", "-z", "--no-abbrev", "--no-renames")


@dataclass(frozen=True, slots=True)
class Change:
    """A file that a branch added or changed.

    Attributes:
        before: the content where the branch left the present one, if it was there.
        after: its content on the branch.
    """

    path: str
    before: Entry | None
    after: Entry


@dataclass(frozen=True, slots=True)
class OpenBranch:
    """A branch that is not merged yet.

    Attributes:
        name: as people type it, without the name of the remote.
        tip: full id of its last commit.
        changes: what it added or changed, by path.
    """

    name: str
    tip: str
    changes: tuple[Change, ...]


def open_branches(
    git: Git, patterns: Sequence[str], trees: tuple[str, ...]
) -> tuple[OpenBranch, ...]:
    """Find the branches that hold something the current commit does not, by name.

    Args:
        git: the repository.
        patterns: names with `*`, as policy lists them.
        trees: the folders to look at.

    Raises:
        HandoffError: there are such branches, and the clone is shallow.
    """
    named = dict(_named(git, patterns))
    if not named or git.is_unborn():
        return ()
    git.require_full_history()
    head = git.resolve("HEAD")
    # Only what is no ancestor of another: of a branch here and at the remote the newer.
    tips = git.run("merge-base", "--independent", head, *named).decode().split()
    waiting = sorted((named[tip], tip) for tip in tips if tip != head)
    return tuple(
        OpenBranch(name, tip, tuple(_changes(git, head, tip, trees)))
        for name, tip in waiting
    )


def _named(git: Git, patterns: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Give commit and name of each branch that policy calls open."""
    form = "--format=%(objectname) %(refname)"
    for line in git.run("for-each-ref", form, *_PLACES).decode().splitlines():
        commit, _, ref = line.partition(" ")
        name = next(ref.removeprefix(p) for p in _PLACES if ref.startswith(p))
        if name not in _NOT_OPEN and any(fnmatchcase(name, p) for p in patterns):
            yield commit, name


def _changes(git: Git, head: str, tip: str, trees: tuple[str, ...]) -> Iterator[Change]:
    """Compare a branch with the last commit it has in common with the current one.

    A branch that has none was not made from these records, and waits for nothing.
    """
    if git.attempt("merge-base", head, tip) is not None:
        return
    fork = git.run("merge-base", head, tip).decode().strip()
    fields = git.fields(*_DIFF, fork, tip, "--", *trees)
    for heading in fields:
        old_mode, mode, old, new, _ = heading.decode().removeprefix(":").split()
        path = next(fields).decode("utf-8", "surrogateescape")
        if new.strip("0"):
            before = entry(old_mode, old) if old.strip("0") else None
            yield Change(path, before, entry(mode, new))
