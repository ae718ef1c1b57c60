"""Who touched which file when, as git witnesses it, in one pass over the log.

Times are the committers' own clocks: a claim, ordered here by ancestry, never by
date. Two facts are kept apart for every path: that a commit somewhere in the history
changed it, and that the change *landed*, which means it stands on the first-parent
line of the revision (a merge is compared with its first parent). Landed touches
replay to exactly the tree of the revision, whatever was merged, dropped or crossed
over; the others say who wrote the change, and when, before it was merged.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from handoff.repository.git import Git
from handoff.repository.log import RAW, read_log

# The empty name clears the revisions that the user's settings ignore.
_BLAME = (
    "blame",
    "--porcelain",
    "--root",
    "--no-textconv",
    "--encoding=UTF-8",
    "--ignore-revs-file=",
)
_BLAMED = re.compile(rb"^([0-9a-f]{40,64}) [0-9]+ ([0-9]+)(?: [0-9]+)?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Touch:
    """One change of one path by one commit.

    Attributes:
        commit: full id.
        author: name of the author.
        committed: when the committer says so, UTC; `None` if the commit does not
            say, or not in a way that can be read.
        blob: id of the content after the change; `None` if the path was removed.
        email: address of the author.
        landed: whether the commit stands on the first-parent line.
    """

    commit: str
    author: str
    committed: datetime | None
    blob: str | None
    email: str = ""
    landed: bool = True


@dataclass(frozen=True, slots=True)
class History:
    """All touches of all paths in the history of one revision.

    Attributes:
        touched: per path its touches, oldest first: ancestors before descendants.
        rev: full id of the revision; empty before the first commit.
    """

    touched: Mapping[str, tuple[Touch, ...]]
    rev: str = ""

    def touches(self, path: str) -> tuple[Touch, ...]:
        """Give the touches of a path, oldest first; merges that brought it included."""
        return self.touched.get(path, ())

    def first(self, path: str) -> Touch | None:
        """Give the touch that introduced the path, on whatever branch that was."""
        return next(iter(self.touches(path)), None)

    def landing(self, path: str) -> Touch | None:
        """Give the touch by which the path first came to the first-parent line."""
        return next((touch for touch in self.touches(path) if touch.landed), None)

    def last(self, path: str) -> Touch | None:
        """Give the latest landed touch; its blob is what the revision holds."""
        touches = reversed(self.touches(path))
        return next((touch for touch in touches if touch.landed), None)


def read_history(git: Git, rev: str = "HEAD", trees: tuple[str, ...] = ()) -> History:
    """Read the whole history of a revision, or of some folders of it.

    Args:
        git: the repository.
        rev: the revision, as a person names it.
        trees: folders to look at; empty for all. Renames are a removal and an
            addition: the path is the identity.

    Raises:
        HandoffError: the clone is shallow, or `rev` names no commit.
    """
    git.require_full_history()
    if rev == "HEAD" and git.is_unborn():
        return History({})
    tip = git.resolve(rev)
    expected = tip
    touched: dict[str, list[Touch]] = {}
    for commit in read_log(git, *RAW, tip, "--", *trees):
        landed = commit.id == expected
        expected = next(iter(commit.parents), "") if landed else expected
        heading = (commit.id, commit.author, commit.committed)
        for change in commit.changes:
            touch = Touch(*heading, change.after, commit.email, landed)
            touched.setdefault(change.path, []).append(touch)
    return History({path: tuple(touched[path][::-1]) for path in touched}, tip)


def _read_origins(git: Git, ids: set[str], blob: str) -> dict[str, Touch]:
    """Read the headings of some commits, as touches that are not placed on a line."""
    log = read_log(git, "--no-walk=unsorted", *sorted(ids)) if ids else ()
    return {
        commit.id: Touch(
            commit.id, commit.author, commit.committed, blob, commit.email, landed=False
        )
        for commit in log
    }


def introduced_lines(git: Git, rev: str, path: str) -> Mapping[int, Touch]:
    """Tell for each line of one file which commit introduced it.

    One file by design: for all files there is `read_history`. The names come from
    the log, because blame replaces them by those of a `.mailmap` on the disk.

    Returns:
        For each line number (1-based) its commit; `blob` is the content at `rev`,
        `landed` is not looked up and false.

    Raises:
        HandoffError: the clone is shallow or damaged, or there is no such file at
            `rev`.
    """
    git.require_full_history()
    tip = git.resolve(rev)
    blob = git.run("rev-parse", "--verify", "--end-of-options", f"{tip}:{path}")
    # Blame blames the child of a parent that is missing, without a word.
    git.run("rev-list", "--quiet", tip)
    output = git.run(*_BLAME, tip, "--", path)
    lines = {int(line): commit.decode() for commit, line in _BLAMED.findall(output)}
    origins = _read_origins(git, set(lines.values()), blob.decode().strip())
    return {line: origins[commit] for line, commit in lines.items()}
