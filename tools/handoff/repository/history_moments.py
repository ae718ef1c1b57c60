"""What the first-parent line of a revision held at an instant.

The order is that of ancestry, never of dates. A commit counts as known from the latest
committer time of itself and its first-parent ancestors: a back-dated one cannot slip
under an earlier instant than the commit it was made upon. An unreadable time says
nothing: such a commit counts with its parent.

A line is walked a stretch at a time. What the dates of a stretch are follows from the
id of its last commit, so it is remembered, and only what is new is walked again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from handoff.repository.git import Git
from handoff.repository.log import parse_seconds
from handoff.repository.remembered import Memory, tidy

_NAME, _STAMP = "handoff/line", "dates 1"
_LENGTH = 1_000  # commits in a stretch; fewer are walked sooner than remembered
_AT_ONCE = 100_000  # commits for one git process, which keeps all of them in memory
_UNKNOWN = "-"


@dataclass(frozen=True, slots=True)
class Dated:
    """A commit of a line, and when its committer says so; `None` if not readably."""

    commit: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Known:
    """What a line held at an instant.

    Attributes:
        commit: full id of the last commit that was known.
        late: the commit after it, dated in the future, where some later commit says
            that it is no later than the instant; `None` where dates and ancestry agree.
    """

    commit: str
    late: Dated | None = None


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Commits of a line that follow each other.

    Attributes:
        tip: full id of the newest; `base`: of the commit before the oldest, or empty.
        first: the earliest of their dates; `last`: the latest.
    """

    tip: str
    base: str
    count: int
    first: datetime | None
    last: datetime | None


def commit_at(
    git: Git, instant: datetime, rev: str = "HEAD", *, may_recall: bool = True
) -> str | None:
    """Give the full id of the last commit known at an instant; see `known_at`."""
    found = known_at(git, instant, rev, may_recall=may_recall)
    return found.commit if found else None


def known_at(
    git: Git, instant: datetime, rev: str = "HEAD", *, may_recall: bool = True
) -> Known | None:
    """Find what the first-parent line of a revision held at an instant.

    Args:
        git: the repository.
        instant: the instant.
        rev: the revision, as a person names it.
        may_recall: whether what earlier runs found of the line may be used.

    Returns:
        `None` if there was no commit yet.

    Raises:
        HandoffError: the clone is shallow, or `rev` names no commit.
    """
    git.require_full_history()
    if rev == "HEAD" and git.is_unborn():
        return None
    place = str(git.private_path(_NAME)) if may_recall else ""
    later: list[_Stretch] = []
    passed = None
    for stretch in reversed(_line(git, git.resolve(rev), place)):
        if passed:
            later.append(stretch)
        elif stretch.last and stretch.last > instant:
            passed = stretch
        else:
            known = stretch.tip
    if passed is None:
        return Known(known)
    return _within(git, passed, instant, later)


def marks(git: Git, tip: str) -> tuple[str, ...]:
    """Give commits of the first-parent line of a commit, oldest first, it being last.

    They stand some thousand apart, wherever earlier runs came to a rest.
    """
    line = _line(git, tip, str(git.private_path(_NAME)))
    return tuple(stretch.tip for stretch in reversed(line))


def _within(
    git: Git, stretch: _Stretch, instant: datetime, later: list[_Stretch]
) -> Known | None:
    """Find the last commit known in a stretch that has later ones, or before it."""
    entries = [*_some(git, stretch.tip, stretch.count)][::-1]
    beyond = next(i for i, e in enumerate(entries) if e.at and e.at > instant)
    known = entries[beyond - 1].commit if beyond else stretch.base
    if not known:
        return None
    after = (*(e.at for e in entries[beyond + 1 :]), *(s.first for s in later))
    is_late = any(at is not None and at <= instant for at in after)
    return Known(known, entries[beyond] if is_late else None)


def _line(git: Git, tip: str, place: str) -> list[_Stretch]:
    """Cut a line into stretches, newest first; remember those that are long."""
    memory = Memory(place, _STAMP)
    told = memory.recall()
    line: list[_Stretch] = []
    position = tip
    while position:
        if position in told:
            line.append(_read(position, told[position]))
        else:
            line += _cut(git, position, told)
        position = line[-1].base
    if sum(s.count for s in line if s.tip not in told) >= _LENGTH:
        memory.add({s.tip: _written(s) for s in line})
        tidy(memory, " ".join(s.tip for s in line))
    return line


def _cut(git: Git, tip: str, told: Mapping[str, str]) -> Iterator[_Stretch]:
    """Walk down a line to what is remembered, or to its root."""
    some: list[Dated] = []
    for entry in _walk(git, tip):
        if entry.commit in told or len(some) == _LENGTH:
            yield _stretch(some, entry.commit)
            some = []
        if entry.commit in told:
            return
        some.append(entry)
    yield _stretch(some, "")


def _stretch(entries: list[Dated], base: str) -> _Stretch:
    times = [entry.at for entry in entries if entry.at]
    first, last = min(times, default=None), max(times, default=None)
    return _Stretch(entries[0].commit, base, len(entries), first, last)


def _walk(git: Git, tip: str) -> Iterator[Dated]:
    """Give the commits of a line, newest first."""
    last: Dated | None = Dated(tip, None)
    skipped = 0
    while last:
        start, last = last.commit, None
        for last in _some(git, start, _AT_ONCE, skipped):
            yield last
        skipped = 1


def _some(git: Git, tip: str, count: int, skipped: int = 0) -> Iterator[Dated]:
    words = ("rev-list", "--first-parent", "--timestamp")
    limits = (f"--max-count={count}", f"--skip={skipped}")
    for line in git.fields(*words, *limits, tip, end=b"\n"):
        seconds, commit = line.split()
        yield Dated(commit.decode(), parse_seconds(seconds))


def _written(stretch: _Stretch) -> str:
    ends = (stretch.first, stretch.last)
    dates = (int(at.timestamp()) if at else _UNKNOWN for at in ends)
    return " ".join(map(str, (stretch.count, *dates, stretch.base or _UNKNOWN)))


def _read(tip: str, told: str) -> _Stretch:
    count, *dates, base = told.split()
    first, last = (parse_seconds(date.encode()) for date in dates)
    return _Stretch(tip, "" if base == _UNKNOWN else base, int(count), first, last)
