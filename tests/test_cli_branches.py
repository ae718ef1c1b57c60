"""Deals whose packets wait on branches, as the commands show them."""

import json
from pathlib import Path

import pytest

from support.cli import handoff, records
from support.deals import KITES, KITES_PACKET, KITES_PATH
from support.git import Repository
from support.reports import SAMPLE

BRANCH = "handoff/zephyr-kites"


@pytest.fixture
def waiting(tmp_path: Path) -> Repository:
    """Give records whose packet waits on a branch."""
    without = {path: text for path, text in SAMPLE.items() if path != KITES_PACKET}
    made = records(tmp_path / "records", without)
    made.branch(BRANCH)
    made.write(KITES_PACKET, SAMPLE[KITES_PACKET])
    made.commit("File the packet")
    made.switch("main")
    return made


def _clock(repository: Repository, *options: str) -> dict[str, object]:
    ran = handoff("sla", KITES, "--format", "json", *options, at=repository)
    assert ran.code == 0, ran.err
    readings = json.loads(ran.out)["readings"]
    return next(r for r in readings if r["clock"] == "packet-acknowledged")


def test_the_clock_of_a_waiting_packet_is_seen(waiting: Repository) -> None:
    clock = _clock(waiting)
    assert clock["state"] == "at-risk"
    assert clock["breached"]
    assert clock["branch"] == BRANCH


def test_a_revision_that_was_asked_for_is_that_and_nothing_else(
    waiting: Repository,
) -> None:
    for options in (["--rev", "HEAD"], ["--as-of", "2026-04-23T12:00:00Z"]):
        clock = _clock(waiting, *options)
        assert clock["state"] == "not-started"
        assert clock["branch"] is None


def test_every_view_says_what_is_not_merged(waiting: Repository) -> None:
    line = f"{KITES_PACKET} on {BRANCH}"
    for command in ("sla", "board", "status"):
        out = handoff(command, at=waiting).out
        assert "1 file of these waits on open branches:" in out
        assert line in out
    assert (
        f"on branch {BRANCH}, not merged yet"
        in handoff("status", KITES, at=waiting).out
    )
    assert "On open branches" in handoff("daily", at=waiting).out


def test_a_deal_names_every_branch_it_waits_on(waiting: Repository) -> None:
    other = "handoff/source"
    waiting.branch(other)
    text = (waiting.root / KITES_PATH).read_text(encoding="utf-8")
    waiting.write(KITES_PATH, text.replace("source: Trade fair", "source: A fair"))
    waiting.commit("Say it better", at="2026-04-22T10:00:00Z")
    waiting.switch("main")
    line = f"on branch {BRANCH}, {other}, not merged yet"
    assert line in handoff("status", KITES, at=waiting).out
    assert _clock(waiting)["branch"] == BRANCH


def test_a_packet_on_a_branch_can_be_asked_for(waiting: Repository) -> None:
    stem = KITES_PACKET.rsplit("/", maxsplit=1)[-1].removesuffix(".md")
    ran = handoff("status", stem, "--format", "json", at=waiting)
    (record,) = json.loads(ran.out)["records"]
    assert record["branch"] == BRANCH
    assert record["stage"] == "handed-off"


def test_checking_and_explaining_go_by_what_is_here(waiting: Repository) -> None:
    assert "5 files checked" in handoff("check", at=waiting).out
    explained = handoff("sla", KITES, "--explain", at=waiting)
    assert explained.code == 0
    assert KITES_PACKET in explained.out


def test_versions_that_clash_are_named(waiting: Repository) -> None:
    for number, urgency in ((1, "low"), (2, "medium")):
        waiting.branch(f"handoff/{number}")
        text = SAMPLE[KITES_PATH].replace("urgency: high", f"urgency: {urgency}")
        waiting.write(KITES_PATH, text)
        waiting.commit()
        waiting.switch("main")
    out = handoff("status", at=waiting).out
    expected = "is not in here: it contradicts `handoff/1`"
    assert f"`{KITES_PATH}` of `handoff/2` {expected}" in out
    told = json.loads(handoff("board", "--format", "json", at=waiting).out)
    clash = {"path": KITES_PATH, "shown": "handoff/1", "hidden": "handoff/2"}
    assert told["branch_clashes"] == [clash]
    assert told["branches"] == {KITES_PACKET: BRANCH, KITES_PATH: "handoff/1"}


def test_policy_names_the_branches(waiting: Repository) -> None:
    waiting.write("schemas/policy/branches.yaml", "open: []\n")
    assert _clock(waiting)["state"] == "not-started"
    waiting.write("schemas/policy/branches.yaml", "open: ['-x']\n")
    ran = handoff("sla", at=waiting)
    assert ran.code == 3
    assert "schemas/policy/branches.yaml:1" in ran.err
    (waiting.root / "schemas/policy/branches.yaml").unlink()
    assert _clock(waiting)["state"] == "at-risk"
