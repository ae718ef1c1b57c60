"""The commands in a real terminal: questions, corrections, interruption, resumption."""

import os
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from support.cli import handoff, records
from support.deals import KITES, KITES_PACKET, KITES_PATH, KITES_TEXT
from support.git import Repository
from support.reports import WON_WITHOUT_PACKET, kites_packet
from support.terminal import Terminal
from support.terminal import terminal as terminal_at

NOW = "2026-04-21T13:00:00+02:00"
_ID = Path(KITES_PACKET).stem
_KEPT = ("",) * 3  # contact, SOW and price
_CARRIED = ("",) * 4  # promises, risks, exclusions and assumptions


def terminal(
    repository: Repository, *args: str, now: str = NOW
) -> AbstractContextManager[Terminal]:
    """Run a command as Dana in a terminal."""
    return terminal_at(repository, *args, now=now)


@pytest.fixture
def won(tmp_path: Path) -> Repository:
    return records(tmp_path / "records", WON_WITHOUT_PACKET)


def _text(repository: Repository, path: str = KITES_PACKET) -> str:
    return (repository.root / path).read_text(encoding="utf-8")


def _drafts(repository: Repository) -> list[str]:
    folder = repository.root / ".git/handoff/drafts"
    return sorted(path.name for path in folder.glob("*"))


def _sections(window: Terminal, count: int) -> None:
    for _ in range(count):
        window.type("What we know.", "")


def test_a_packet_from_nothing_to_filed(won: Repository) -> None:
    with terminal(won, "new", "packet", KITES) as window:
        assert f"known from {KITES} is shown as it comes" in window.said
        assert "Primary contact\n" in window.said
        assert "  |   name: Mina Castellanos\n" in window.said
        assert "Price\n" in window.type("", "")
        assert "Target day for the start. For example: 2026-05-04" in window.type("")
        wrong = window.type("next Monday")
        assert "`delivery_window.start_on` is `next Monday`, expected" in wrong
        assert "Delivery window, Days at most" in window.type("2026-05-04")
        assert "at most 30" in window.type("45")
        assert "Promises\n" in window.type("28")
        assert "  |   - id: M2\n" in window.type(*_CARRIED)
        assert "Milestones 2, On\n" in window.type("")
        assert "`milestones[1].on` is `soon`" in window.type("soon")
        assert "Milestones 3, Text (optional)" in window.type("2026-04-30")
        assert "Escalation contacts 1, Name\n" in window.type("")
        assert "How to reach them" in window.type("Mina Castellanos")
        more = window.type("+1 555 0100")
        assert "Escalation contacts 2, Name (optional)\n" in more
        assert "Enter: no more." in more
        assert "Kickoff target (optional)" in window.type("")
        assert "Enter: not-invoiced" in window.type("")
        assert "never the secrets themselves" in window.type("")
        assert "Enter: ines-moreau" in window.type("none", "")
        assert "  | Nobody answers within a week.\n" in window.type("")
        assert "What they expect" in window.type("")
        assert "says `TBD`" in window.type("TBD", "")
        window.type("A report.", "- in May", "")
        _sections(window, 3)
        assert "  | Trade fair\n" in window.said
        window.type("", "")
        _sections(window, 4)
        assert window.end() == 0
    assert f"written: {KITES_PACKET}" in window.said
    assert "still missing" not in window.said
    assert "## What they expect\n\nA report.\n- in May\n" in _text(won)
    assert "needed_access: []\n" in _text(won)
    assert _drafts(won) == []
    with terminal(won, "file", _ID) as window:
        assert window.end() == 0
    assert handoff("check", at=won, now=NOW).code == 0
    assert "packet-acknowledged" in handoff("sla", KITES, at=won, now=NOW).out


def test_what_is_prefilled_can_be_changed(won: Repository) -> None:
    with terminal(won, "new", "packet", KITES) as window:
        assert "Enter: Mina Castellanos" in window.type("change", "edit")
        assert "Primary contact, Title" in window.type("Mina C. Castellanos")
        window.type("", "", *_KEPT[1:], "", "", "R1", "R2", "", *_CARRIED[1:])
        window.interrupt()
        window.end()
    typed = ("new", "packet", KITES, "--resume", "--no-input")
    assert handoff(*typed, at=won, now=NOW).code == 0
    assert "  name: Mina C. Castellanos\n  title: Head of" in _text(won)
    assert "promises:\n  - R1\n  - R2\nrisks:\n  - R1\n" in _text(won)


