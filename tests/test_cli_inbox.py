"""`handoff inbox`: what waits on whom."""

import json
from pathlib import Path

import pytest

from support.cli import handoff, records
from support.deals import KITES, KITES_PACKET, KITES_PATH
from support.git import Repository
from support.reports import WON

RETURNED = """\
returns:
  - by: ines-moreau
    at: 2026-04-22T11:00:00+02:00
    gaps: [Who signs off the list?]
filed:"""
NOW = "2026-04-22T10:00:00Z"


@pytest.fixture
def won(tmp_path: Path) -> Repository:
    risky = WON[KITES_PATH].replace("severity: high", "severity: critical")
    assert risky != WON[KITES_PATH]
    return records(tmp_path / "records", {**WON, KITES_PATH: risky})


def waiting(at: Repository, *args: str, now: str = NOW) -> list[dict[str, object]]:
    ran = handoff("inbox", "--format", "json", *args, at=at, now=now)
    assert ran.code == 0, ran.err
    data = json.loads(ran.out)
    assert data["version"] == 1
    found: list[dict[str, object]] = data["waiting"]
    return found


def test_a_receiver_sees_the_packet_with_its_critical_risks(won: Repository) -> None:
    packet = next(w for w in waiting(won, "--role", "customer-success") if w["packet"])
    assert packet == {
        "record": KITES,
        "company": "Zephyr Kites",
        "clock": "packet-acknowledged",
        "what": "acknowledge the packet, or give it back with its gaps",
        "who": "ines-moreau",
        "told_as": None,
        "due": "2026-04-22T13:30:00Z",
        "overdue": False,
        "more": ["critical risk R1 to accept: Data owner is on leave in May"],
        "packet": KITES_PACKET,
    }


def test_the_filer_sees_the_gaps_of_what_came_back(tmp_path: Path) -> None:
    packet = WON[KITES_PACKET].replace("filed:", RETURNED)
    at = records(tmp_path / "records", {**WON, KITES_PACKET: packet})
    found = [w for w in waiting(at, "--person", "dana-okafor") if w["packet"]]
    assert [(w["what"], w["more"]) for w in found] == [
        (
            "close the gaps and file the packet again",
            ["gap: Who signs off the list?"],
        )
    ]
    mine = waiting(at, "--person", "ines-moreau")
    assert KITES_PACKET not in [w["packet"] for w in mine]


def test_who_was_told_by_the_ladder_sees_it_too(won: Repository) -> None:
    before = waiting(won, "--person", "priya-venkat", now="2026-04-22T15:29:59Z")
    after = waiting(won, "--person", "priya-venkat", now="2026-04-22T15:30:00Z")
    assert before == []
    assert [(w["clock"], w["told_as"], w["overdue"]) for w in after] == [
        ("packet-acknowledged", "chief-of-staff", True)
    ]


def test_next_actions_are_said_in_their_own_words(won: Repository) -> None:
    found = waiting(won, "--person", "dana-okafor")
    assert "Send the statement of work" in [w["what"] for w in found]


def test_without_a_name_everything_that_waits_is_listed(won: Repository) -> None:
    ran = handoff("inbox", at=won, now=NOW)
    lines = ran.out.splitlines()
    assert lines[-1].startswith(f"{len(waiting(won))} things to do")
    place = next(n for n, line in enumerate(lines) if "15:30 +02:00" in line)
    assert lines[place].startswith("due 2026-04-22 15:30 +02:00  Zephyr Kites")
    assert lines[place + 1 : place + 4] == [
        "  acknowledge the packet, or give it back with its gaps",
        "  critical risk R1 to accept: Data owner is on leave in May",
        f"  {KITES_PACKET}",
    ]


def test_nothing_waits_on_who_has_nothing_to_do(won: Repository) -> None:
    ran = handoff("inbox", "--person", "oskar-feld", at=won, now=NOW)
    assert ran.out == "nothing waits\n"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("--role", "customer-succes"), "Did you mean `customer-success`?"),
        (("--role", "pirate"), "Roles: deal-owner, "),
        (("--person", "dana-okaf"), "Did you mean `dana-okafor`?"),
    ],
)
def test_unknown_names_are_usage_errors(
    typed: tuple[str, str], said: str, won: Repository
) -> None:
    ran = handoff("inbox", *typed, at=won, now=NOW)
    assert ran.code == 2
    assert said in ran.err


def test_hostile_text_is_shown_and_not_obeyed(won: Repository) -> None:
    path = won.root / KITES_PATH
    text = path.read_text("utf-8")
    hostile = text.replace("Send the statement of work", '"::error::\\e[2J boo"')
    path.write_text(hostile, "utf-8")
    ran = handoff("inbox", at=won, now=NOW)
    assert "\x1b" not in ran.out
