"""What git says when it fails, told to somebody who does not know git."""

import re
from pathlib import Path

from handoff.model.errors import HandoffError

_TRUSTED = re.compile(r"safe\.directory (.+)")
_SECRET = re.compile(r"://[^/@\s]*@")
_LOCK = re.compile(r"Unable to create '(.+\.lock)': File exists")
_PREFIX = re.compile(r"(?:fatal|error): ")


def git_missing() -> HandoffError:
    """Say that there is no git to run."""
    return HandoffError(
        "git is not installed, or not on the search path",
        "Install git from https://git-scm.com/downloads, then open a new terminal.",
    )


def shallow() -> HandoffError:
    """Refuse a question about history that a shallow clone cannot answer."""
    return HandoffError(
        "this clone is shallow: its history is cut off, so times and authors in it"
        " would be wrong",
        "Run `git fetch --unshallow`; in a CI job set `fetch-depth: 0` at the checkout"
        " step.",
    )


def bare() -> HandoffError:
    """Refuse to read files where only commits exist."""
    return HandoffError(
        "this is a bare repository: it holds commits, but no files to read",
        "Name the commit to look at, for example `--rev main`.",
    )


def inside_git_folder(folder: Path) -> HandoffError:
    """Refuse to work from inside git's own folder."""
    return HandoffError(
        f"`{folder}` is git's own folder, expected the folder with the records",
        "Change to the folder that holds `opportunities` and `handoffs`.",
    )


def stopped() -> HandoffError:
    """Say that git ended in the middle of an answer."""
    return HandoffError(
        "git stopped while it was reading files",
        "Run `git fsck` to see whether the repository is damaged; if it is, make a"
        " new clone.",
    )


def unborn() -> HandoffError:
    """Say that a commit was asked for before the first one was made."""
    return HandoffError(
        "this repository has no commit yet",
        "Make the first one: type `git add --all`, then `git commit`.",
    )


def unknown_revision(rev: str, *, is_ambiguous: bool) -> HandoffError:
    """Say that a revision typed by a person names no commit, or more than one."""
    shown = rev if rev.isprintable() else ascii(rev)
    if is_ambiguous:
        return HandoffError(
            f"`{shown}` names more than one thing, expected exactly one commit",
            "Type more digits of the commit id, or the full name of the branch, for"
            " example `refs/heads/main`.",
        )
    return HandoffError(
        f"`{shown}` names no commit of this repository, expected a branch, a tag or a"
        " commit id",
        "Type `git log --oneline` to see the commits, and `git branch --all` to see"
        " the branches.",
    )


def _told(text: str) -> str:
    """Pick the line with which git says why it failed, without passwords in URLs."""
    lines = [line.strip() for line in text.splitlines()]
    said = [line for line in lines if _PREFIX.match(line)] or lines
    refused = [line for line in lines if "rejected]" in line][:1]
    reason = (refused or said[-1:] or [""])[0]
    return _SECRET.sub("://", _PREFIX.sub("", reason)) or "git gave no reason"


def unreachable(remote: str, text: str) -> HandoffError:
    """Say that nothing could be brought from a remote."""
    if found := _LOCK.search(text):
        return HandoffError(
            f"git is at work here, or was stopped in the middle: `{found[1]}` exists",
            "If no other git is running in this folder, delete that file and run this"
            " again.",
        )
    return HandoffError(
        f"the ledger could not be brought from `{remote}`: {_told(text)}",
        f"Type `git fetch {remote}` to see whether the server answers and lets you"
        " in, then run this again.",
    )


def ledger_rewritten(remote: str) -> HandoffError:
    """Refuse a ledger that no longer holds what it held."""
    return HandoffError(
        f"the branch `handoff-ledger` of `{remote}` was rewritten: facts this clone"
        " has seen are no longer in it",
        "Nothing was written. Ask who forced that push; the facts are still in this"
        f" clone, as `refs/remotes/{remote}/handoff-ledger`.",
    )


def ledger_gone(remote: str) -> HandoffError:
    """Refuse to begin a second ledger where the first one was deleted."""
    ref = f"refs/remotes/{remote}/handoff-ledger"
    return HandoffError(
        f"the branch `handoff-ledger` of `{remote}` was deleted",
        f"Nothing was written. Bring it back from this clone: type `git push {remote}"
        f" {ref}:refs/heads/handoff-ledger`.",
    )


def ledger_newer(path: str) -> HandoffError:
    """Refuse to write beside facts that only a later version understands."""
    return HandoffError(
        f"`{path}` in the ledger was written by a newer handoff",
        "Install the version of handoff that your colleagues and the workflows use.",
    )


def ledger_refused(remote: str | None, attempts: int, reason: str) -> HandoffError:
    """Say that an addition was refused every time, and what git said the last time."""
    place = f"of `{remote}`" if remote else "of this clone"
    return HandoffError(
        f"the branch `handoff-ledger` {place} took nothing in {attempts} attempts:"
        f" {_told(reason)}",
        "Nothing was recorded, and it is safe to run this again. Allow whoever runs"
        " it to push to `handoff-ledger`: look at the branch rules, the token's right"
        " to write contents, and hooks of the server.",
    )


def _foreign(text: str, folder: Path) -> HandoffError:
    """Say that git distrusts the folder, with the one line that changes it."""
    found = _TRUSTED.search(text)
    trusted = found[1] if found else str(folder)
    return HandoffError(
        f"`{folder}` belongs to another user of this computer, so git refuses to read"
        " it",
        f"If you trust it, run `git config --global --add safe.directory {trusted}`.",
    )


def _not_a_repository(folder: Path, *, is_cut: bool) -> HandoffError:
    """Say that there is no repository, or that the link to it leads nowhere."""
    if is_cut:
        return HandoffError(
            f"the `.git` file in `{folder}` points to a repository that is gone",
            "Make a new clone, or run `git worktree repair` in the main repository.",
        )
    return HandoffError(
        f"`{folder}` is not a git repository, and lies in none",
        "Change to the folder of your records, or run `git init` to begin here.",
    )


def explain(command: str, stderr: bytes, folder: Path) -> HandoffError:
    """Turn what git wrote before it failed into one sentence and a remedy.

    Args:
        command: the git command that was run, without its arguments.
        stderr: what git said, in English (`LC_ALL=C`).
        folder: where git was run.
    """
    text = stderr.decode("utf-8", "replace").strip()
    if "dubious ownership" in text or "unsafe repository" in text:
        return _foreign(text, folder)
    if "not a git repository" in text:
        return _not_a_repository(folder, is_cut="not a git repository: " in text)
    if "must be run in a work tree" in text:
        return inside_git_folder(folder)
    lines = [line for line in text.splitlines() if _PREFIX.match(line)] or [text]
    reason = _PREFIX.sub("", lines[-1], count=1) or "it gave no reason"
    return HandoffError(
        f"`git {command}` failed in `{folder}`: {reason}",
        "Run `git fsck` to see whether the repository is damaged; if it is, make a"
        " new clone.",
    )
