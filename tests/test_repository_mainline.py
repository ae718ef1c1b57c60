"""The shared branch: brought here, added to by plain push, never forced."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from handoff.model.errors import HandoffError
from handoff.repository.git import Git
from handoff.repository.ledger import BOT
from handoff.repository.mainline import (
    Offered,
    add_commit,
    blob_at,
    changed_paths,
    fetch_branch,
    fetch_commit,
    is_part_of,
)
from support.git import Repository

NOW = datetime(2026, 4, 22, 12, tzinfo=UTC)


@pytest.fixture
def remote(tmp_path: Path) -> Repository:
    return Repository.create(tmp_path / "remote.git", "--bare")


@pytest.fixture
def clone(tmp_path: Path, remote: Repository) -> Repository:
    work = Repository.create(tmp_path / "work")
    work.write("a.md", "one\n")
    work.commit("Begin")
    work.git("remote", "add", "origin", str(remote.root))
    work.git("push", "--quiet", "origin", "main")
    return work


def offer(git: Git, parent: str) -> Offered:
    files = {"b c.md": b"two\n"}
    return add_commit(
        git, "origin", "main", parent, files, message="Add\n", author=BOT, now=NOW
    )


def test_a_commit_is_added_without_touching_the_clone(
    clone: Repository, remote: Repository
) -> None:
    git = Git.discover(clone.root)
    clone.write("a.md", "typed, not committed\n")
    before = clone.head()
    tip = fetch_branch(git, "origin", "main")
    offered = offer(git, tip)
    assert (offered.refused, offered.is_late) == ("", False)
    assert remote.git("rev-parse", "main") == offered.commit
    assert remote.git("log", "-1", "--format=%an|%ae|%aI|%s", "main") == (
        "handoff|ledger@handoff.invalid|2026-04-22T12:00:00+00:00|Add"
    )
    assert changed_paths(git, tip, offered.commit) == {"b c.md"}
    assert clone.head() == before
    assert clone.git("status", "--porcelain") == " M a.md"
    assert fetch_branch(git, "origin", "main") == offered.commit
    assert is_part_of(git, tip, offered.commit)
    assert not is_part_of(git, offered.commit, tip)
    assert not is_part_of(git, "0" * 40, tip)


def test_the_same_commit_has_the_same_id(clone: Repository) -> None:
    git = Git.discover(clone.root)
    assert offer(git, clone.head()).commit == offer(git, clone.head()).commit


def test_who_is_late_is_told_so(clone: Repository) -> None:
    git = Git.discover(clone.root)
    first = clone.head()
    assert not offer(git, first).refused
    clone.write("a.md", "other\n")
    clone.commit("Other")
    late = add_commit(
        git,
        "origin",
        "main",
        first,
        {"c.md": b"x\n"},
        message="Late\n",
        author=BOT,
        now=NOW,
    )
    assert late.is_late


def test_a_branch_that_refuses_says_why(clone: Repository, remote: Repository) -> None:
    hook = remote.write("hooks/pre-receive", "#!/bin/sh\necho protected\nexit 1\n")
    hook.chmod(0o755)
    offered = offer(Git.discover(clone.root), clone.head())
    assert "protected" in offered.refused
    assert not offered.is_late


def test_a_rewritten_branch_is_not_followed(
    clone: Repository, remote: Repository
) -> None:
    git = Git.discover(clone.root)
    seen = offer(git, clone.head()).commit
    remote.git("update-ref", "refs/heads/main", f"{seen}~1")
    with pytest.raises(HandoffError, match="the branch `main` of `origin` was rewritt"):
        fetch_branch(git, "origin", "main")


def test_a_remote_that_is_gone_says_what_to_do(clone: Repository) -> None:
    clone.git("remote", "set-url", "origin", "/nowhere/at/all")
    with pytest.raises(HandoffError, match="could not be brought from `origin`"):
        fetch_branch(Git.discover(clone.root), "origin", "main")


def test_a_commit_of_a_pull_request_is_brought(
    tmp_path: Path, clone: Repository, remote: Repository
) -> None:
    other = Repository(tmp_path / "other")
    clone.git("clone", "--quiet", str(remote.root), str(other.root))
    other.write("d.md", "x\n")
    head = other.commit("Propose")
    other.git("push", "--quiet", "origin", "HEAD:refs/pull/7/head")
    git = Git.discover(clone.root)
    assert fetch_commit(git, "origin", "refs/pull/7/head", head)
    assert fetch_commit(git, "origin", "refs/pull/8/head", head)  # it is here now
    assert not fetch_commit(git, "origin", "refs/pull/8/head", "1" * 40)
    assert blob_at(git, head, "d.md") == other.git("rev-parse", "HEAD:d.md")
    assert blob_at(git, head, "e.md") == ""
    assert clone.git("for-each-ref", "refs/pull") == ""
