"""What is remembered of a history, so that only what is new in it is read again.

The order of a history is that of its commits, which never change: what stands up to
a *closed* commit is that commit's whole history, and the beginning of that of every
commit made upon it. Who made a commit and what it changed is asked of git each time.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from handoff.repository.git import Git
from handoff.repository.history_moments import marks
from handoff.repository.log import CHANGES, RAW, Commit, Watch, read_log
from handoff.repository.places import ASIDE, CLOSED, LANDED, Places

_WORTH = 1_000  # so many commits take longer to read than to remember
_ROOM = 1 << 32  # places left free for what comes after a commit, read newest first
_BATCH = 500  # ids on one command line
_PART = 20  # marks of the first-parent line, a thousand commits each


@dataclass(frozen=True, slots=True)
class HistoryIndex:
    """Which commits of one history touched a path, without reading all of it.

    Attributes:
        parts: each with the last place in it that belongs to the history.
    """

    git: Git
    parts: tuple[tuple[Places, int], ...]

    def commits(self, paths: tuple[str, ...]) -> Iterator[tuple[Commit, bool]]:
        """Give what touched some paths, and whether it landed; ancestors first."""
        for places, last in self.parts:
            found = places.touching(paths, last)
            for first in range(0, len(found), _BATCH):
                some = dict(found[first : first + _BATCH])
                words = (*CHANGES, "--no-walk=unsorted", *some, "--", *paths)
                for commit in read_log(self.git, *words):
                    if commit.changes:
                        yield commit, some[commit.id]


def open_index(git: Git, tip: str, watch: Watch = iter) -> HistoryIndex:
    """Open the index of a commit's history, made or brought forward as needed.

    Args:
        git: the repository, with its whole history.
        tip: full id of the commit.
        watch: sees the commits that are read.
    """
    file = _file(git)
    kept = Places.recall(file) or _grown(git, tip, file, watch)
    known = kept.place_of(tip)
    base = _base(git, kept, tip, known)
    if base.commit == tip:
        return HistoryIndex(git, ((kept, base.place),))
    new = _read(git, tip, base, kept, watch)
    if new is None:
        base = _NONE
        new = _read(git, tip, base, kept, watch) or kept
    if known is None and new.count() >= _WORTH:
        whole = kept.followed_by(new, base.place) if base.commit else new
        whole.keep(file)
    return HistoryIndex(git, ((kept, base.place), (new, base.place + _ROOM)))


def _grown(git: Git, tip: str, file: Path, watch: Watch) -> Places:
    """Read a history for the first time, in parts: git keeps each part in memory."""
    grown = Places.empty()
    *earlier, last = marks(git, tip)
    for mark in (*earlier[_PART::_PART], last):
        base = _base(git, grown, mark, None)
        new = _read(git, mark, base, grown, watch)
        if new is None:  # the parts stand otherwise when read together
            break
        grown.extend(new, base.place)
    if grown.count() >= _WORTH:
        grown.keep(file)
    return grown


@dataclass(frozen=True, slots=True)
class _Base:
    """The closed commit up to which a history is remembered; none has no id."""

    place: int
    commit: str


_NONE = _Base(-1, "")


def _file(git: Git) -> Path:
    """Give where the index is kept: all work trees of a repository share it."""
    told = git.run("rev-parse", "--git-common-dir").removesuffix(b"\n")
    return git.root / os.fsdecode(told) / "handoff" / "history"


def _base(git: Git, kept: Places, tip: str, known: int | None) -> _Base:
    """Find the last closed commit that a history shares with what is remembered.

    That it does is only likely: `_read` makes sure of it.
    """
    place = known
    if place is None and (newest := kept.newest()):
        words = ("rev-list", "--boundary", "--ignore-missing", tip, f"^{newest}")
        bounds = [
            line[1:] for line in git.run(*words).decode().split() if line[0] == "-"
        ]
        places = [p for b in bounds if (p := kept.place_of(b)) is not None]
        place = min(places, default=None)
    found = kept.closed(place) if place is not None else None
    return _Base(*found) if found else _NONE


def _read(git: Git, tip: str, base: _Base, kept: Places, watch: Watch) -> Places | None:
    """Read what a commit has in its history beyond the base.

    The base is read with it: where it comes last, closed, its history follows.

    Returns:
        Nothing if that history is not what is remembered up to the base.
    """
    new, place, is_met = Places.empty(), base.place + _ROOM, False
    without = (f"^{base.commit}^@",) if base.commit else ()
    log = read_log(git, *RAW, tip, *without, "--")
    for commit, standing in _standing(watch(log), tip):
        at = kept.place_of(commit.id)
        if is_met:
            return None
        if at is None or at > base.place:
            place -= 1
            paths = (change.path for change in commit.changes)
            new.add(place, commit.id, standing, paths)
        elif commit.id == base.commit and standing == CLOSED:
            is_met = True
        else:
            return None
    return new if is_met or not base.commit else None


def _standing(log: Iterator[Commit], tip: str) -> Iterator[tuple[Commit, int]]:
    """Tell how each commit stands in the history of the first; descendants first."""
    expected, waiting = tip, {tip}
    for commit in log:
        standing = ASIDE
        if commit.id == expected:
            standing = CLOSED if waiting == {commit.id} else LANDED
            expected = next(iter(commit.parents), "")
        waiting.discard(commit.id)
        waiting.update(commit.parents)
        yield commit, standing
