"""The records of a snapshot with those that wait on open branches (domain part 9)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from handoff.document.merging import merge_records
from handoff.policy.policy import Policy
from handoff.records.moves import moved_apart
from handoff.repository.branches import Change, OpenBranch
from handoff.repository.git import Git
from handoff.repository.objects import Entry, read_blobs
from handoff.repository.overlay import OverlaySnapshot
from handoff.repository.snapshot import Snapshot
from handoff.repository.unreadable import ABSENT, Content


@dataclass(frozen=True, slots=True)
class Clash:
    """A record that two places say different things of, and only one is shown.

    Attributes:
        shown: the branch whose version is shown; empty for the snapshot itself.
        hidden: the branch whose version is not.
    """

    path: str
    shown: str
    hidden: str


@dataclass(frozen=True, slots=True)
class Gathered:
    """A snapshot with what waits on branches.

    Attributes:
        branches: for each record that is not as the snapshot alone has it, the branch
            it comes from.
        clashes: records that could not be brought together.
    """

    snapshot: Snapshot
    branches: Mapping[str, str] = field(default_factory=dict)
    clashes: tuple[Clash, ...] = ()


def gather(
    git: Git, snapshot: Snapshot, branches: Iterable[OpenBranch], policy: Policy
) -> Gathered:
    """Put what branches added or changed over a snapshot, each record once.

    What both changed is merged as git would merge it with the merge driver; where a
    person would have to decide, also because both moved the deal, what came first is
    kept: the snapshot, then the branches by name.

    Args:
        git: the repository.
        snapshot: what the branches will be merged into.
        branches: by name.
        policy: says which events move a deal, and where a day ends.
    """
    waiting = [
        (branch.name, change) for branch in branches for change in branch.changes
    ]
    if not waiting:
        return Gathered(snapshot)
    blobs = _contents(git, (change for _, change in waiting))
    changed: dict[str, bytes] = {}
    homes: dict[str, str] = {}
    clashes: list[Clash] = []
    for name, change in waiting:
        path, theirs = change.path, blobs[change.after]
        ours = changed[path] if path in changed else snapshot.read(path)
        merged = _merged(ours, theirs, blobs.get(change.before), path, policy)
        if merged is None:
            clashes.append(Clash(path, homes.get(path, ""), name))
        elif merged != ours:
            changed[path] = merged
            homes[path] = f"{homes[path]}, {name}" if path in homes else name
    return Gathered(OverlaySnapshot(snapshot, changed), homes, tuple(clashes))


def _contents(git: Git, changes: Iterable[Change]) -> Mapping[Entry | None, Content]:
    """Read the contents that changes name, each once."""
    listed = (each for c in changes for each in (c.before, c.after))
    wanted = dict.fromkeys(each for each in listed if each is not None)
    return {
        each: content
        for each, (_, content) in zip(
            wanted, read_blobs(git, (("", each) for each in wanted)), strict=True
        )
    }


def _merged(
    ours: Content, theirs: Content, before: Content | None, path: str, policy: Policy
) -> bytes | None:
    """Bring two versions together; `None` where a person has to decide."""
    if not isinstance(theirs, bytes):
        return None
    if ours is ABSENT or ours in (before, theirs):
        return theirs
    if not isinstance(ours, bytes):
        return None
    base = before if isinstance(before, bytes) else b""
    if moved_apart(base, ours, theirs, path, policy):
        return None
    merge = merge_records(base, ours, theirs, label=path, zone=policy.zone)
    return None if merge.conflicts else merge.content
