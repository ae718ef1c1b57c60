"""Which commit wrote each line of a file, in a history of any length.

`git blame` looks at every commit back to the one that wrote the oldest line. Between
two commits of the first-parent line that changed a file there is nothing to blame, so
git is led past them by a graft file that only this one question sees. Where a file was
removed, or may have had another name, git goes the whole way.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from tempfile import NamedTemporaryFile

from handoff.repository.git import Git
from handoff.repository.history import introduced_lines
from handoff.repository.lineage import Lineage, Step, read_lineage
from handoff.repository.log import Change

_INDEX = "handoff/history"
_REACH = 1_000  # commits before a merge among which its branch probably began


def writers(
    git: Git, rev: str, paths: Sequence[str], *, may_recall: bool = True
) -> Iterator[tuple[tuple[str, int], str]]:
    """Give path and number, from 1, of each line of some files, with its commit.

    Args:
        git: the repository.
        rev: the revision, as a person names it.
        paths: of the files, which are there in that revision.
        may_recall: whether what `handoff history` remembered of the history may be
            used. It changes no answer; without it git looks at every commit.

    Raises:
        HandoffError: see `introduced_lines`.
    """
    is_known = may_recall and git.private_path(_INDEX).exists()
    lineage = read_lineage(git, rev, paths) if is_known else None
    for path in paths:
        found = _led(git, lineage, path) if lineage else {}
        if not found:
            touches = introduced_lines(git, rev, path).items()
            found = {line: touch.commit for line, touch in touches}
        yield from (((path, line), commit) for line, commit in found.items())


@dataclass(frozen=True, slots=True)
class _Way:
    """A shorter history, in which a file has the same past.

    Attributes:
        parents: of each commit that is to have others than its own.
        ends: the commits before the file was there, at which it ends.
    """

    parents: dict[str, tuple[str, ...]] = field(default_factory=dict)
    ends: set[str] = field(default_factory=set)


def _led(git: Git, lineage: Lineage, path: str) -> Mapping[int, str]:
    """Blame a shorter history; nothing where that may not give the same answer."""
    line = _line(lineage, path)
    if not line:
        return {}
    way = _way(git, lineage.rev, line)
    with NamedTemporaryFile("w", encoding="ascii", suffix=".grafts") as file:
        file.writelines(f"{' '.join((c, *p))}\n" for c, p in way.parents.items())
        file.flush()
        environment = {**git.environment, "GIT_GRAFT_FILE": file.name}
        led = replace(git, environment=environment)
        touches = introduced_lines(led, lineage.rev, path)
    found = {number: touch.commit for number, touch in touches.items()}
    return {} if way.ends.intersection(found.values()) else found


def _line(lineage: Lineage, path: str) -> list[Step]:
    """Give the commits of the first-parent line that made a file what it is.

    From the one that brought it, oldest first. None where it was removed or brought
    more than once, which only git can follow.
    """
    touched = [
        (step, change)
        for step in lineage.steps
        for change in step.changes
        if change.path == path
    ]
    landed = [(step, change) for step, change in touched if step.landed]
    while any(change.before is None for _, change in landed[1:]):
        del landed[0]
    aside = [(step, change) for step, change in touched if not step.landed]
    is_removed = any(change.after is None for _, change in (*landed, *aside))
    brought = sum(_is_new(change) and not step.is_merge for step, change in aside)
    is_brought = bool(landed) and _is_new(landed[0][1])
    if not is_brought or is_removed or brought > landed[0][0].is_merge:
        return []
    return [step for step, _ in landed]


def _is_new(change: Change) -> bool:
    return change.before is None


def _way(git: Git, tip: str, line: Sequence[Step]) -> _Way:
    """Lead from the tip along the commits of a line.

    A branch may begin at any commit before its merge; from there, too, the next of
    the line is not far.
    """
    way = _Way()
    first, last = line[0], line[-1]
    for end in _before(git, first, ()):
        way.parents[end] = ()
        way.ends.add(end)
    for older, newer in pairwise(line):
        if newer.is_merge:
            others = _before(git, newer, (f"^{older.commit}",))
            way.parents.update(dict.fromkeys(others, (older.commit,)))
        way.parents[newer.commit] = (older.commit, *_merged(git, newer))
    if tip != last.commit:
        way.parents[tip] = (last.commit,)
    return way


def _before(git: Git, step: Step, without: tuple[str, ...]) -> list[str]:
    """List commits of the first-parent line before one, as far as it may matter."""
    reach = _REACH if step.is_merge else 1
    words = ("--first-parent", "--skip=1", f"--max-count={reach}", step.commit)
    return git.run("rev-list", *words, *without).decode().split()


def _merged(git: Git, step: Step) -> list[str]:
    """List the parents of a commit but for the first."""
    told = git.run("rev-parse", f"{step.commit}^@").decode() if step.is_merge else ""
    return told.split()[1:]