def test_a_prefilled_section_can_be_written_anew(won: Repository) -> None:
    with terminal(won, "new", "packet", KITES) as window:
        while "Problem statement" not in window.said:
            window.type("")
        window.type("Leads die in a mailbox.", "")
        window.interrupt()
        window.end()
    typed = ("new", "packet", KITES, "--resume", "--no-input")
    assert handoff(*typed, at=won, now=NOW).code == 0
    assert "## Problem statement\n\nLeads die in a mailbox.\n" in _text(won)


def test_what_is_left_open_is_a_gap(won: Repository) -> None:
    with terminal(won, "new", "packet", KITES) as window:
        while "Follow-on potential" not in window.said:
            window.type("")
        window.type("")
        assert window.end() == 0
    assert "  - `delivery_window` is missing\n" in window.said
    assert "  - section `Follow-on potential` is empty\n" in window.said
    assert handoff("check", KITES_PACKET, at=won, now=NOW).code == 1


@pytest.mark.parametrize("how", ["interrupt", "end of file", "hang up"])
def test_nothing_typed_is_lost(how: str, won: Repository) -> None:
    with terminal(won, "new", "packet", KITES) as window:
        window.type(*_KEPT, "2026-05-04", "28", *_CARRIED, "", "2026-04-30", "")
        window.type("Mina Castellanos")
        if how == "interrupt":
            window.interrupt()
        elif how == "end of file":
            os.write(window.master, b"\x04")
        else:
            window.process.kill()
        code = window.end()
    if how != "hang up":
        assert code == 130
        assert "what was typed is kept; add `--resume` to go on" in window.said
    assert not (won.root / KITES_PACKET).exists()
    assert _drafts(won) == [f"{_ID}.json"]
    assert won.git("status", "--porcelain") == ""
    with terminal(won, "new", "packet", KITES) as window:
        assert window.end() == 1
    assert "Add `--resume` to go on" in window.said
    with terminal(won, "new", "packet", KITES, "--resume") as window:
        assert "Start target" not in window.said
        assert "Primary contact" not in window.said
        assert "Milestones 3, Text" in window.said
        assert "How to reach them" in window.type("")
        window.type("+1 555 0100", "", "", "", "none", "", "", "")
        _sections(window, 4)
        window.type("", "")
        _sections(window, 4)
        assert window.end() == 0
    assert "start_on: 2026-05-04\n  days_at_most: 28\n" in _text(won)
    assert '  - name: Mina Castellanos\n    reach: "+1 555 0100"\n' in _text(won)
    assert _drafts(won) == []
    assert handoff("file", _ID, "--by", "dana-okafor", at=won, now=NOW).code == 0


def test_a_kept_session_can_be_discarded(won: Repository) -> None:
    with terminal(won, "new", "packet", KITES) as window:
        window.type(*_KEPT, "2026-05-04")
        window.interrupt()
        window.end()
    with terminal(won, "new", "packet", KITES, "--discard") as window:
        assert "Primary contact" in window.said
        assert "Target day for the start." in window.type(*_KEPT)
    assert _drafts(won) == []


def test_a_broken_draft_is_reported(won: Repository) -> None:
    folder = won.root / ".git/handoff/drafts"
    folder.mkdir(parents=True)
    (folder / f"{_ID}.json").write_text("[]", encoding="utf-8")
    ran = handoff("new", "packet", KITES, "--resume", at=won, now=NOW)
    assert (ran.code, ran.out) == (3, "")
    assert "--discard" in ran.err


def test_an_opportunity_is_asked_for_what_qualifies_it(won: Repository) -> None:
    with terminal(won, "new", "opportunity") as window:
        assert "Name of the customer company." in window.said
        window.type("Blue Fjord Ltd", "assessment")
        assert "Enter: dana-okafor" in window.said
        window.type("", "Trade fair")
        assert "One of: strong, partial, unclear" in window.said
        assert "Did you mean `strong`?" in window.type("stronk")
        window.type("strong", "high", "Anna Berg", "Anna Berg", "Head of Sales")
        assert "one plain address" in window.type("anna at fjord")
        window.type("anna@blue-fjord.example", "", "")
        assert "What will be done." in window.type("Asked for an offer")
        assert "Who will do it." in window.type("Call her")
        window.type("", "2026-04-23")
        assert window.end() == 0
    path = "opportunities/2026/04/blue-fjord-ltd-2026-04-21.md"
    assert f"written: {path}\n" in window.said
    assert "to reach `qualified`, still missing:\n  - event `qualified`" in window.said
    assert handoff("check", path, at=won, now=NOW).code == 0
    typed = ("log", "blue-fjord-ltd-2026-04-21", "qualified", "--by", "dana-okafor")
    assert "stage: qualified\n" in handoff(*typed, at=won, now=NOW).out


