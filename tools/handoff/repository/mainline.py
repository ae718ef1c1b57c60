"""The branch that is shared: bringing it here, and adding a commit by plain push."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from handoff.model.errors import HandoffError
from handoff.repository import failure
from handoff.repository.git import Git
from handoff.repository.ledger_commit import Author, write_commit

_FETCH = (
    "fetch",
    "--no-tags",
    "--no-prune",
    "--no-write-fetch-head",
    "--no-auto-maintenance",
    "--no-recurse-submodules",
)
_PUSH = ("push", "--no-verify", "--no-follow-tags", "--recurse-submodules=no")
_RACED = ("fetch first", "non-fast-forward", "cannot lock ref", "stale info")


@dataclass(frozen=True, slots=True)
class Offered:
    """What came of offering a commit.

    Attributes:
        commit: its full id.
        refused: what git said; empty if the commit is on the branch.
        is_late: whether another writer was quicker, so that it is worth another try.
    """

    commit: str
    refused: str = ""
    is_late: bool = False


def fetch_branch(git: Git, remote: str, branch: str) -> str:
    """Bring a branch of the remote here, without touching one of our own.

    Returns:
        The full id of its last commit.

    Raises:
        HandoffError: the remote cannot be reached, has no such branch, or its history
            no longer holds what this clone has seen of it.
    """
    tracking = f"refs/remotes/{remote}/{branch}"
    # No plus before the refspec: a branch that was rewritten is refused.
    spec = f"refs/heads/{branch}:{tracking}"
    refused = git.attempt(*_FETCH, "--", remote, spec)
    if refused is None:
        return git.resolve(tracking)
    if "non-fast-forward" in refused:
        message = f"the branch `{branch}` of `{remote}` was rewritten"
        hint = (
            "Nothing was written. Ask who forced that push; what this clone has seen "
            f"is still in `{tracking}`."
        )
        raise HandoffError(message, hint)
    raise failure.unreachable(remote, refused)


def fetch_commit(git: Git, remote: str, ref: str, commit: str) -> bool:
    """Bring a commit here that a ref of the remote leads to, if it still does."""
    if _has(git, commit):
        return True
    git.attempt(*_FETCH, "--", remote, ref)
    return _has(git, commit)


def _has(git: Git, commit: str) -> bool:
    return git.attempt("cat-file", "-e", f"{commit}^{{commit}}") is None


def is_part_of(git: Git, commit: str, tip: str) -> bool:
    """Tell whether a commit lies in the history of another."""
    return git.attempt("merge-base", "--is-ancestor", commit, tip) is None


def blob_at(git: Git, commit: str, path: str) -> str:
    """Give the id of a file's content in a commit; empty if it is not there."""
    listed = git.run("ls-tree", "-z", commit, "--", path)
    head, _, _ = listed.partition(b"\t")
    return head.split(b" ")[-1].decode() if listed else ""


def changed_paths(git: Git, old: str, new: str) -> frozenset[str]:
    """Name the files that differ between two commits, given by their full ids."""
    listed = git.fields("diff", "--name-only", "--no-renames", "-z", old, new)
    return frozenset(path.decode("utf-8", "surrogateescape") for path in listed)


def add_commit(  # noqa: PLR0913 - one parameter for each thing a commit has
    git: Git,
    remote: str,
    branch: str,
    parent: str,
    files: Mapping[str, bytes],
    *,
    message: str,
    author: Author,
    now: datetime,
) -> Offered:
    """Add one commit to a branch of the remote, if `parent` still is its tip.

    Neither work tree nor index nor a branch of this clone is touched, and nothing is
    forced.
    """
    commit = write_commit(git, parent, files, author, now, message=message)
    spec = f"{commit}:refs/heads/{branch}"
    refused = git.attempt(*_PUSH, "--", remote, spec)
    if refused is None:
        git.attempt("update-ref", f"refs/remotes/{remote}/{branch}", commit)
        return Offered(commit)
    is_late = any(word in refused for word in _RACED)
    return Offered(commit, refused, is_late)
