"""`handoff log` and `handoff tasks`: events added, and what is to be done."""

import json
from pathlib import Path

import pytest

from support.cli import handoff, records
from support.deals import KITES, KITES_PATH, KITES_TEXT, OTTER, TAKO, TAKO_TEXT
from support.git import Repository
from support.reports import SAMPLE, WON, path_of

NOW = "2026-04-24T15:00:00+02:00"
_BY = ("--by", "rui-tanaka")
_TAKO = path_of(TAKO)
_AUDIT = ("audit-completed", "--set", "evidence=Audit sheet")


@pytest.fixture
def deals(tmp_path: Path) -> Repository:
    return records(tmp_path / "records", {**WON, _TAKO: TAKO_TEXT})


def _text(repository: Repository, path: str = _TAKO) -> str:
    return (repository.root / path).read_text(encoding="utf-8")


def _log(repository: Repository, *typed: str) -> tuple[int, str, str]:
    ran = handoff("log", *typed, at=repository, now=NOW)
    return ran.code, ran.out, ran.err


def test_an_event_is_added_and_nothing_else_changes(deals: Repository) -> None:
    commented = TAKO_TEXT.replace("owner: rui", "owner:   rui", 1).replace(
        "---\n\n## Disc", "# last word\n---\n\n## Disc"
    )
    deals.write(_TAKO, commented)
    code, out, err = _log(
        *(deals, TAKO, "objection-raised", *_BY, "--set", "objection=Too: late #1"),
        *("--next-action", "Answer", "--next-due", "2026-04-27"),
    )
    assert (code, err) == (0, "")
    assert out.startswith(f"logged: objection-raised in {_TAKO}\nstage: discovery\n")
    assert out.endswith(f"next: handoff status {TAKO}\n")
    event = (
        "  - event: objection-raised\n    at: 2026-04-24T15:00:00+02:00\n"
        '    by: rui-tanaka\n    objection: "Too: late #1"\n    next:\n'
        "      action: Answer\n      owner: rui-tanaka\n      due: 2026-04-27\n"
    )
    assert event in _text(deals)
    assert _text(deals).replace(event, "") == commented


def test_a_refused_event_leaves_no_trace(deals: Repository) -> None:
    code, out, err = _log(deals, TAKO, *_AUDIT, *_BY)
    assert code == 1
    assert "error[gate-unsatisfied]" in out
    assert "Audit evidence" in out
    assert "nothing was written" in err
    assert _text(deals) == TAKO_TEXT


def test_errors_that_are_there_already_are_no_hindrance(deals: Repository) -> None:
    text = TAKO_TEXT.replace("by: rui-tanaka}", "by: rui-tanaca}", 1)
    deals.write(_TAKO, text)
    typed = ("objection-raised", "--set", "objection=Price")
    assert _log(deals, TAKO, *typed, *_BY)[0] == 0


def test_a_late_event_says_why(deals: Repository) -> None:
    typed = ("objection-raised", "--set", "objection=Price", *_BY)
    late = ("--at", "2026-04-24T13:59:00+02:00")
    code, out, err = _log(deals, TAKO, *typed, *late)
    assert (code, out) == (2, "")
    assert "--reason-late" in err
    assert _log(deals, TAKO, *typed, *late, "--reason-late", "On a plane")[0] == 0
    said = "    recorded_late: On a plane\n    recorded_at: 2026-04-24T15:00:00+02:00\n"
    assert said in _text(deals)


def test_an_hour_is_not_late(deals: Repository) -> None:
    typed = ("objection-raised", "--set", "objection=Price", *_BY)
    assert _log(deals, TAKO, *typed, "--at", "2026-04-24T14:00:00+02:00")[0] == 0
    assert "recorded_late" not in _text(deals)


def test_a_day_of_today_is_not_late(deals: Repository) -> None:
    typed = ("objection-raised", "--set", "objection=Price", *_BY)
    assert _log(deals, TAKO, *typed, "--on", "2026-04-24")[0] == 0
    assert "    on: 2026-04-24\n" in _text(deals)


def test_the_same_event_is_not_repeated(deals: Repository) -> None:
    at = "2026-04-24T14:30:00+02:00"
    typed = ("objection-raised", "--set", "objection=Price", *_BY, "--at", at)
    assert _log(deals, TAKO, *typed)[0] == 0
    before = _text(deals)
    code, out, _ = _log(deals, TAKO, *typed)
    assert code == 0
    assert "on record already" in out
    assert _text(deals) == before


def test_a_new_owner_is_named_in_the_header_too(deals: Repository) -> None:
    typed = ("owner-changed", "--set", "new_owner=dana-okafor", *_BY)
    assert _log(deals, TAKO, *typed)[0] == 0
    assert "\nowner: dana-okafor\n" in _text(deals)
    assert "    new_owner: dana-okafor\n" in _text(deals)


def test_lists_and_numbers_are_read_by_the_schema(deals: Repository) -> None:
    code, out, _ = _log(
        *(deals, KITES, "proposal-sent", "--by", "dana-okafor"),
        *("--set", "line_items=[L1]", "--set", "follow_up_on=2026-04-28"),
        *("--set", "probability=60", "--set", "decision_by=2026-04-30"),
    )
    assert code == 0, out
    assert "    line_items:\n      - L1\n" in _text(deals, KITES_PATH)
    assert "    probability: 60\n" in _text(deals, KITES_PATH)