def test_an_opportunity_is_resumed_on_another_day(won: Repository) -> None:
    with terminal(won, "new", "opportunity") as window:
        window.type("Blue Fjord Ltd", "assessment")
        window.interrupt()
        assert window.end() == 130
    assert _drafts(won) == ["blue-fjord-ltd-2026-04-21.json"]
    late = ("--reason-late", "Called away")
    typed = ("new", "opportunity", "--resume", "--by", "dana-okafor", *late)
    ran = handoff(*typed, at=won, now="2026-04-22T13:00:00+02:00")
    assert ran.code == 0
    assert "opportunities/2026/04/blue-fjord-ltd-2026-04-21.md" in ran.out
    assert _drafts(won) == []


def test_an_event_is_asked_for_what_it_needs(won: Repository) -> None:
    late = ("--at", "2026-04-21T12:30:00+02:00")
    with terminal(won, "log", KITES, "paused", *late, now=NOW) as window:
        assert "One of: proposal, follow-up" in window.said
        assert "Did you mean" in window.type("folow-up")
        window.type("follow-up")
        assert "  note: Anything worth keeping" in window.type("timing")
        assert "`notes` is none of them" in window.type("notes")
        assert "More about it" not in window.type("note")
        assert "What will be done" in window.type("They are on holiday")
        window.type("")
        assert window.end() == 0
    assert "  - event: paused\n" in _text(won, KITES_PATH)
    assert "    note: They are on holiday\n" in _text(won, KITES_PATH)


def test_a_late_event_is_asked_for_its_reason(won: Repository) -> None:
    now = "2026-04-21T19:00:00+02:00"
    at = ("--at", "2026-04-21T13:00:00+02:00")
    with terminal(won, "log", KITES, "sow-sent", *at, now=now) as window:
        assert "Why the fact was written down later" in window.said
        window.type("", "On a plane", "", "")
        assert window.end() == 0
    assert "    recorded_late: On a plane\n" in _text(won, KITES_PATH)


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 1)])
def test_a_critical_risk_is_asked_about(answer: str, code: int, tmp_path: Path) -> None:
    deal = KITES_TEXT.replace("severity: high", "severity: critical")
    files = {KITES_PATH: deal, KITES_PACKET: kites_packet()}
    repository = records(tmp_path / "records", files)
    typed = ("ack", _ID, "--by", "ines-moreau")
    with terminal(repository, *typed, now="2026-04-22T09:00:00+02:00") as window:
        assert "accept critical risk R1: Data owner is on leave in May?" in window.said
        window.type(answer)
        assert window.end() == code
    assert ("acknowledgement:" in _text(repository)) == (answer == "y")


def test_hostile_text_is_shown_escaped(won: Repository) -> None:
    won.write(KITES_PATH, KITES_TEXT.replace("Nobody", "\u202eNobody"))
    with terminal(won, "new", "packet", KITES) as window:
        window.answer({})
    assert "  | \\u202eNobody answers" in window.said
    assert "\u202e" not in window.said


def test_with_no_input_nothing_is_asked(won: Repository) -> None:
    with terminal(won, "new", "packet", KITES, "--no-input") as window:
        assert window.end() == 0
    assert "Target day for the start" not in window.said


def test_a_kept_session_is_known_by_its_company(won: Repository) -> None:
    with terminal(won, "new", "opportunity", "--company", "Blue Fjord") as window:
        window.type("assessment")
        window.interrupt()
        window.end()
    typed = ("new", "opportunity", "--by", "dana-okafor", "--company", "Blue")
    ran = handoff(*typed, "--resume", at=won, now=NOW)
    assert ran.code == 2
    assert "no unfinished session is kept" in ran.err
    with terminal(won, "new", "opportunity", "--company", "Blue Fjord") as window:
        assert window.end() == 1
    again = ("--company", "Blue Fjord", "--resume", "--another")
    ran = handoff(*typed[:4], *again, at=won, now=NOW)
    assert ran.out.startswith("written: opportunities/2026/04/blue-fjord-2026-04-21.md")
    assert "service: assessment\n" in _text(
        won, "opportunities/2026/04/blue-fjord-2026-04-21.md"
    )
    assert _drafts(won) == []
