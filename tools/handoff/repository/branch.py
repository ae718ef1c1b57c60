"""A branch of the remote that carries one proposal: read it, add to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from handoff.repository import failure
from handoff.repository.git import Git
from handoff.repository.ledger_commit import Author, write_commit
from handoff.repository.ledger_refs import FETCH, PUSH
from handoff.repository.snapshot import CommitSnapshot
from handoff.repository.unreadable import Unreadable

_GONE = "couldn't find remote ref"


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch as the remote has it.

    Attributes:
        tip: full id of its commit; empty where there is no such branch.
        last_by: address of the author of that commit.
    """

    name: str
    tip: str
    last_by: str = ""

    def read(self, git: Git, path: str) -> bytes | None:
        """Give a file of it; `None` where it is not there."""
        if not self.tip:
            return None
        content = CommitSnapshot(git, self.tip).read(path)
        return None if isinstance(content, Unreadable) else content


def fetch_branch(git: Git, remote: str, name: str) -> Branch:
    """Bring a branch here.

    Raises:
        HandoffError: the remote cannot be reached, or the branch was rewritten.
    """
    tracking = f"refs/remotes/{remote}/{name}"
    refused = git.attempt(*FETCH, "--", remote, f"refs/heads/{name}:{tracking}")
    if refused is None:
        tip = git.resolve(tracking)
        by = git.run("show", "--no-patch", "--format=%ae", tip).decode().strip()
        return Branch(name, tip, by)
    if _GONE not in refused:
        raise failure.unreachable(remote, refused)
    git.attempt("update-ref", "-d", tracking)
    return Branch(name, "")


def offer_branch(  # noqa: PLR0913, PLR0917 - one parameter for each part of a commit
    git: Git,
    remote: str,
    branch: Branch,
    parent: str,
    files: Mapping[str, bytes],
    author: Author,
    now: datetime,
    message: str,
) -> str | None:
    """Add a commit to a branch, if its tip still is what it was; nothing is forced.

    Returns:
        `None` if it went well, or else what git said.
    """
    commit = write_commit(git, parent, files, author, now, message=message)
    spec = f"{commit}:refs/heads/{branch.name}"
    refused = git.attempt(*PUSH, "--", remote, spec)
    if refused is None:
        tracking = f"refs/remotes/{remote}/{branch.name}"
        git.attempt("update-ref", tracking, commit)
    return refused
