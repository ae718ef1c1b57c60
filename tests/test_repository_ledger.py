"""The ledger branch, with real remotes."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from handoff.model.entry import JSON, Entry, EntryKind
from handoff.model.errors import HandoffError
from handoff.repository.git import Git
from handoff.repository.ledger import (
    BRANCH,
    EMPTY,
    Appended,
    Ledger,
    append,
    fetch_ledger,
    read_ledger,
    remote_of,
)
from support.git import Repository

NOW = datetime(2026, 4, 21, 10, tzinfo=UTC)
REF = f"refs/heads/{BRANCH}"


def _entry(key: str, **body: JSON) -> Entry:
    return Entry(EntryKind.RECEIPT, key, body)


def _git(repository: Repository) -> Git:
    return Git.discover(repository.root)


def _append(repository: Repository, *entries: Entry) -> Appended:
    return append(_git(repository), entries, remote="origin", now=NOW)


@pytest.fixture
def hub(tmp_path: Path) -> Repository:
    """Give a bare repository with one commit on `main`."""
    first = Repository.create(tmp_path / "first")
    first.write("note.md", "A note.\n")
    first.commit()
    first.git("clone", "--quiet", "--bare", ".", str(tmp_path / "hub"))
    return Repository(tmp_path / "hub")


def _clone(hub: Repository, name: str) -> Repository:
    hub.git("clone", "--quiet", str(hub.root), str(hub.root.parent / name))
    return Repository(hub.root.parent / name)


def test_there_is_none_at_first(hub: Repository) -> None:
    clone = _clone(hub, "a")
    assert read_ledger(_git(clone)) == EMPTY
    assert fetch_ledger(_git(clone), "origin") == ""
    assert remote_of(_git(clone)) == "origin"
    clone.git("remote", "rename", "origin", "elsewhere")
    assert remote_of(_git(clone)) is None


def test_what_one_clone_adds_another_reads(hub: Repository) -> None:
    one, other = _clone(hub, "a"), _clone(hub, "b")
    done = _append(one, _entry("x", n=1), _entry("y", n=2))
    assert done == Appended((_entry("x", n=1), _entry("y", n=2)), (), done.tip)
    assert read_ledger(_git(other)) == EMPTY
    assert fetch_ledger(_git(other), "origin") == done.tip
    ledger = read_ledger(_git(other))
    assert ledger.tip == done.tip
    assert ledger.get(EntryKind.RECEIPT, "y") == _entry("y", n=2)
    assert ledger.get(EntryKind.INTENT, "y") is None
    listed = sorted(ledger.of(EntryKind.RECEIPT), key=lambda entry: entry.key)
    assert listed == [_entry("x", n=1), _entry("y", n=2)]
    assert read_ledger(_git(one)) == ledger


def test_a_key_is_written_once(hub: Repository) -> None:
    one, other = _clone(hub, "a"), _clone(hub, "b")
    first = _append(one, _entry("x", n=1))
    second = _append(other, _entry("x", n=2), _entry("y", n=1), _entry("y", n=9))
    assert second.existing == (_entry("x", n=1),)
    assert second.added == (_entry("y", n=1),)
    third = _append(one, _entry("y", n=3), _entry("x", n=3))
    assert third == Appended((), (_entry("y", n=1), _entry("x", n=1)), second.tip)
    line = hub.git("rev-list", REF).split()
    assert line == [second.tip, first.tip]


def test_two_writers_of_one_fact_in_one_second_are_not_both_first(
    hub: Repository,
) -> None:
    one, other = _clone(hub, "a"), _clone(hub, "b")
    assert _append(one, _entry("x", n=1)).added
    assert not _append(other, _entry("x", n=1)).added


def test_nothing_else_is_touched(hub: Repository) -> None:
    clone = _clone(hub, "a")
    clone.write("note.md", "Changed.\n")
    clone.write("staged.md", "Staged.\n")
    clone.git("add", "staged.md")
    before = clone.git("status", "--porcelain"), clone.git("diff", "--cached")
    refs = hub.git("for-each-ref", "refs/heads/main"), clone.head()
    _append(clone, _entry("x"))
    after = clone.git("status", "--porcelain"), clone.git("diff", "--cached")
    assert before == after
    assert refs == (hub.git("for-each-ref", "refs/heads/main"), clone.head())
    assert hub.git("for-each-ref", "--format=%(refname)").split() == [
        REF,
        "refs/heads/main",
    ]
    assert clone.git("branch", "--format=%(refname)") == "refs/heads/main"


def test_without_a_remote_the_local_branch_is_the_ledger(
    repository: Repository,
) -> None:
    git = _git(repository)
    done = append(git, [_entry("x")], remote=None, now=NOW)
    again = append(git, [_entry("x", n=2), _entry("y")], remote=None, now=NOW)
    assert again.existing == (_entry("x"),)
    assert read_ledger(git).tip == again.tip == repository.git("rev-parse", REF)
    assert read_ledger(git, done.tip) == replace(
        Ledger({(EntryKind.RECEIPT, "x"): _entry("x")}), tip=done.tip
    )


def test_a_local_ledger_goes_on_at_a_new_remote(hub: Repository) -> None:
    clone = _clone(hub, "a")
    local = append(_git(clone), [_entry("x")], remote=None, now=NOW)
    shared = _append(clone, _entry("x"), _entry("y"))
    assert shared.existing == (_entry("x"),)
    assert hub.git("rev-list", REF).split() == [shared.tip, local.tip]


def test_an_unreachable_remote_is_told(hub: Repository) -> None:
    clone = _clone(hub, "a")
    hub.root.rename(hub.root.with_name("moved"))
    with pytest.raises(HandoffError, match="could not be brought from `origin`") as no:
        _append(clone, _entry("x"))
    assert "git fetch origin" in no.value.hint
