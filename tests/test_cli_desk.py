"""`handoff desk`: what a pull request is about, and one comment kept on it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.cli import Ran, handoff, records
from support.deals import KITES_PACKET
from support.front_desk import COMPLETE, HANDOFF, Desk, desk_over, filled
from support.golden import assert_golden
from support.reports import WON, WON_WITHOUT_PACKET

NOW = "2026-04-21T15:40:00+02:00"
GAPS = {k: v for k, v in COMPLETE.items() if k != "Red flags"}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = records(tmp_path / "records", WON_WITHOUT_PACKET, at="2026-04-21T08:00:00Z")
    with desk_over(made, tmp_path) as desk:
        yield desk


def _desk(desk: Desk, *options: str) -> Ran:
    """Run it on the branch of the first issue."""
    desk.jobs.git("fetch", "--quiet", "origin")
    command = ("desk", "--rev", "origin/handoff/issue-1", "--base", "origin/main")
    env = desk.forge.environment
    return handoff(*command, *options, at=desk.jobs, now=NOW, env=env)


def test_it_says_what_is_missing_and_where_the_deal_stands(desk: Desk) -> None:
    desk.intake(desk.issue(filled(HANDOFF, GAPS)))
    ran = _desk(desk)
    assert ran.code == 0, ran.err
    assert_golden("desk_markdown.md", ran.out)


def test_one_comment_follows_the_pull_request(desk: Desk) -> None:
    desk.intake(desk.issue(filled(HANDOFF, GAPS)))
    (number,) = desk.forge.pulls
    assert _desk(desk, "--comment", str(number)).out.endswith("written\n")
    again = _desk(desk, "--comment", str(number))
    assert again.out.endswith("nothing to change\n")
    complete = desk.issue(
        filled(HANDOFF, COMPLETE), number=1, at="2026-04-21T13:30:00Z"
    )
    desk.intake(complete, now=NOW)
    assert _desk(desk, "--comment", str(number)).out.endswith("written\n")
    (comment,) = desk.forge.comments[number]
    assert "**Complete.**" in comment["body"]


def test_a_complete_pull_request_gets_no_comment(desk: Desk) -> None:
    desk.intake(desk.issue(filled(HANDOFF, COMPLETE)))
    (number,) = desk.forge.pulls
    ran = _desk(desk, "--comment", str(number))
    assert (ran.code, ran.out) == (
        0,
        f"comment on pull request {number}: nothing to change\n",
    )
    assert number not in desk.forge.comments


def test_a_dry_run_prints_it(desk: Desk) -> None:
    desk.intake(desk.issue(filled(HANDOFF, GAPS)))
    before = len(desk.forge.server.requests)
    assert "Not complete yet" in _desk(desk, "--comment", "2", "--dry-run").out
    assert len(desk.forge.server.requests) == before


def test_a_rewritten_past_stands_in_the_way(tmp_path: Path) -> None:
    made = records(tmp_path / "records", WON)
    packet = (made.root / KITES_PACKET).read_text(encoding="utf-8")
    made.write(
        KITES_PACKET, packet.replace("at: 2026-04-21T15:30", "at: 2026-04-21T13:30")
    )
    made.commit("Make it look in time", at="2026-04-22T08:30:00Z")
    ran = handoff("desk", "--base", "HEAD~1", at=made)
    assert "Not complete yet" in ran.out
    assert "filed" in ran.out


def test_a_change_of_nothing_touches_no_deal(tmp_path: Path) -> None:
    made = records(tmp_path / "records", WON)
    ran = handoff("desk", "--base", "HEAD", at=made)
    assert (
        ran.out == "**Complete.** Nothing stands in the way.\n\nNo deal is touched.\n"
    )


def test_a_packet_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    made = records(tmp_path / "records", WON_WITHOUT_PACKET)
    made.write(KITES_PACKET, "---\nschema: [\n---\n")
    made.commit("Break it")
    ran = handoff("desk", "--base", "HEAD~1", at=made)
    assert ran.code == 0
    assert "Not complete yet" in ran.out
