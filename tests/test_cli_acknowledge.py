"""`handoff acknowledge`: from an approval on the forge to the ledger and the packet."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.cli import handoff
from support.deals import KITES_PACKET, KITES_PATH, KITES_TEXT
from support.desk import DANA, INES, NOW, PACKET, STRANGER, TOMAS, Desk, desk
from support.forge import TOKEN
from support.reports import kites_packet

GIVEN = "2026-04-22T07:00:00Z"
CRITICAL = KITES_TEXT.replace("severity: high", "severity: critical")


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Desk]:
    with desk(tmp_path) as made:
        yield made


def test_an_approval_becomes_an_acknowledgement(at: Desk) -> None:
    pull = at.propose()
    review = at.forge.review(pull, INES, at=GIVEN)
    at.forge.merge(pull)
    ran = at.run()
    assert (ran.code, ran.err) == (0, "")
    name = f"github:{review['id']}"
    assert ran.out.startswith(
        f"acknowledged: {PACKET} by ines-moreau at {GIVEN} ({name}, #{pull.number})\n"
        f"written into the packet: {PACKET} ("
    )
    (entry,) = at.ledger()
    assert (entry["kind"], entry["key"]) == ("acknowledgement", f"{PACKET}/{name}")
    body = entry["body"]
    assert body["at"] == GIVEN
    assert (body["by"], body["account"], body["head"]) == (
        "ines-moreau",
        INES,
        pull.head,
    )
    added = (
        "acknowledgement:\n  by: ines-moreau\n  at: 2026-04-22T09:00:00+02:00\n"
        f"  review: {name}\n  digest: {body['digest']}\n  risks_accepted: []\n"
    )
    assert at.packet() + "\n" == kites_packet().replace(
        "\n---\n\n", f"\n{added}---\n\n"
    )
    assert at.comments() == []


def test_running_it_again_changes_nothing_and_says_so(at: Desk) -> None:
    pull = at.propose()
    at.forge.review(pull, INES)
    at.forge.merge(pull)
    at.run()
    tips = at.forge.remote.git("for-each-ref")
    ran = at.run(now="2026-04-23T12:00:00Z")
    assert ran.code == 0
    assert ran.out.startswith("nothing new to record\nwaiting before this run: 0 pa")
    assert at.forge.remote.git("for-each-ref") == tips


@pytest.mark.parametrize("how", ["merge", "squash"])
def test_it_makes_no_difference_how_it_was_merged(how: str, at: Desk) -> None:
    pull = at.propose()
    at.forge.review(pull, INES)
    at.forge.merge(pull, how=how)
    assert at.result()["main"]["packets"] == [PACKET]


def test_the_records_are_in_order_afterwards(at: Desk) -> None:
    """Also by the change gate, however late the job was: the ledger vouches for it."""
    pull = at.propose()
    at.forge.review(pull, INES, "CHANGES_REQUESTED", body="- Who?", at=GIVEN)
    at.run()
    at.forge.review(pull, INES, at="2026-04-22T07:30:00Z")
    base = at.forge.merge(pull)
    at.run()
    at.clone.git("pull", "--quiet")
    for args in ("check",), ("check", "--base", base):
        ran = handoff(*args, at=at.clone, now=NOW)
        assert ran.code == 0, ran.out
    assert "acknowledged (1)" in handoff("status", at=at.clone, now=NOW).out


def test_a_return_after_the_merge_passes_the_gate_too(at: Desk) -> None:
    pull = at.propose()
    base = at.forge.merge(pull, at="2026-04-22T06:00:00Z")
    at.forge.review(pull, INES, "CHANGES_REQUESTED", at=GIVEN)
    at.run()
    at.clone.git("pull", "--quiet")
    assert handoff("check", "--base", base, at=at.clone, now=NOW).code == 0
    forged = (at.clone.root / KITES_PACKET).read_text(encoding="utf-8")
    at.clone.write(KITES_PACKET, forged.replace("T09:00:00", "T08:59:59"))
    ran = handoff("check", "--base", base, at=at.clone, now=NOW)
    assert "error[late-claim]" in ran.out


def test_a_job_that_is_hours_late_keeps_the_time_of_the_review(at: Desk) -> None:
    pull = at.propose()
    at.forge.review(pull, INES, at=GIVEN)
    at.forge.merge(pull)
    assert at.result(now="2026-04-25T01:00:00Z")["recorded"][0]["body"]["at"] == GIVEN


def test_a_dry_run_says_everything_and_does_nothing(at: Desk) -> None:
    pull = at.propose()
    at.forge.review(pull, INES)
    at.forge.review(pull, STRANGER)
    at.forge.merge(pull)
    other = at.propose({KITES_PACKET: kites_packet() + "\n"}, branch="other")
    at.forge.review(other, STRANGER)
    at.forge.merge(other)
    tips = at.forge.remote.git("for-each-ref")
    ran = at.run("--dry-run")
    assert ran.code == 0
    assert f"would record acknowledged: {PACKET} by ines-moreau" in ran.out
    assert f"would write into the packet: {PACKET}\n" in ran.out
    assert "  would be told on the pull request\n" in ran.out
    assert " of at most 500 requests\n" in ran.out
    assert at.forge.remote.git("for-each-ref") == tips
    assert at.comments() == []
    assert {request.method for request in at.forge.server.requests} == {"GET"}


def test_a_refusal_is_told_once_in_plain_words(at: Desk) -> None:
    packet = kites_packet().replace("by: dana-okafor\n  at", "by: ines-moreau\n  at")
    pull = at.propose({KITES_PACKET: packet})
    at.forge.review(pull, INES)
    at.forge.merge(pull)
    first, second = at.run(), at.run()
    assert first.code == second.code == 0
    assert "  self-acknowledgement: you are also the filer\n" in first.out
    assert "  told on the pull request\n" in first.out
    assert "  told before, on the pull request\n" in second.out
    (comment,) = at.comments()
    assert comment.endswith(
        "\n@ines-m Your approval was not counted as acknowledgement: you are also the "
        "filer. Somebody else of customer success has to approve it.\n"
    )
    assert at.ledger() == []
    assert "acknowledgement:" not in at.packet()


def test_a_return_is_counted_and_the_later_approval_too(at: Desk) -> None:
    pull = at.propose()
    body = "Hm.\n- Who signs off?\n- ::error::x"
    at.forge.review(pull, INES, "CHANGES_REQUESTED", body=body, at=GIVEN)
    ran = at.run()
    assert f"returned: {PACKET} by ines-moreau at {GIVEN}" in ran.out
    assert "  gap: Who signs off?\n" in ran.out
    (entry,) = at.ledger()
    assert entry["body"]["gaps"] == ["Who signs off?", "::error::x"]
    text = kites_packet().replace("Draft findings sent", "Draft findings are sent")
    at.change({KITES_PACKET: text})
    at.forge.review(pull, INES, at="2026-04-22T10:00:00Z")
    at.forge.merge(pull)
    assert at.result()["main"]["packets"] == [PACKET]
    assert [entry["kind"] for entry in at.ledger()] == ["acknowledgement", "return"]


def test_a_merged_packet_that_is_given_back_says_so(at: Desk) -> None:
    pull = at.propose()
    at.forge.merge(pull, at="2026-04-22T06:00:00Z")
    body = "1. Which mailbox?"
    at.forge.review(pull, INES, "CHANGES_REQUESTED", body=body, at=GIVEN)
    assert at.result()["main"]["packets"] == [PACKET]
    assert (
        "returns:\n  - by: ines-moreau\n    at: 2026-04-22T09:00:00+02:00\n"
        "    gaps:\n      - Which mailbox?\n"
    ) in at.packet()
    assert at.result()["recorded"] == []


def test_a_dismissal_voids_what_was_recorded(at: Desk) -> None:
    pull = at.propose()
    review = at.forge.review(pull, INES, at=GIVEN)
    at.forge.merge(pull)
    at.run()
    at.forge.dismiss(review)
    ran = at.run(now="2026-04-22T13:00:00Z")
    name = f"(github:{review['id']}, #{pull.number})"
    said = f"void: {PACKET} since 2026-04-22T13:00:00Z: its approval was dismissed"
    assert f"{said} {name}\n" in ran.out
    assert [entry["kind"] for entry in at.ledger()] == ["acknowledgement", "void"]
    assert at.result(now="2026-04-22T14:00:00Z")["waiting"] == [PACKET]
    again = at.forge.review(pull, TOMAS, at="2026-04-22T14:30:00Z")
    body = at.result(now="2026-04-22T15:00:00Z")["recorded"][0]["body"]
    assert (body["by"], body["review"]) == ("tomas-lindgren", f"github:{again['id']}")


def test_critical_risks_are_accepted_in_the_review(tmp_path: Path) -> None:
    with desk(tmp_path, CRITICAL) as at:
        pull = at.propose()
        at.forge.review(pull, INES)
        at.forge.merge(pull)
        assert "do: Approve once more, and write in the review: I accept risk R1" in (
            at.run().out
        )
        at.forge.review(pull, INES, body="I accept risk R1")
        at.run()
        assert "risks_accepted:\n    - R1\n" in at.packet()
        assert len(at.comments()) == 1


def test_a_branch_that_takes_no_push_leaves_it_to_the_ledger(at: Desk) -> None:
    hook = at.forge.remote.write(
        "hooks/update",
        "#!/bin/sh\n[ $1 != refs/heads/main ] || { echo GH006: protected; exit 1; }\n",
    )
    pull = at.propose()
    at.forge.review(pull, INES)
    at.forge.merge(pull)
    hook.chmod(0o755)
    ran = at.run()
    assert ran.code == 0
    assert f"in the ledger alone: {PACKET}\n" in ran.out
    assert "the default branch takes no push from here: remote: GH006" in ran.out
    assert len(at.ledger()) == 1
    hook.unlink()
    assert at.result()["main"]["packets"] == [PACKET]


def test_two_packets_in_one_pull_request_acknowledge_nothing(at: Desk) -> None:
    second = "handoffs/2026/04/assessment-other-kites-2026-04-21.md"
    pull = at.propose({KITES_PACKET: kites_packet(), second: kites_packet()})
    at.forge.review(pull, INES)
    at.forge.merge(pull)
    assert "several-packets: the pull request carried 2 packets" in at.run().out
    assert at.ledger() == []


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({".github/workflows/check.yml": "on: push\n"}, "more-than-records"),
        ({"schemas/policy/extra.yaml": "x: 1\n"}, "more-than-records"),
        ({KITES_PATH: None}, "record-removed"),
    ],
)
def test_a_packet_travels_alone(
    files: dict[str, str | None], reason: str, at: Desk
) -> None:
    pull = at.propose({KITES_PACKET: kites_packet(), **files})
    at.forge.review(pull, INES)
    at.forge.merge(pull)
    ran = at.run("--pull", str(pull.number))
    assert f"  {reason}: " in ran.out
    assert at.ledger() == []


def test_a_fork_a_stranger_and_an_own_commit_acknowledge_nothing(at: Desk) -> None:
    pull = at.propose(author="Ines Moreau")
    pull.overrides["head"] = {
        "ref": pull.branch,
        "sha": pull.head,
        "repo": {"id": 999},
    }
    at.forge.review(pull, INES)
    at.forge.review(pull, STRANGER)
    at.forge.merge(pull)
    out = at.run().out
    assert out.count("from-fork: ") == 2
    assert "own-commit: you wrote or committed part of it" in out
    assert f"unknown-account: your account (number {STRANGER})" in out
    assert at.ledger() == []


def test_a_head_pushed_after_the_approval_is_not_covered(at: Desk) -> None:
    pull = at.propose()
    at.forge.review(pull, INES)
    at.change({KITES_PACKET: kites_packet() + "\nMore.\n"})
    at.forge.merge(pull)
    assert "other-head: you approved " in at.run().out
    assert at.ledger() == []


def test_hostile_words_do_nothing(at: Desk) -> None:
    pull = at.propose(branch="handoff/$(touch-x)")
    pull.title = "::set-env name=X::y\n@everyone fixes #1"
    text = "::error file=x::y\n@acme/everyone <!-- handoff:approval --> $(id) `id`"
    at.forge.review(pull, INES, "CHANGES_REQUESTED", body=f"- {text}", at=GIVEN)
    at.forge.people[STRANGER] = "no login] @acme/everyone"
    at.forge.review(pull, STRANGER, body=text)
    at.forge.merge(pull)
    ran = at.run()
    assert ran.code == 0
    assert not any(line.lstrip().startswith("::") for line in ran.out.splitlines())
    (comment,) = at.comments()
    assert "@acme" not in comment
    assert TOKEN not in ran.out + ran.err


def test_one_pull_request_can_be_asked_for(at: Desk) -> None:
    pull = at.propose()
    at.forge.review(pull, INES)
    at.forge.merge(pull)
    assert at.result("--pull", str(pull.number))["requests"]["sent"] <= 6
    assert len(at.ledger()) == 1


def test_only_what_changed_can_be_asked_for(at: Desk) -> None:
    pull = at.propose()
    at.forge.review(pull, INES)
    merged = at.forge.merge(pull)
    at.clone.git("fetch", "--quiet")
    assert at.result("--since", merged)["reviews"] == []
    assert len(at.result("--since", f"{merged}~1")["reviews"]) == 1


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("--since", "HEAD", "--pull", "1"), 2, "cannot be used together"),
        (("--pull", "0"), 2, "is not in the range"),
        (("--pull", "99"), 3, "not looked at: #99: the forge answered 404"),
        (("--since", "nowhere"), 3, "`nowhere` names no commit"),
        (("--requests", "1"), 3, "the limit of 1 requests to the forge is reached"),
    ],
)
def test_what_was_typed_wrongly(
    args: tuple[str, ...], code: int, said: str, at: Desk
) -> None:
    ran = at.run(*args)
    assert ran.code == code
    assert said in ran.out + ran.err


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("GITHUB_TOKEN", "", "GITHUB_TOKEN is not set"),
        ("GITHUB_REPOSITORY", "", "GITHUB_REPOSITORY is not set"),
        ("GITHUB_REPOSITORY", "handoffs", "not of the form OWNER/NAME"),
        ("GITHUB_API_URL", "http://forge.example", "cannot be used"),
        ("GITHUB_TOKEN", "wr0ng", "does not accept the token"),
        ("GITHUB_TOKEN", f"{TOKEN}\n\nx", "holds characters that cannot be sent"),
    ],
)
def test_what_the_environment_says_wrongly(
    name: str, value: str, said: str, at: Desk
) -> None:
    at.env[name] = value
    ran = at.run()
    assert (ran.code, ran.out) == (3, "")
    assert said in ran.err
    assert TOKEN not in ran.err
    assert "Traceback" not in ran.err


def test_a_person_who_filed_cannot_give_it_back(at: Desk) -> None:
    pull = at.propose()
    at.forge.review(pull, DANA, "CHANGES_REQUESTED")
    assert at.result()["recorded"] == []


def test_a_rewritten_main_stops_everything(at: Desk) -> None:
    pull = at.propose()
    at.forge.review(pull, INES)
    at.forge.merge(pull)
    at.run()
    at.forge.remote.git("update-ref", "refs/heads/main", "main~2")
    at.clone.git(
        "fetch", "--quiet", "--force", "origin", "+main:refs/remotes/origin/main"
    )
    tips = at.forge.remote.git("for-each-ref")
    ran = at.run()
    assert (ran.code, ran.out) == (3, "")
    assert "history was rewritten: commit" in ran.err
    assert at.forge.remote.git("for-each-ref") == tips


def test_a_later_return_takes_an_earlier_approval_back(at: Desk) -> None:
    pull = at.propose()
    at.forge.review(pull, TOMAS, at="2026-04-22T07:00:00Z")
    at.forge.review(pull, INES, "CHANGES_REQUESTED", at="2026-04-22T07:30:00Z")
    at.forge.merge(pull)
    at.run()
    assert [entry["kind"] for entry in at.ledger()] == ["acknowledgement", "return"]
    assert "\nreturns:\n" in at.packet()
    assert "\nacknowledgement:\n" not in at.packet()


def test_a_packet_that_changed_can_be_approved_again(at: Desk) -> None:
    pull = at.propose()
    at.forge.review(pull, INES, at=GIVEN)
    at.forge.merge(pull)
    at.run()
    text = f"{at.packet()}\n".replace("days_at_most: 28", "days_at_most: 21")
    other = at.propose({KITES_PACKET: text}, branch="handoff/shorter")
    review = at.forge.review(other, INES, at="2026-04-22T10:00:00Z")
    at.forge.merge(other)
    assert at.result()["waiting"] == [PACKET]
    assert [entry["kind"] for entry in at.ledger()] == ["acknowledgement"] * 2
    assert f"  review: github:{review['id']}\n" in at.packet()
    assert at.result()["waiting"] == []


def test_a_return_before_the_merge_is_answered_by_the_next_approval(
    tmp_path: Path,
) -> None:
    """Also if that approval comes late: nothing on main waits for a filing."""
    with desk(tmp_path, CRITICAL) as at:
        pull = at.propose()
        at.forge.review(pull, INES, "CHANGES_REQUESTED", at="2026-04-22T06:30:00Z")
        at.forge.review(pull, INES, at=GIVEN)
        at.forge.merge(pull)
        assert "risk-not-accepted" in at.run().out
        assert "\nreturns:\n" not in at.packet()
        at.forge.review(pull, INES, body="I accept risk R1")
        assert at.result()["main"]["packets"] == [PACKET]
