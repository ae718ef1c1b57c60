"""Whether main still holds every commit that was judged as part of it."""

from datetime import UTC, datetime

import pytest

from handoff.model.entry import Entry, EntryKind
from handoff.model.errors import HandoffError
from handoff.repository.git import Git
from handoff.repository.ledger import EMPTY, Ledger, append, read_ledger
from handoff.repository.ledger_commit import Author, write_commit
from handoff.repository.ledger_tip import judge_tip, tip_entry
from support.git import Repository

NOW = datetime(2026, 4, 21, 10, tzinfo=UTC)


def _judged(git: Git, *entries: Entry) -> Ledger:
    append(git, entries, remote=None, now=NOW)
    return read_ledger(git)


def test_nothing_was_rewritten_while_main_grows(repository: Repository) -> None:
    first, git = repository.commit(), Git.discover(repository.root)
    assert judge_tip(git, EMPTY, "main") is None
    ledger = _judged(git, tip_entry(first, NOW))
    assert judge_tip(git, ledger, "main") is None
    ledger = _judged(git, tip_entry(repository.commit("more"), NOW))
    repository.commit("and more")
    assert judge_tip(git, ledger, "main") is None


def test_a_commit_that_left_main_is_told(repository: Repository) -> None:
    first, git = repository.commit(), Git.discover(repository.root)
    second = repository.commit("more")
    ledger = _judged(git, tip_entry(first, NOW), tip_entry(second, NOW))
    repository.git("reset", "--quiet", "--hard", first)
    other = repository.commit("instead")
    found = judge_tip(git, ledger, "main")
    assert found
    assert found.lost == (second,)
    assert found.main == other
    assert f"commit {second} was judged" in found.error().message
    assert "handoff ledger accept" in found.error().hint


def test_a_commit_nobody_has_any_more_is_told(repository: Repository) -> None:
    repository.commit()
    git, gone = Git.discover(repository.root), "0123456789" * 4
    found = judge_tip(git, _judged(git, tip_entry(gone, NOW)), "main")
    assert found
    assert found.lost == (gone,)


def test_what_people_accepted_is_told_no_more(repository: Repository) -> None:
    repository.commit()
    git, gone = Git.discover(repository.root), "0123456789" * 4
    accepted = tip_entry(repository.head(), NOW, [gone], reason="A name was removed")
    ledger = _judged(git, tip_entry(gone, NOW), accepted)
    assert judge_tip(git, ledger, "main") is None
    assert ledger.get(EntryKind.TIP, accepted.key) == accepted


@pytest.mark.parametrize("commit", ["main", "--all", "", "HEAD~1", "A" * 40, "^main"])
def test_what_is_no_commit_id_is_no_argument_of_git(
    repository: Repository, commit: str
) -> None:
    repository.commit()
    git = Git.discover(repository.root)
    entry = Entry(EntryKind.TIP, f"x{commit}", {"commit": commit})
    assert judge_tip(git, _judged(git, entry), "main") is None


def test_a_shallow_clone_cannot_tell(repository: Repository) -> None:
    repository.commit()
    repository.commit("more")
    shallow = repository.root.parent / "shallow"
    url = repository.root.as_uri()
    repository.git("clone", "--quiet", "--depth=1", url, str(shallow))
    with pytest.raises(HandoffError, match="shallow"):
        judge_tip(Git.discover(shallow), EMPTY, "main")


def test_no_two_writers_make_one_commit(repository: Repository) -> None:
    git, author = Git.discover(repository.root), Author("handoff", "x@y.example")
    made = {write_commit(git, "", {"a": b"b"}, author, NOW) for _ in range(3)}
    assert len(made) == 3
