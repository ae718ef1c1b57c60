"""`handoff fix`: repairs that need no decision."""

from pathlib import Path

import pytest

from support.cli import handoff, records
from support.git import Repository
from support.records import OPPORTUNITY, PACKET, base

_TIDY = base()[OPPORTUNITY]
_HASTY = (
    _TIDY.replace("company: Acme Robotics\nservice: assessment\n", "")
    .replace("owner: dana-okafor\nsource", "owner: dana-okafor  \nsource", 1)
    .replace("due: 2026-05-15", "due: 2026-5-15")
    .replace("at: 2026-04-02T09:00:00+02:00", "at: 2026-4-2 9:00 +02:00")
    .replace("\nevents:", "\ncompany: Acme Robotics\nservice: assessment\nevents:")
)


@pytest.fixture
def acme(tmp_path: Path) -> Repository:
    return records(tmp_path / "records", base())


def _text(repository: Repository) -> str:
    return (repository.root / OPPORTUNITY).read_text(encoding="utf-8")


def test_tidy_records_are_left_alone(acme: Repository) -> None:
    for typed in ((), ("--diff",)):
        ran = handoff("fix", *typed, at=acme)
        assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert acme.git("status", "--porcelain") == ""


def test_a_hasty_record_is_repaired_once(acme: Repository) -> None:
    acme.write(OPPORTUNITY, _HASTY)
    assert handoff("check", at=acme).code == 1
    ran = handoff("fix", at=acme)
    assert (ran.code, ran.out, ran.err) == (0, "", f"repaired {OPPORTUNITY}\n")
    assert _text(acme) == _TIDY
    again = handoff("fix", at=acme)
    assert (again.code, again.err) == (0, "")
    assert handoff("check", at=acme).code == 0


def test_a_diff_shows_it_and_writes_nothing(acme: Repository) -> None:
    acme.write(OPPORTUNITY, _HASTY)
    ran = handoff("fix", "--diff", at=acme)
    assert (ran.code, ran.err) == (1, "")
    rows = ran.out.split("\n")
    assert rows[:2] == [f"--- a/{OPPORTUNITY}", f"+++ b/{OPPORTUNITY}"]
    assert "-    due: 2026-5-15" in rows
    assert "+    due: 2026-05-15" in rows
    assert _text(acme) == _HASTY


def test_only_what_is_named_is_repaired(acme: Repository) -> None:
    acme.write(OPPORTUNITY, _HASTY)
    assert handoff("fix", PACKET, "handoffs", at=acme).err == ""
    assert _text(acme) == _HASTY
    assert handoff("fix", "opportunities/2026", at=acme).err != ""
    assert _text(acme) == _TIDY


def test_line_endings_are_kept(acme: Repository) -> None:
    (acme.root / OPPORTUNITY).write_bytes(_HASTY.replace("\n", "\r\n").encode())
    assert handoff("fix", at=acme).code == 0
    content = (acme.root / OPPORTUNITY).read_bytes()
    assert content == _TIDY.replace("\n", "\r\n").encode()


def test_a_cut_off_value_is_quoted_only_where_it_may_stand(acme: Repository) -> None:
    text = _TIDY.replace("company: Acme Robotics", "company: Acme Robotics #2")
    acme.write(OPPORTUNITY, text.replace("urgency: high", "urgency: high #1"))
    assert handoff("fix", at=acme).code == 0
    fixed = _text(acme)
    assert 'company: "Acme Robotics #2"\n' in fixed
    assert "urgency: high #1\n" in fixed


def test_what_cannot_be_read_is_left_to_a_person(acme: Repository) -> None:
    acme.write(OPPORTUNITY, "---\ncompany: 'never closed  \n")
    ran = handoff("fix", at=acme)
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert _text(acme) == "---\ncompany: 'never closed  \n"


def test_a_wrong_path_is_answered(acme: Repository) -> None:
    ran = handoff("fix", "opportunities/none.md", at=acme)
    assert (ran.code, ran.out) == (2, "")
    assert "there is no file or folder" in ran.err
