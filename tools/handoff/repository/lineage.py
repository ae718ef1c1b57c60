"""The commits that made some records what they are, with what each changed.

In one pass over the log, whatever the number of records or commits, or from what is
remembered of it; only a record that was renamed, which the gate refuses once it is
filed, costs one more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from handoff.repository.git import Git
from handoff.repository.log import RAW, Change, Commit, Watch, read_log

if TYPE_CHECKING:
    from handoff.repository.history_index import HistoryIndex

_FEWEST = 10_000  # with fewer objects a pass is over before an index would be open


@dataclass(frozen=True, slots=True)
class Step:
    """One commit that touched the records.

    Attributes:
        commit: full id.
        author: name of the author; `email` is the address.
        committed: when the committer says so, UTC; `None` if that cannot be read.
        landed: whether it stands on the first-parent line of the revision.
        is_merge: whether it has several parents; its changes are those against the
            first, most of which other steps have made before.
        changes: of the records asked for, under the names they had then.
    """

    commit: str
    author: str
    email: str
    committed: datetime | None
    landed: bool
    is_merge: bool
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Lineage:
    """Steps of some records, ancestors before descendants.

    Attributes:
        rev: full id of the revision; empty before the first commit.
        renamed: newer path to the older path of the same record.
    """

    rev: str
    steps: tuple[Step, ...]
    renamed: tuple[tuple[str, str], ...]

    def called(self, path: str) -> str:
        """Give the name that a record has now by one that it had."""
        later = {old: new for new, old in self.renamed}
        for _ in later:
            path = later.get(path, path)
        return path


def read_lineage(
    git: Git,
    rev: str,
    paths: Iterable[str],
    *,
    may_recall: bool = True,
    watch: Watch = iter,
) -> Lineage:
    """Read what happened to some records, also under earlier names.

    Args:
        git: the repository.
        rev: the revision, as a person names it.
        paths: where the records are, in that revision.
        may_recall: whether what an earlier run remembered of the history may be used.
        watch: sees the commits that are read.

    Raises:
        HandoffError: the clone is shallow, or `rev` names no commit.
    """
    git.require_full_history()
    if rev == "HEAD" and git.is_unborn():
        return Lineage("", (), ())
    tip = git.resolve(rev)
    index = _index(git, tip, watch) if may_recall else None
    renamed: dict[str, str] = {}
    wanted = tuple(paths)
    new = wanted
    while new:
        found = index.commits(wanted) if index else _passed(git, tip, wanted, watch)
        steps = tuple(_step(commit, landed=landed) for commit, landed in found)
        renamed |= _earlier_names(git, steps, new)
        new = tuple(old for old in renamed.values() if old not in wanted)
        wanted += new
    return Lineage(tip, steps if wanted else (), tuple(sorted(renamed.items())))


def _index(git: Git, tip: str, watch: Watch) -> "HistoryIndex | None":
    """Open what is remembered of a history that is long enough."""
    if _objects(git) < _FEWEST:
        return None
    from handoff.repository.history_index import open_index  # noqa: PLC0415 - slow

    return open_index(git, tip, watch)


def _objects(git: Git) -> int:
    """Count the objects of a repository: a commit of a record brings three or more."""
    lines = git.run("count-objects", "-v").decode().splitlines()
    counts = dict(line.split(": ", 1) for line in lines)
    return int(counts["count"]) + int(counts["in-pack"])


def _passed(
    git: Git, tip: str, paths: tuple[str, ...], watch: Watch
) -> list[tuple[Commit, bool]]:
    """Give what touched the paths, and whether it landed, by a pass over the log."""
    expected = tip
    found = []
    for commit in watch(read_log(git, *RAW, tip, "--", *paths)):
        landed = commit.id == expected
        expected = next(iter(commit.parents), "") if landed else expected
        if commit.changes:
            found.append((commit, landed))
    return found[::-1]


def _step(commit: Commit, *, landed: bool) -> Step:
    return Step(
        commit.id,
        commit.author,
        commit.email,
        commit.committed,
        landed,
        len(commit.parents) > 1,
        commit.changes,
    )


def _earlier_names(
    git: Git, steps: tuple[Step, ...], paths: tuple[str, ...]
) -> dict[str, str]:
    """Find the paths from which git says that some of the paths were renamed."""
    found: dict[str, str] = {}
    for path in paths:
        first = next((s for s in steps if any(c.path == path for c in s.changes)), None)
        if first and not first.is_merge:
            renames = _renames(git, first.commit)
            found |= {path: renames[path]} if path in renames else {}
    return found


def _renames(git: Git, commit: str) -> dict[str, str]:
    """Read the renames of one commit, new path to old."""
    words = ("diff-tree", "-r", "-z", "-M", "--diff-filter=R", "--no-commit-id", commit)
    fields = [f.decode("utf-8", "surrogateescape") for f in git.fields(*words)]
    return dict(zip(fields[2::3], fields[1::3], strict=True))
