"""`handoff intake` on a local forge: form, record, pull request, one comment."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from support.cli import handoff, records
from support.deals import KITES, KITES_PACKET, KITES_PATH
from support.front_desk import (
    COMPLETE,
    DANA,
    EVENT,
    HANDOFF,
    STRANGER,
    TOMAS,
    Desk,
    desk_over,
    filled,
)
from support.git import Repository
from support.local_server import Fault
from support.reports import WON_WITHOUT_PACKET

WEBHOOKS = (
    Path(__file__).parents[2] / "shared/specs/github/octokit-webhooks-schema.json"
)
GAPS = {k: v for k, v in COMPLETE.items() if k not in ("Red flags", "Needed access")}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = records(tmp_path / "records", WON_WITHOUT_PACKET, at="2026-04-21T08:00:00Z")
    with desk_over(made, tmp_path) as desk:
        yield desk


def _tip(desk: Desk, number: int) -> str:
    return desk.forge.tip(f"handoff/issue-{number}")


def _packet(desk: Desk, number: int) -> str:
    return desk.forge.remote.git("show", f"{_tip(desk, number)}:{KITES_PACKET}")


def _comments(desk: Desk, number: int) -> list[str]:
    return [comment["body"] for comment in desk.forge.comments.get(number, [])]


def test_a_complete_form_becomes_a_filed_packet(desk: Desk) -> None:
    payload = desk.issue(filled(HANDOFF, COMPLETE))
    ran = desk.intake(payload)
    assert (ran.code, ran.err) == (0, "")
    assert "complete, so it is filed" in ran.out
    (pull,) = desk.forge.pulls.values()
    assert pull.title == "Handoff: Zephyr Kites"
    assert "Closes #1\n" in pull.body
    assert pull.asked == ["ines-m"]
    assert "filed:\n  by: dana-okafor\n  at: 2026-04-21T15:00:00+02:00\n" in _packet(
        desk, 1
    )
    (comment,) = _comments(desk, 1)
    assert f"pull request #{pull.number}" in comment
    assert "Customer success is asked to read it" in comment
    desk.jobs.git("checkout", "--quiet", _tip(desk, 1))
    assert handoff("check", at=desk.jobs, now="2026-04-21T15:20:00+02:00").code == 0


def test_a_second_run_changes_nothing(desk: Desk) -> None:
    payload = desk.issue(filled(HANDOFF, COMPLETE))
    desk.intake(payload)
    before = _tip(desk, 1), _comments(desk, 1)
    writes = [r for r in desk.forge.server.handled if r.method != "GET"]
    assert desk.intake(payload, now="2026-04-23T09:00:00+02:00").code == 0
    after = [r for r in desk.forge.server.handled if r.method != "GET"]
    assert (_tip(desk, 1), _comments(desk, 1)) == before
    assert len(after) == len(writes)


def test_gaps_are_named_once_and_the_record_is_made(desk: Desk) -> None:
    ran = desk.intake(desk.issue(filled(HANDOFF, GAPS)))
    assert ran.code == 0
    assert "filed" not in _packet(desk, 1)
    assert "## Red flags\n" in _packet(desk, 1)
    (comment,) = _comments(desk, 1)
    assert "section `Red flags` is empty".replace("`", "\\`") in comment
    assert "needed\\_access" in comment
    assert len(desk.forge.pulls) == 1


def test_an_edited_form_completes_the_same_pull_request(desk: Desk) -> None:
    desk.intake(desk.issue(filled(HANDOFF, GAPS)))
    later = desk.issue(filled(HANDOFF, COMPLETE), number=1, at="2026-04-21T13:30:00Z")
    assert "filed" in desk.intake(later, now="2026-04-21T15:40:00+02:00").out
    assert "  at: 2026-04-21T15:30:00+02:00\n" in _packet(desk, 1)
    assert len(desk.forge.pulls) == 1
    (comment,) = _comments(desk, 1)
    assert "Still missing" not in comment
    count = desk.forge.remote.git("rev-list", "--count", f"main..{_tip(desk, 1)}")
    assert count == "2"


def test_what_was_filed_stays_filed_then(desk: Desk) -> None:
    desk.intake(desk.issue(filled(HANDOFF, COMPLETE)))
    more = {**COMPLETE, "Red flags": "Their board meets late."}
    later = desk.issue(filled(HANDOFF, more), number=1, at="2026-04-21T14:50:00Z")
    desk.intake(later, now="2026-04-21T17:00:00+02:00")
    assert "Their board meets late." in _packet(desk, 1)
    assert "  at: 2026-04-21T15:00:00+02:00\n" in _packet(desk, 1)


def test_what_somebody_changed_on_the_branch_is_left_alone(
    desk: Desk, tmp_path: Path
) -> None:
    desk.intake(desk.issue(filled(HANDOFF, GAPS)))
    mine = Repository(tmp_path / "mine")
    desk.jobs.git("clone", "--quiet", str(desk.forge.remote.root), str(mine.root))
    mine.switch("handoff/issue-1")
    text = (mine.root / KITES_PACKET).read_text(encoding="utf-8")
    mine.write(KITES_PACKET, text.replace("## Red flags\n", "## Red flags\n\nLate.\n"))
    tip = mine.commit("Answer it here", at="2026-04-21T13:20:00Z")
    mine.git("push", "--quiet")
    again = desk.issue(filled(HANDOFF, COMPLETE), number=1, at="2026-04-21T13:30:00Z")
    assert desk.intake(again).code == 0
    assert _tip(desk, 1) == tip
    (comment,) = _comments(desk, 1)
    assert "somebody went on with the record on its branch" in comment


def test_an_event_is_added_to_its_deal(desk: Desk) -> None:
    typed = {
        "Opportunity": "Zephyr Kites",
        "Event": "sow-sent",
        "Next action: Action": "Get it signed",
        "Next action: Owner": "dana-okafor",
        "Next action: Due": "2026-04-23",
    }
    ran = desk.intake(desk.issue(filled(EVENT, typed)))
    assert ran.code == 0, ran.err
    text = desk.forge.remote.git("show", f"{_tip(desk, 1)}:{KITES_PATH}")
    assert "event: sow-sent\n    at: 2026-04-21T15:00:00+02:00\n" in text
    (pull,) = desk.forge.pulls.values()
    assert pull.title == "sow-sent: Zephyr Kites"


def test_a_gap_of_an_event_is_named(desk: Desk) -> None:
    typed = {"Opportunity": KITES, "Event": "follow-up-made"}
    desk.intake(desk.issue(filled(EVENT, typed)))
    (comment,) = _comments(desk, 1)
    assert "outcome" in comment


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"Opportunity": "zephyr-kits"}, "there is no opportunity"),
        ({"Opportunity": "$(id) `reboot` @everyone"}, "there is no opportunity"),
    ],
)
def test_a_form_about_nothing_is_answered(
    answers: dict[str, str], said: str, desk: Desk
) -> None:
    ran = desk.intake(desk.issue(filled(HANDOFF, {**COMPLETE, **answers})))
    assert ran.code == 1
    assert said in ran.out
    (comment,) = _comments(desk, 1)
    assert "No record could be made" in comment
    assert "@everyone" not in comment
    assert desk.forge.pulls == {}


def test_a_packet_that_exists_is_not_made_again(desk: Desk) -> None:
    desk.intake(desk.issue(filled(HANDOFF, COMPLETE)))
    (pull,) = desk.forge.pulls.values()
    desk.forge.merge(pull)
    ran = desk.intake(desk.issue(filled(HANDOFF, COMPLETE)))
    assert ran.code == 1
    assert "is there already" in ran.out


def test_strangers_hand_in_nothing(desk: Desk) -> None:
    payload = desk.issue(filled(HANDOFF, COMPLETE), by=STRANGER, association="NONE")
    ran = desk.intake(payload)
    assert ran.code == 1
    assert "is nobody's here" in ran.out
    assert desk.forge.pulls == {}


def test_a_colleague_without_a_number_hands_in_but_does_not_file(desk: Desk) -> None:
    payload = desk.issue(filled(HANDOFF, COMPLETE), by=STRANGER)
    assert desk.intake(payload).code == 0
    assert "filed" not in _packet(desk, 1)
    (comment,) = _comments(desk, 1)
    assert "account 666" in comment


def test_what_somebody_else_edited_is_filed_by_them(desk: Desk) -> None:
    desk.intake(desk.issue(filled(HANDOFF, GAPS)))
    edited = desk.issue(filled(HANDOFF, COMPLETE), number=1, edited_by=TOMAS)
    assert desk.intake(edited).code == 0
    assert "filed:\n  by: tomas-lindgren\n" in _packet(desk, 1)


def test_who_files_is_not_asked_for_the_review(desk: Desk) -> None:
    desk.intake(desk.issue(filled(HANDOFF, COMPLETE), by=TOMAS))
    (pull,) = desk.forge.pulls.values()
    assert pull.asked == ["ines-m"]


def test_other_issues_are_none_of_its_business(desk: Desk) -> None:
    ran = desk.intake(desk.issue("Please call me"))
    assert (ran.code, ran.out) == (0, "issue 1 was not made with a form of ours\n")
    assert _comments(desk, 1) == []


def test_a_dry_run_needs_no_forge_and_changes_nothing(desk: Desk) -> None:
    path = desk.event("issues", desk.issue(filled(HANDOFF, GAPS)))
    ran = handoff("intake", "--event", path, "--dry-run", at=desk.jobs)
    assert ran.code == 0
    assert f"would write: {KITES_PACKET} on the branch handoff/issue-1" in ran.out
    assert "missing or wrong: section `Red flags` is empty" in ran.out
    assert desk.forge.server.requests == []


HOSTILE = (
    "::error::x\n::stop-commands::y\n##[command]z\n@org/team #1 $(touch pwned)\n"
    "<!-- handoff:intake -->\n\n## Red flags\n\nfake\n\n---\nfiled: {by: ceo}\n---\n"
)


def test_hostile_text_is_text(desk: Desk) -> None:
    typed = {**COMPLETE, "Sensitivities": HOSTILE, "Kickoff target": "::error::soon"}
    ran = desk.intake(desk.issue(filled(HANDOFF, typed), title=HOSTILE))
    assert ran.code == 0
    assert "touch pwned" in _packet(desk, 1)
    assert not any(line.startswith(("::", "##[")) for line in ran.out.splitlines())
    (comment,) = _comments(desk, 1)
    assert "@org/team" not in comment
    assert not list(desk.jobs.root.glob("**/pwned"))
    (pull,) = desk.forge.pulls.values()
    assert HOSTILE not in pull.body


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{}", b"null", b'{"issue": 3}', b"\xff", b"[" * 100_000]
    + [json.dumps({"issue": {"number": n}}).encode() for n in (True, -1, "1", None)],
)
def test_a_broken_event_is_one_sentence(content: bytes, desk: Desk) -> None:
    path = desk.folder / "event.json"
    path.write_bytes(content)
    ran = desk.run("intake", "--event", str(path), now="2026-04-21T15:10:00+02:00")
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.count("\n") == 2
    assert "event" in ran.err


@pytest.mark.parametrize(
    ("at", "fault"),
    [
        *((3, fault) for fault in Fault),  # the answer to opening the pull request
        (1, Fault.BROKEN),
        (4, Fault.RESET_AFTER),
        (6, Fault.RESET_AFTER),
    ],
)
def test_every_fault_is_safe_to_run_again(
    at: int, fault: Fault, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handoff.cli.forge._wait", lambda _: None)
    payload = desk.issue(filled(HANDOFF, COMPLETE))
    desk.forge.server.faults[at] = fault
    first = desk.intake(payload)
    assert first.code in {0, 3}
    assert "t0ken" not in first.out + first.err
    desk.forge.server.faults.clear()
    assert desk.intake(payload).code == 0
    assert len(desk.forge.pulls) == 1
    assert len(_comments(desk, 1)) == 1
    assert "filed:" in _packet(desk, 1)


def test_without_a_token_it_says_so(desk: Desk) -> None:
    path = desk.event("issues", desk.issue(filled(HANDOFF, COMPLETE)))
    ran = handoff("intake", "--event", path, at=desk.jobs)
    assert ran.code == 3
    assert "GITHUB_REPOSITORY is not set" in ran.err


@pytest.mark.skipif(
    not WEBHOOKS.exists(), reason="the webhook schemas are not beside us"
)
def test_our_events_have_the_fields_of_real_ones(desk: Desk) -> None:
    schema: Any = json.loads(WEBHOOKS.read_text(encoding="utf-8"))
    known = schema["definitions"]["issue"]["properties"]
    issue = desk.issue("x", by=DANA)["issue"]
    assert isinstance(issue, dict)
    for name, value in issue.items():
        part = {**known[name], "definitions": schema["definitions"]}
        if name != "user":
            Draft7Validator(part).validate(value)
