"""`handoff ledger`: what is in it, whether it only grew, going on after a rewrite."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from handoff.evaluation.digest import packet_digest
from handoff.model.entry import JSON, Entry, EntryKind, entry_path
from handoff.records.register import load_register
from handoff.repository.git import Git
from handoff.repository.ledger import BRANCH, append, read_ledger
from handoff.repository.ledger_tip import tip_entry
from handoff.repository.snapshot import WorktreeSnapshot
from support.cli import handoff, records
from support.git import Repository
from support.reports import shipped_policy

AT = datetime(2026, 4, 23, 9, tzinfo=UTC)
SENT = Entry(EntryKind.RECEIPT, "kites|1|announced", {"at": "2026-04-21T10:00:00Z"})
EVIL = Entry(EntryKind.CREATED, "x\x1b[2J\n::error::y", {"title": "\u202e<b>"})


@pytest.fixture
def kept(tmp_path: Path) -> Repository:
    """Give records with a ledger at a remote."""
    made = records(tmp_path / "records")
    made.git("clone", "--quiet", "--bare", ".", str(tmp_path / "hub"))
    made.git("remote", "add", "origin", str(tmp_path / "hub"))
    made.git("fetch", "--quiet", "origin")
    _append(made, SENT, EVIL, tip_entry(made.head(), AT))
    return made


def _append(repository: Repository, *entries: Entry) -> None:
    append(Git.discover(repository.root), entries, remote="origin", now=AT)


def test_without_a_ledger_it_says_where_one_comes_from(tmp_path: Path) -> None:
    made = records(tmp_path / "records")
    for command in (["list"], ["show", "x"], ["verify"]):
        ran = handoff("ledger", *command, at=made)
        assert ran.code == 1
        assert "there is no ledger in this clone" in ran.err


def test_list_shows_the_oldest_first(kept: Repository) -> None:
    out = handoff("ledger", "list", at=kept).out.splitlines()
    assert [line.split()[-1] for line in out[1:3]] == [SENT.key, kept.head()]
    assert out[-1] == "3 entries"
    only = handoff("ledger", "list", "--kind", "receipt", at=kept).out
    assert only.splitlines()[-1] == "1 entry"


def test_what_was_typed_elsewhere_is_shown_harmlessly(kept: Repository) -> None:
    for command in (["list"], ["show", "error"], ["list", "--format", "json"]):
        out = handoff("ledger", *command, at=kept).out
        assert "\x1b" not in out
        assert "\n::error" not in out
        assert "\u202e" not in out


def test_show_takes_a_key_a_path_or_a_part(kept: Repository) -> None:
    path = entry_path(SENT.kind, SENT.key)
    for name in (SENT.key, path, "announced"):
        out = handoff("ledger", "show", name, at=kept).out
        assert out.startswith(f"handoff-ledger:{path}\nkey: {SENT.key}\n")
        assert '"at": "2026-04-21T10:00:00Z"' in out
    told = json.loads(
        handoff("ledger", "show", SENT.key, "--format", "json", at=kept).out
    )
    assert told["version"] == 1
    assert told["entries"][0]["body"] == SENT.body
    assert handoff("ledger", "show", "nothing", at=kept).code == 2


def test_a_ledger_that_only_grew_is_right(kept: Repository) -> None:
    ran = handoff("ledger", "verify", at=kept)
    assert (ran.code, ran.out) == (0, "3 entries, as they were written\n")


def test_verify_names_what_was_changed_and_by_whom(kept: Repository) -> None:
    kept.git("checkout", "--quiet", "-b", BRANCH, f"origin/{BRANCH}")
    path = entry_path(SENT.kind, SENT.key)
    kept.write(path, "{}\n")
    kept.commit("Improve", author="Mallory \x1b[1m")
    kept.git("rm", "--quiet", entry_path(EVIL.kind, EVIL.key))
    kept.commit("Tidy up")
    kept.git("push", "--quiet", "origin", BRANCH)
    kept.switch("main")
    ran = handoff("ledger", "verify", at=kept)
    assert ran.code == 1
    assert f"handoff-ledger:{path}: not counted: expected exactly" in ran.out
    assert f"handoff-ledger:{path}: changed by Mallory" in ran.out
    assert "removed by Robin Field" in ran.out
    assert "\x1b" not in ran.out
    assert "1 entry, 3 problems" in ran.out


def test_after_a_rewrite_people_decide_before_it_goes_on(kept: Repository) -> None:
    judged = kept.head()
    kept.git("commit", "--quiet", "--amend", "-m", "Another past")
    kept.git("push", "--quiet", "--force", "origin", "main")
    ran = handoff("ledger", "verify", at=kept)
    assert ran.code == 1
    assert f"commit {judged} was judged as part of the main branch" in ran.err
    assert "handoff ledger accept" in ran.err
    assert handoff("ledger", "accept", "--reason", " ", at=kept).code == 2
    done = handoff("ledger", "accept", "--reason", "A name was removed", at=kept)
    assert done.out == f"accepted: judging goes on from {kept.head()}\n"
    assert handoff("ledger", "verify", at=kept).code == 0
    again = handoff("ledger", "accept", "--reason", "Once more", at=kept)
    assert "nothing was written" in again.out
    ledger = read_ledger(Git.discover(kept.root))
    told = ledger.get(EntryKind.TIP, f"{kept.head()}/accepted/{judged}")
    assert told
    assert told.body["reason"] == "A name was removed"
    assert told.body["by"] == "Robin Field <robin.field@example.com>"
    assert told.body["replaces"] == [judged]


def test_who_acknowledges_second_is_told(tmp_path: Path) -> None:
    made = records(tmp_path / "records")
    policy, snapshot = shipped_policy(), WorktreeSnapshot(Git.discover(made.root))
    register = load_register(snapshot, policy)
    (packet,) = register.packets.values()
    digest = packet_digest(packet, register.opportunities[packet.opportunity])
    body: dict[str, JSON] = {
        "packet": packet.id,
        "by": "ines-moreau",
        "at": "2026-04-23T09:00:00Z",
        "review": "github:7",
        "digest": digest,
        "risks_accepted": ["R1"],
    }
    approved = Entry(EntryKind.ACKNOWLEDGEMENT, "7", body)
    append(Git.discover(made.root), [approved], remote=None, now=AT)
    ran = handoff("ack", packet.id, "--by", "tomas-lindgren", "--no-input", at=made)
    said = "acknowledged already by ines-moreau at 2026-04-23T09:00:00Z"
    expected = f"{said} (in the ledger alone); nothing was written\n"
    assert (ran.code, ran.out) == (0, expected)
    assert made.git("status", "--porcelain") == ""
    void = Entry(EntryKind.VOID, "7", {**body, "at": "2026-04-23T10:00:00Z"})
    append(Git.discover(made.root), [void], remote=None, now=AT)
    ran = handoff("ack", packet.id, "--by", "tomas-lindgren", "--no-input", at=made)
    assert ran.out.startswith(f"acknowledged: {packet.path}")
