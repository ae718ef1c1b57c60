"""The whole history of a revision, and which of its commits brought which others."""

from collections.abc import Mapping
from dataclasses import dataclass

from handoff.repository.git import Git
from handoff.repository.log import RAW, Commit, Watch, read_log


@dataclass(frozen=True, slots=True)
class Line:
    """All commits of a revision, ancestors before descendants.

    Attributes:
        landed: full ids of those on the first-parent line, oldest first.
        brought: for each commit, the index in `landed` of the one that brought it:
            itself, or the merge by which it landed.
    """

    commits: tuple[Commit, ...]
    landed: tuple[str, ...]
    brought: Mapping[str, int]

    def is_landed(self, commit: Commit) -> bool:
        """Tell whether a commit stands on the first-parent line."""
        return self.landed[self.brought[commit.id]] == commit.id


def read_line(git: Git, tip: str, watch: Watch = iter) -> Line:
    """Read the whole history of a commit in one pass.

    Args:
        git: the repository.
        tip: full id of the commit.
        watch: sees the commits that are read.

    Raises:
        HandoffError: the clone is shallow.
    """
    git.require_full_history()
    commits = tuple(watch(read_log(git, *RAW, tip, "--")))[::-1]
    by_id = {commit.id: commit for commit in commits}
    landed = [tip]
    while parents := by_id[landed[-1]].parents:
        landed.append(parents[0])
    landed.reverse()
    return Line(commits, tuple(landed), _brought(landed, by_id))


def is_held(git: Git, commit: str) -> bool:
    """Tell whether a branch of this clone, or one it tracks, contains a commit."""
    if git.attempt("cat-file", "-e", f"{commit}^{{commit}}") is not None:
        return False
    refs = ("refs/heads", "refs/remotes")
    return bool(git.run("for-each-ref", "--count=1", f"--contains={commit}", *refs))


def _brought(landed: list[str], by_id: Mapping[str, Commit]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for index, commit in enumerate(landed):
        waiting = [commit]
        while waiting:
            current = waiting.pop()
            if current not in found:
                found[current] = index
                waiting += by_id[current].parents
    return found
