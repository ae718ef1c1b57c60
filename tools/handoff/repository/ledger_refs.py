"""Where the ledger lies, here and at the remote, and how a commit is offered to it."""

from handoff.repository import failure
from handoff.repository.git import Git

BRANCH = "handoff-ledger"
REMOTE = "origin"
_LOCAL = f"refs/heads/{BRANCH}"
# Settings of the user that would make git do more than what it is asked for.
FETCH = (
    "fetch",
    "--no-tags",
    "--no-prune",
    "--no-write-fetch-head",
    "--no-auto-maintenance",
    "--no-recurse-submodules",
)
# Hooks of this clone judge records, and a ledger holds none.
PUSH = ("push", "--no-verify", "--no-follow-tags", "--recurse-submodules=no")


def tracking(remote: str) -> str:
    """Name the ref that holds what a remote's ledger was when it was last fetched."""
    return f"refs/remotes/{remote}/{BRANCH}"


def remote_of(git: Git) -> str | None:
    """Give the remote that the ledger is shared through; `None` if there is none."""
    return REMOTE if REMOTE in git.run("remote").decode().split("\n") else None


def tip_of(git: Git, remote: str | None = REMOTE) -> str:
    """Give the commit of the ledger that this clone knows; empty if none.

    That is the one fetched last, or else that of the local branch.
    """
    wanted = (tracking(remote), _LOCAL) if remote else (_LOCAL,)
    listed = git.run("for-each-ref", "--format=%(refname) %(objectname)", *wanted)
    known = dict(line.split(" ") for line in listed.decode().splitlines())
    return next((known[ref] for ref in wanted if ref in known), "")


def fetch_ledger(git: Git, remote: str) -> str:
    """Bring the remote's ledger here.

    Returns:
        The full id of its commit; that of the local branch where the remote has no
        ledger yet; empty where there is none at all.

    Raises:
        HandoffError: the remote cannot be reached; or its ledger lost what this clone
            has seen, by a forced push or because the branch was deleted.
    """
    # No plus before the refspec: a ledger that was rewritten is refused.
    refused = git.attempt(*FETCH, "--", remote, f"{_LOCAL}:{tracking(remote)}")
    if refused is None:
        return tip_of(git, remote)
    if "non-fast-forward" in refused:
        raise failure.ledger_rewritten(remote)
    if "couldn't find remote ref" not in refused:
        raise failure.unreachable(remote, refused)
    if git.run("for-each-ref", "--format=%(refname)", tracking(remote)):
        raise failure.ledger_gone(remote)
    return tip_of(git, None)


def offer(git: Git, remote: str | None, commit: str, parent: str) -> str | None:
    """Make a commit the tip of the ledger, if `parent` still is.

    Returns:
        `None` if it went well, or else what git said.
    """
    if remote is None:
        return git.attempt("update-ref", _LOCAL, commit, parent)
    refused = git.attempt(*PUSH, "--", remote, f"{commit}:{_LOCAL}")
    if refused is None:
        git.attempt("update-ref", tracking(remote), commit)
    return refused


def holds(git: Git, tip: str, commit: str) -> bool:
    """Tell whether a commit is part of the ledger that ends at `tip`."""
    if not (tip and commit):
        return False
    return git.attempt("merge-base", "--is-ancestor", commit, tip) is None
