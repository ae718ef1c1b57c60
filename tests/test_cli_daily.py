"""`handoff daily`: the same text for a date, whenever it is asked for."""

import json
from pathlib import Path

import pytest

from support.cli import handoff, records
from support.deals import KITES, KITES_PACKET
from support.git import Repository
from support.reports import WON, WON_WITHOUT_PACKET


@pytest.fixture
def grown(tmp_path: Path) -> Repository:
    """Give a deal won on the 21st, whose packet came on the 22nd."""
    made = records(tmp_path / "records", WON_WITHOUT_PACKET, at="2026-04-21T11:00:00Z")
    made.write(KITES_PACKET, WON[KITES_PACKET])
    made.commit("File the packet", at="2026-04-22T09:00:00Z")
    return made


def test_today_is_the_default(grown: Repository) -> None:
    ran = handoff("daily", at=grown, now="2026-04-22T23:30:00Z")
    assert ran.code == 0
    assert "2026-04-23" in ran.out.splitlines()[0]


def test_a_past_date_is_summed_up_as_known_then(grown: Repository) -> None:
    typed = ("daily", "--date", "2026-04-21")
    late = handoff(*typed, at=grown, now="2026-04-25T09:00:00Z")
    assert late.code == 0
    assert KITES in late.out
    assert late == handoff(*typed, at=grown, now="2027-01-01T00:00:00Z")
    grown.write(KITES_PACKET, "broken\n")
    grown.commit("Break the packet", at="2026-04-26T09:00:00Z")
    assert late == handoff(*typed, at=grown, now="2026-04-27T09:00:00Z")


def test_with_rev_it_is_what_that_revision_knows(grown: Repository) -> None:
    typed = ("daily", "--date", "2026-04-21")
    then = handoff(*typed, at=grown)
    today = handoff(*typed, "--rev", "HEAD", at=grown)
    assert today.code == 0
    assert today.out != then.out


def test_json_says_date_and_source(grown: Repository) -> None:
    typed = ("--rev", "HEAD", "--as-of", "2026-04-22T12:00:00+02:00")
    ran = handoff("daily", "--date", "2026-04-22", "--format", "json", *typed, at=grown)
    data = json.loads(ran.out)
    assert data["date"] == "2026-04-22"
    assert data["as_of"] == "2026-04-22T10:00:00Z"
    assert data["rev"] == grown.head()


@pytest.mark.parametrize("day", ["today", "2026-02-30", "2026-04-21T10:00:00Z"])
def test_no_date_is_a_usage_error(day: str, grown: Repository) -> None:
    ran = handoff("daily", "--date", day, at=grown)
    assert (ran.code, ran.out) == (2, "")


def test_a_date_before_the_first_commit_exits_with_3(grown: Repository) -> None:
    ran = handoff("daily", "--date", "2026-04-20", at=grown)
    assert (ran.code, ran.out) == (3, "")
    assert "--rev HEAD" in ran.err


def test_a_shallow_clone_answers_for_today_only(
    grown: Repository,
    tmp_path: Path,
) -> None:
    source = f"file://{grown.root}"
    grown.git("clone", "--quiet", "--depth=1", source, str(tmp_path / "shallow"))
    shallow = Repository(tmp_path / "shallow")
    assert handoff("daily", at=shallow).code == 0
    assert handoff("daily", "--date", "2026-04-21", at=shallow).code == 3
