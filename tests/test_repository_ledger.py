"""The ledger branch, with real remotes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from handoff.model.entry import JSON, Entry, EntryKind, entry_bytes, entry_path
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


def test_there_is_none_at_first(hub: Repository) -> None:
    clone = hub.clone("a")
    assert read_ledger(_git(clone)) == EMPTY
    assert fetch_ledger(_git(clone), "origin") == ""
    assert remote_of(_git(clone)) == "origin"
    clone.git("remote", "rename", "origin", "elsewhere")
    assert remote_of(_git(clone)) is None


def test_what_one_clone_adds_another_reads(hub: Repository) -> None:
    one, other = hub.clone("a"), hub.clone("b")
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
    one, other = hub.clone("a"), hub.clone("b")
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
    one, other = hub.clone("a"), hub.clone("b")
    assert _append(one, _entry("x", n=1)).added
    assert not _append(other, _entry("x", n=1)).added


def test_nothing_else_is_touched(hub: Repository) -> None:
    clone = hub.clone("a")
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
    clone = hub.clone("a")
    local = append(_git(clone), [_entry("x")], remote=None, now=NOW)
    shared = _append(clone, _entry("x"), _entry("y"))
    assert shared.existing == (_entry("x"),)
    assert hub.git("rev-list", REF).split() == [shared.tip, local.tip]


def test_an_unreachable_remote_is_told(hub: Repository) -> None:
    clone = hub.clone("a")
    hub.root.rename(hub.root.with_name("moved"))
    with pytest.raises(HandoffError, match="could not be brought from `origin`") as no:
        _append(clone, _entry("x"))
    assert "git fetch origin" in no.value.hint


def test_a_ledger_that_was_rewritten_is_refused(hub: Repository) -> None:
    one, other = hub.clone("a"), hub.clone("b")
    _append(one, _entry("x"))
    kept = _append(one, _entry("y"))
    _append(other, _entry("x"))
    hub.git("update-ref", REF, f"{kept.tip}^")
    with pytest.raises(HandoffError, match="was rewritten") as no:
        _append(other, _entry("z"))
    assert "refs/remotes/origin/handoff-ledger" in no.value.hint
    assert hub.git("rev-parse", REF) == hub.git("rev-parse", f"{kept.tip}^")
    assert read_ledger(_git(one)).get(EntryKind.RECEIPT, "y")


def test_a_ledger_that_was_deleted_is_refused(hub: Repository) -> None:
    one, fresh = hub.clone("a"), hub.clone("b")
    kept = _append(one, _entry("x"))
    hub.git("update-ref", "-d", REF)
    with pytest.raises(HandoffError, match="was deleted") as no:
        _append(one, _entry("y"))
    command = no.value.hint.split("`")[1]
    one.git(*command.split()[1:])
    assert _append(fresh, _entry("y")).existing == ()
    assert hub.git("rev-parse", f"{REF}^") == kept.tip


def _hook(hub: Repository, script: str) -> None:
    path = hub.write("hooks/pre-receive", f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_a_refused_push_is_tried_again(hub: Repository) -> None:
    _hook(
        hub, "n=$(cat count 2>/dev/null || echo 0); echo $((n+1)) >count; [ $n -ge 2 ]"
    )
    waits: list[int] = []
    git = _git(hub.clone("a"))
    done = append(git, [_entry("x")], remote="origin", now=NOW, wait=waits.append)
    assert done.added == (_entry("x"),)
    assert waits == [1, 2]


def test_one_refused_for_ever_says_what_to_do(hub: Repository) -> None:
    _hook(hub, "echo not today >&2; exit 1")
    git = _git(hub.clone("a"))
    with pytest.raises(HandoffError, match=r"nothing in 3 attempts.*hook decl") as no:
        append(git, [_entry("x")], remote="origin", now=NOW, attempts=3)
    assert "branch rules" in no.value.hint
    assert read_ledger(git) == EMPTY


def test_an_answer_that_was_lost_is_found(hub: Repository) -> None:
    """The server took the push, and the connection broke before it said so."""
    clone = hub.clone("a")
    post = hub.write("hooks/post-receive", "#!/bin/sh\nkill -9 $PPID\n")
    post.chmod(0o755)
    done = _append(clone, _entry("x"))
    assert done.added == (_entry("x"),)
    assert done.tip == hub.git("rev-parse", REF)


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("receipt/aa/x.json", b"not json"),
        ("README.md", b"# Ledger\n"),
        ("receipt", b"a file where a folder belongs"),
        ("receipt/2d", b"likewise"),
        ("a\nb\x1b[2J.json", b"[]"),
        ("caf\udce9/x", b"[1]"),
        ("huge.json", b" " * 1_100_000),
        ("receipt/big.json", b"[" + b"1," * 40_000 + b"1]"),
    ],
    ids=lambda value: ascii(value)[:20],
)
def test_what_is_no_entry_is_named_and_not_counted(
    hub: Repository, path: str, content: bytes
) -> None:
    clone = hub.clone("a")
    clone.git("checkout", "--quiet", "--orphan", BRANCH)
    clone.git("rm", "-rfq", ".")
    clone.write(path, content)
    clone.commit()
    clone.git("push", "--quiet", "origin", BRANCH)
    git = _git(clone)
    fetch_ledger(git, "origin")
    found = read_ledger(git)
    assert [unread.path for unread in found.unread] == [path]
    assert not found.entries
    done = _append(clone, _entry("x"))
    assert done.added == (_entry("x"),)
    assert read_ledger(git).get(EntryKind.RECEIPT, "x") == _entry("x")


def test_a_link_is_no_entry(hub: Repository) -> None:
    clone = hub.clone("a")
    done = _append(clone, _entry("x"))
    path = entry_path(EntryKind.RECEIPT, "x")
    clone.git("checkout", "--quiet", "-b", BRANCH, done.tip)
    target = clone.root / path
    target.unlink()
    target.symlink_to("/etc/passwd")
    clone.commit()
    clone.git("push", "--quiet", "origin", BRANCH)
    assert "symbolic link" in read_ledger(_git(clone)).unread[0].reason
    clone.switch("main")
    assert _append(clone, _entry("x", n=2)).added == (_entry("x", n=2),)
    assert read_ledger(_git(clone)).unread == ()


def test_an_entry_of_a_later_version_is_not_replaced(hub: Repository) -> None:
    clone = hub.clone("a")
    path = entry_path(EntryKind.RECEIPT, "x")
    later = entry_bytes(_entry("x")).replace(b'"version": 1', b'"version": 2')
    clone.git("checkout", "--quiet", "--orphan", BRANCH)
    clone.write(path, later)
    clone.commit()
    clone.git("push", "--quiet", "origin", BRANCH)
    with pytest.raises(HandoffError, match="newer handoff"):
        _append(clone, _entry("x"))


def test_the_ledger_of_an_instant_is_the_one_known_then(hub: Repository) -> None:
    git = _git(hub.clone("a"))
    later = NOW + timedelta(hours=1)
    first = append(git, [_entry("x")], remote="origin", now=NOW)
    append(git, [_entry("y")], remote="origin", now=later)
    assert read_ledger(git, at=NOW - timedelta(seconds=1)) == EMPTY
    assert read_ledger(git, at=NOW).tip == first.tip
    assert read_ledger(git, at=later).get(EntryKind.RECEIPT, "y")


def test_a_user_hook_and_settings_do_not_matter(hub: Repository) -> None:
    clone = hub.clone("a")
    hook = clone.write(".git/hooks/pre-push", "#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    for name, value in {
        "push.followTags": "true",
        "fetch.prune": "true",
        "push.default": "nothing",
        "core.autocrlf": "true",
        "commit.gpgSign": "true",
        "remote.origin.fetch": "+refs/heads/main:refs/remotes/origin/main",
    }.items():
        clone.git("config", name, value)
    clone.git("tag", "-a", "-m", "a tag", "v1")
    assert _append(clone, _entry("x")).added
    assert read_ledger(_git(clone)).get(EntryKind.RECEIPT, "x")
    assert "refs/tags" not in hub.git("for-each-ref")
