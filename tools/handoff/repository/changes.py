"""What lies between a base and a snapshot: where they part, paths, and commits."""

from collections.abc import Iterator

from handoff.model.errors import HandoffError
from handoff.repository.changed import changed_paths
from handoff.repository.git import Git
from handoff.repository.log import RAW, Commit, read_log
from handoff.repository.snapshot import (
    CommitSnapshot,
    MemorySnapshot,
    Snapshot,
    WorktreeSnapshot,
)


def tip_of(git: Git, snapshot: Snapshot) -> str:
    """Give the commit a snapshot is, or lies upon; empty before the first one."""
    if isinstance(snapshot, CommitSnapshot):
        return snapshot.label
    return "" if git.is_unborn() else git.resolve("HEAD")


def find_base(git: Git, rev: str, tip: str) -> str:
    """Find the commit from which a snapshot departs.

    Args:
        git: the repository.
        rev: the base as a person names it, such as the branch to merge into.
        tip: the commit the snapshot is, or lies upon; empty before the first one.

    Returns:
        Full id of the latest commit that both have; empty before the first commit.

    Raises:
        HandoffError: `rev` names no commit, the two share none, or the clone is
            shallow and does not hold enough to tell.
    """
    if not tip and rev == "HEAD":
        return ""
    if rev != "HEAD":
        git.require_full_history()
    base = git.resolve(rev)
    if not tip or base == tip:
        return base
    git.require_full_history()
    _, _, *shared = git.run("rev-parse", f"{base}...{tip}").decode().split()
    if not shared:
        message = f"`{rev}` and what is to be judged share no commit"
        hint = "Name the branch that the change is to be merged into."
        raise HandoffError(message, hint)
    return shared[0].removeprefix("^")


def paths_changed(git: Git, base: str, snapshot: Snapshot) -> tuple[str, ...]:
    """List the paths that a snapshot holds with other content, or lost, or gained.

    Args:
        git: the repository.
        base: full id of a commit; empty for none, where everything is new.
        snapshot: a commit, the index, or the files on disk.
    """
    if not base:
        return snapshot.paths()
    is_on_disk = isinstance(snapshot, WorktreeSnapshot)
    return changed_paths(git, base, None if is_on_disk else snapshot.label, ())


def snapshot_at(git: Git, commit: str) -> Snapshot:
    """Give what a commit holds; nothing where there is none."""
    return CommitSnapshot(git, commit) if commit else MemorySnapshot({}, label="")


def commits_between(git: Git, base: str, tips: tuple[str, ...]) -> Iterator[Commit]:
    """Stream the commits that the tips have and the base has not, newest first."""
    if tips:
        yield from read_log(git, *RAW, *tips, *((f"^{base}",) if base else ()), "--")