def test_a_next_action_names_what_it_settles(tmp_path: Path) -> None:
    deals = records(tmp_path / "records", {KITES_PATH: KITES_TEXT})
    plan = ("--next-action", "Ask for a deputy", "--next-due", "2026-04-28")
    typed = (
        "objection-raised",
        "--set",
        "objection=Their deputy left",
        "--set",
        "next.risks=[R1]",
    )
    code, out, err = _log(deals, KITES, *typed, *plan, "--by", "dana-okafor")
    assert (code, err) == (0, ""), out
    due = "      due: 2026-04-28\n      risks:\n        - R1\n"
    assert due in _text(deals, KITES_PATH)


def test_a_win_leads_to_the_packet(tmp_path: Path) -> None:
    won = KITES_TEXT.index("  - event: closed-won")
    end = KITES_TEXT.index("---\n\n## Discovery")
    text = KITES_TEXT[:won] + KITES_TEXT[end:]
    repository = records(tmp_path / "records", {KITES_PATH: text})
    typed = ("closed-won", "--by", "dana-okafor", "--set", "commitment=verbal")
    code, out, err = _log(repository, KITES, *typed, "--set", "sow=not-sent")
    assert code == 2
    assert "`primary_contact_confirmed` is missing" in err
    known = ("--set", "sow=not-sent", "--set", "primary_contact_confirmed=yes")
    code, _, err = _log(repository, KITES, *typed, *known)
    assert "`expected_signature_on` is missing" in err
    expected = ("--set", "expected_signature_on=2026-04-28")
    code, out, err = _log(repository, KITES, *typed, *known, *expected)
    assert (code, err) == (0, "")
    assert "clock `packet-filed`: due 2026-04-24 17:00 +02:00, dana-okafor" in out
    assert "no next action is planned" in out
    assert out.endswith(f"next: handoff new packet {KITES}\n")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ((TAKO, "objection-rased"), "Did you mean `objection-raised`?"),
        ((TAKO, "objection-raised"), "Add --set objection="),
        ((TAKO, "paused", "--set", "what=lunch"), "which is not an allowed value"),
        (
            (TAKO, "objection-raised", "--set", "objektion=x"),
            "Did you mean `objection`",
        ),
        ((TAKO, "objection-raised", "--set", "objection="), "`objection` is empty"),
        ((TAKO, "objection-raised", "--set", "objection=a\u2028b"), "U+2028"),
        ((TAKO, "owner-changed", "--set", "new_owner=rui"), "who is not known"),
        (("tako-2026-04-06", "qualified"), f"nearest: {TAKO}"),
        (("../../etc/passwd", "qualified"), "there is no opportunity `passwd`"),
    ],
)
def test_what_will_not_do_is_named(
    typed: tuple[str, ...], said: str, deals: Repository
) -> None:
    code, out, err = _log(deals, *typed, *_BY)
    assert (code, out) == (2, "")
    assert said in err
    assert _text(deals) == TAKO_TEXT


def test_a_future_event_is_refused(deals: Repository) -> None:
    typed = ("objection-raised", "--set", "objection=Price", *_BY)
    code, out, _ = _log(deals, TAKO, *typed, "--at", "2026-04-25T12:00:00+02:00")
    assert code == 1
    assert "error[future-claim]" in out
    assert _text(deals) == TAKO_TEXT


def test_tasks_are_listed_by_due(tmp_path: Path) -> None:
    repository = records(tmp_path / "records", SAMPLE)
    ran = handoff("tasks", at=repository, now=NOW)
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert lines[0].startswith("OVERDUE 2026-04-20 ")
    assert lines[0].endswith("  dana-okafor  " + OTTER)
    assert lines[1].startswith("OVERDUE 2026-04-22 12:00 +02:00")
    assert lines[2].startswith("due 2026-04-28")
    assert lines[3] == "3 tasks, 2 overdue"


def test_tasks_of_one_person(tmp_path: Path) -> None:
    repository = records(tmp_path / "records", SAMPLE)
    typed = ("tasks", "--owner", "rui-tanaka", "--format", "json")
    data = json.loads(handoff(*typed, at=repository, now=NOW).out)
    assert data["version"] == 1
    assert data["tasks"] == [
        {
            "opportunity": TAKO,
            "company": "凧株式会社",
            "action": "Collect the audit evidence",
            "owner": "rui-tanaka",
            "due": "2026-04-28",
            "due_at": "2026-04-28T22:00:00Z",
            "overdue": False,
            "on_hold": False,
        }
    ]


def test_tasks_of_nobody(tmp_path: Path) -> None:
    repository = records(tmp_path / "records", {})
    assert handoff("tasks", at=repository, now=NOW).out == "0 tasks\n"
    ran = handoff("tasks", "--owner", "rui", at=repository, now=NOW)
    assert ran.code == 2
    assert "Did you mean `rui-tanaka`" in ran.err or "Known:" in ran.err


def test_hostile_text_is_escaped(tmp_path: Path) -> None:
    text = TAKO_TEXT.replace("Collect the audit evidence", '"\\e[31mred ##[error]x"')
    repository = records(tmp_path / "records", {_TAKO: text})
    ran = handoff("tasks", at=repository, now=NOW)
    assert "\x1b" not in ran.out
    assert "##[" not in ran.out
