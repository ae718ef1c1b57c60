"""`handoff daily`: the same text for a date, whenever it is asked for."""

import json
from pathlib import Path

import pytest

from support.cli import handoff, records
from support.deals import KITES, KITES_PACKET
from support.git import Repository
from support.notifying import FILE, desk
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


def test_a_date_to_come_has_no_summary(grown: Repository) -> None:
    typed = ("daily", "--date", "2026-04-23")
    now = "2026-04-22T23:59:59+02:00"
    assert handoff(*typed, at=grown, now=now).code == 2
    past = ("--as-of", "2026-04-22T12:00:00+02:00", "--rev", "HEAD")
    ran = handoff(*typed, *past, at=grown, now="2026-05-01T12:00:00+02:00")
    assert (ran.code, ran.out) == (2, "")
    assert "2026-04-23 is still to come" in ran.err
    assert handoff(*typed, at=grown, now="2026-04-23T00:00:00+02:00").code == 0


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


def test_a_summary_is_posted_once_for_each_date(tmp_path: Path) -> None:
    at = desk(tmp_path, channels=FILE)
    first = handoff("daily", "--post", at=at, now="2026-04-22T16:00:00Z")
    assert first.code == 0
    assert first.out.startswith("# Daily summary, 2026-04-22\n")
    assert "sent  log  daily: summary 2026-04-22" in first.err
    again = handoff("daily", "--post", at=at, now="2026-04-22T17:00:00Z")
    assert again.err == "nothing is due that has not been told\n"
    late = handoff(
        "daily", "--post", "--date", "2026-04-22", at=at, now="2026-04-23T07:00:00Z"
    )
    assert late.err == again.err
    (line,) = (at.root / "out/log.jsonl").read_text("utf-8").splitlines()
    post = json.loads(line)
    assert post["title"] == "Daily summary, 2026-04-22"
    lines = post["items"][0]["lines"]
    assert lines[0] == "KEY COMPLETIONS TODAY: nothing."
    breach = lines.index("New breaches:") + 1
    assert lines[breach].startswith(f"• Zephyr Kites ({KITES}): ")


def test_what_is_posted_is_about_now(grown: Repository) -> None:
    ran = handoff("daily", "--post", "--rev", "HEAD", at=grown)
    assert ran.code == 2
    assert "leave out --rev and --as-of" in ran.err


def test_the_summary_says_when_clocks_were_last_evaluated(tmp_path: Path) -> None:
    at = desk(tmp_path, channels=FILE)
    never = handoff("daily", at=at, now="2026-04-22T16:00:00Z")
    assert "No run of `handoff notify` is on record" in never.out.replace("\\", "")
    assert handoff("notify", at=at, now="2026-04-22T16:07:00Z").code == 0
    soon = handoff("daily", at=at, now="2026-04-22T18:00:00Z")
    assert "Last run on record: 2026-04-22 18:07 +02:00." in soon.out
    late = handoff("daily", at=at, now="2026-04-22T21:00:00Z")
    assert "4 h 53 min before: look at its schedule." in late.out
    data = handoff("daily", "--format", "json", at=at, now="2026-04-22T18:00:00Z")
    assert json.loads(data.out)["last_evaluation"] == "2026-04-22T16:07:00Z"
