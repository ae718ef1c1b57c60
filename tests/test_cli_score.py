"""`handoff score`: completeness by machine, and apart from it the receiver's rubric."""

import json
from pathlib import Path

import pytest

from support.cli import handoff, records
from support.deals import KITES, KITES_PACKET
from support.git import Repository
from support.records import OPPORTUNITY, PACKET, base

_ID = Path(PACKET).stem


@pytest.fixture
def acme(tmp_path: Path) -> Repository:
    return records(tmp_path / "records", base())


def _edit(repository: Repository, old: str, new: str) -> None:
    repository.write(PACKET, base()[PACKET].replace(old, new))


def test_a_packet_is_measured_by_its_own_profile(acme: Repository) -> None:
    ran = handoff("score", _ID, at=acme)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        f"{_ID}\n\n"
        "completeness (packet)  98 %  74 of 75 points\n"
        "missing, with the points each would add:\n"
        "  1  kickoff_target_on  is missing\n\n"
        "quality  not scored by the receiver yet\n"
    )


def test_other_profiles_are_asked_for(acme: Repository) -> None:
    ran = handoff("score", PACKET, "--profile", "extended", at=acme)
    assert "completeness (packet)  98 %" in ran.out
    assert "completeness (extended)  0 %" in ran.out
    assert "success_criteria" in ran.out


def test_a_half_finished_packet_has_a_score(acme: Repository) -> None:
    acme.write(PACKET, f"---\nopportunity: {Path(OPPORTUNITY).stem}\nprice: TBD\n---\n")
    ran = handoff("score", _ID, at=acme)
    assert ran.code == 0
    assert "completeness (packet)  2 %  2 of 75 points" in ran.out
    rows = [row.split(None, 2) for row in ran.out.split("\n")]
    assert ["5", "price", "says `TBD`, which stands for an answer to come"] in rows


def test_what_the_opportunity_lists_is_looked_up(acme: Repository) -> None:
    _edit(acme, "promises: [P1]\nrisks", "promises: []\nrisks")
    assert "promises           lacks `P1`" in handoff("score", _ID, at=acme).out
    acme.write(OPPORTUNITY, "nothing that can be read\n")
    ran = handoff("score", _ID, at=acme)
    assert "not counted:\n  promises  the opportunity lists none\n" in ran.out


def test_json_keeps_the_two_numbers_apart(acme: Repository) -> None:
    rubric = "context: 7\n  commitments: 6\n  scope: 8\n  risks: 5\n  people: 4\n"
    _edit(acme, "filed:\n", f"quality:\n  by: ines-moreau\n  {rubric}filed:\n")
    ran = handoff("score", _ID, "--format", "json", at=acme)
    data = json.loads(ran.out)
    assert (data["version"], data["id"], data["path"]) == (1, _ID, PACKET)
    assert data["rev"] == "worktree"
    assert data["schema"] == "packet/v1"
    (own,) = data["completeness"]
    assert (own["profile"], own["reached"], own["possible"]) == ("packet", 74, 75)
    assert own["missing"] == [
        {"name": "kickoff_target_on", "weight": 1, "message": "is missing"}
    ]
    assert own["not_applicable"] == []
    assert (data["quality"]["total"], data["quality"]["possible"]) == (30, 40)
    shown = handoff("score", _ID, at=acme).out
    assert "quality  30 of 40 by ines-moreau: context 7, commitments 6" in shown


def test_an_earlier_packet_can_be_measured(acme: Repository) -> None:
    _edit(acme, "payment: invoiced\n", "")
    assert "payment" in handoff("score", _ID, at=acme).out
    assert "payment" not in handoff("score", _ID, "--rev", "HEAD", at=acme).out


def test_text_of_a_record_cannot_draw_on_the_terminal(acme: Repository) -> None:
    _edit(acme, "text: Draft findings sent", 'text: "{\\u009b31m}"')
    assert "\x9b" not in handoff("score", _ID, at=acme).out


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("nobody",), "there is no packet `nobody`"),
        ((_ID.replace("acme", "acne"),), f"nearest: {_ID}"),
        ((Path(OPPORTUNITY).stem,), "there is no packet"),
        ((_ID, "--profile", "full"), "there are: packet, extended"),
    ],
)
def test_a_wrong_name_is_answered(
    typed: tuple[str, ...], said: str, acme: Repository
) -> None:
    ran = handoff("score", *typed, at=acme)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_what_cannot_be_read_is_not_measured(acme: Repository) -> None:
    acme.write(PACKET, "no header\n")
    ran = handoff("score", _ID, at=acme)
    assert (ran.code, ran.out) == (3, "")
    assert f"Run `handoff check {PACKET}`" in ran.err


def test_a_deal_among_others_is_found(tmp_path: Path) -> None:
    repository = records(tmp_path / "records")
    ran = handoff("score", KITES_PACKET, at=repository)
    assert ran.code == 0
    assert KITES not in ran.out.split("completeness")[1]
