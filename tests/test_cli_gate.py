"""`handoff check --base`: what a change may do to what is on record."""

import json
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from support.cli import Ran, handoff, handoff_process, records
from support.deals import KITES_PACKET, KITES_PATH
from support.git import Repository
from support.reports import WON, WON_WITHOUT_PACKET, lead

NOON = "2026-04-21T15:40:00+02:00"
"""Ten minutes after the packet of the sample was filed."""
INDEX = ("check", "--rev", "index", "--base", "HEAD")
TRUST = "schemas/policy/trust.yaml"
PEOPLE = "schemas/policy/people.yaml"
LEAD = lead("marble-otter-2026-04-21", "Marble Otter")
(LEAD_PATH,) = LEAD


@pytest.fixture
def sample(tmp_path: Path) -> Repository:
    return records(tmp_path / "records", WON_WITHOUT_PACKET, at="2026-04-21T10:30:00Z")


def staged(sample: Repository, path: str, text: str) -> Repository:
    sample.write(path, text)
    sample.git("add", "--all")
    return sample


def edited(sample: Repository, path: str, old: str, new: str) -> Repository:
    text = (sample.root / path).read_text(encoding="utf-8")
    assert old in text
    return staged(sample, path, text.replace(old, new, 1))


def gate(sample: Repository, *typed: str, now: str = NOON) -> Ran:
    return handoff(*(typed or INDEX), at=sample, now=now)


def rules(ran: Ran) -> list[str]:
    """Name the rules of what was found, in the order of the report."""
    return [
        part.partition("]")[0] for part in ran.out.split("error[")[1:] if "]" in part
    ]


def event(folder: Path, payload: object) -> str:
    path = folder / "event.json"
    path.write_text(json.dumps(payload), encoding="utf-8")
    return str(path)


def pull_request(opened: str, updated: str, author: int = 1) -> dict[str, Any]:
    request = {
        "created_at": opened,
        "updated_at": updated,
        "user": {"id": author, "login": "somebody"},
    }
    return {"pull_request": request, "sender": {"id": author, "login": "somebody"}}


def test_a_packet_filed_in_time_passes(sample: Repository) -> None:
    ran = gate(staged(sample, KITES_PACKET, WON[KITES_PACKET]))
    assert (ran.code, ran.out) == (0, "2 files checked, all fine\n")


def test_a_packet_filed_long_ago_it_says_does_not(sample: Repository) -> None:
    staged(sample, KITES_PACKET, WON[KITES_PACKET])
    ran = gate(sample, now="2026-04-21T18:00:00+02:00")
    assert (ran.code, rules(ran)) == (1, ["late-claim"])
    assert "is dated 2026-04-21T15:30:00+02:00, but it arrived" in ran.out
    assert "add `recorded_late: …` with the reason" in ran.out


def test_one_that_says_why_it_is_late_passes(sample: Repository) -> None:
    late = (
        "  at: 2026-04-21T15:30:00+02:00\n  recorded_late: The train had no network\n"
        "  recorded_at: 2026-04-21T17:55:00+02:00\n"
    )
    text = WON[KITES_PACKET].replace("  at: 2026-04-21T15:30:00+02:00\n", late)
    staged(sample, KITES_PACKET, text)
    ran = gate(sample, now="2026-04-21T18:00:00+02:00")
    assert ran.code == 0, ran.out


def test_what_handoff_log_writes_passes(sample: Repository) -> None:
    """The command asks for the reason that the gate would ask for."""
    typed = (
        *("--at", "2026-04-21T12:30:00+02:00", "--by", "dana-okafor", "--no-input"),
        *("--set", "outcome=They are glad", "--reason-late", "No network"),
        *(
            "--next-action",
            "Call",
            "--next-owner",
            "dana-okafor",
            "--next-due",
            "2026-04-23",
        ),
    )
    deal = "zephyr-kites-2026-03-02"
    logged = handoff("log", deal, "follow-up-made", *typed, at=sample, now=NOON)
    assert logged.code == 0, logged.err
    sample.git("add", "--all")
    ran = gate(sample)
    assert ran.code == 0, ran.out


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("reason: timing", "reason: consent", "rewritten-event"),
        ("T12:00:00+02:00\n    by: dana-okafor\n    commit",
         "T11:00:00+02:00\n    by: dana-okafor\n    commit", "rewritten-event"),
        ("  - id: P1", "  - id: P9", "removed-promise"),
    ],
)  # fmt: skip
def test_what_is_on_record_stays(
    old: str, new: str, rule: str, sample: Repository
) -> None:
    ran = gate(edited(sample, KITES_PATH, old, new))
    assert (ran.code, rules(ran)) == (1, [rule])


def test_removing_and_renaming_are_refused(sample: Repository) -> None:
    sample.git("mv", KITES_PATH, KITES_PATH.replace("zephyr", "zephir"))
    ran = gate(sample)
    assert ran.code == 1
    assert "removed-record" in rules(ran)
    assert f"{KITES_PATH}:1:1: error[removed-record]" in ran.out


def test_layout_comments_and_prose_are_free(sample: Repository) -> None:
    edited(sample, KITES_PATH, "events:\n", "# What happened.\nevents:\n")
    edited(sample, KITES_PATH, "Nobody answers", "Nobody ever answers")
    edited(
        sample,
        KITES_PATH,
        "{event: opened, at: 2026-03-02T09:00:00+01:00, by: dana-okafor}",
        "event: opened\n    by: dana-okafor\n    at: '2026-03-02T09:00:00+01:00'",
    )
    assert gate(sample).code == 0


@pytest.mark.parametrize("rev", [(), ("--rev", "index")], ids=["disk", "index"])
def test_before_the_first_commit_everything_is_new(
    rev: tuple[str, ...], repository: Repository
) -> None:
    shutil.copytree(Path(__file__).parents[1] / "schemas", repository.root / "schemas")
    staged(repository, LEAD_PATH, LEAD[LEAD_PATH])
    ran = gate(repository, "check", *rev, "--base", "HEAD", now="2026-04-21T07:30:00Z")
    assert ran.code == 0, ran.out
    ran = gate(repository, "check", *rev, "--base", "HEAD", now="2026-04-21T17:30:00Z")
    assert rules(ran) == ["late-claim"]


def test_the_base_is_where_the_branch_departed(sample: Repository) -> None:
    """What was added to main since then was not removed by the branch."""
    sample.branch("side")
    staged(sample, KITES_PACKET, WON[KITES_PACKET])
    side = sample.commit("File", at="2026-04-21T13:35:00Z")
    sample.switch("main")
    sample.write(LEAD_PATH, LEAD[LEAD_PATH])
    sample.commit("Add a lead", at="2026-04-21T07:30:00Z")
    ran = gate(
        sample, "check", "--rev", side, "--base", "main", now="2026-04-23T08:00:00Z"
    )
    assert ran.code == 0, ran.out


def test_a_merge_in_progress_brings_what_was_judged_elsewhere(
    sample: Repository,
) -> None:
    sample.branch("side")
    sample.commit("Nothing")
    sample.switch("main")
    staged(sample, KITES_PACKET, WON[KITES_PACKET])
    sample.commit("File", at="2026-04-21T13:35:00Z")
    sample.switch("side")
    sample.git("merge", "--quiet", "--no-commit", "--no-ff", "main")
    ran = gate(sample, now="2026-04-23T08:00:00Z")
    assert ran.code == 0, ran.out


@pytest.mark.parametrize(
    ("opened", "updated", "expected"),
    [
        ("2026-04-21T13:40:00Z", "2026-04-21T13:40:00Z", []),
        # Pushed again two days later: the host had it since the first push.
        ("2026-04-21T13:40:00Z", "2026-04-23T13:40:00Z", []),
        ("2026-04-21T17:00:00Z", "2026-04-21T17:00:00Z", ["late-claim"]),
        ("2026-04-20T08:00:00Z", "2026-04-21T12:00:00Z",
         ["future-claim", "claim-after-commit"]),
    ],
)  # fmt: skip
def test_the_host_says_when_a_change_arrived(
    opened: str, updated: str, expected: list[str], sample: Repository, tmp_path: Path
) -> None:
    """The commit claims to have been made in time in every case but the last."""
    base = sample.head()
    sample.write(KITES_PACKET, WON[KITES_PACKET])
    at = "2026-04-21T11:59:00Z" if expected[1:] else "2026-04-21T13:31:00Z"
    sample.commit("File", at=at)
    seen = event(tmp_path, pull_request(opened, updated))
    typed = ("check", "--rev", "HEAD", "--base", base, "--event", seen)
    ran = gate(sample, *typed, now="2026-12-01T00:00:00Z")
    assert sorted(rules(ran)) == sorted(expected), ran.out


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ({"after": "x", "repository": {"pushed_at": 1776778800}}, []),
        ({"after": "x", "repository": {"pushed_at": 1776848400}}, ["late-claim"]),
        # Pull requests were judged before they came into the queue.
        ({"merge_group": {"head_commit": {"timestamp": "2026-04-23T13:00:00Z"}}}, []),
    ],
)
def test_every_event_has_its_time(
    payload: object, expected: list[str], sample: Repository, tmp_path: Path
) -> None:
    base = sample.head()
    sample.write(KITES_PACKET, WON[KITES_PACKET])
    sample.commit("File", at="2026-04-21T13:31:00Z")
    seen = event(tmp_path, payload)
    typed = ("check", "--rev", "HEAD", "--base", base, "--event", seen)
    ran = gate(sample, *typed, now="2026-12-01T00:00:00Z")
    assert rules(ran) == expected, ran.out


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b"[" * 100_000,
        b"\xff\xfe{}",
        b"{}",
        b'{"pull_request": 7}',
        b'{"pull_request": {"updated_at": "yesterday", "created_at": null}}',
        b'{"after": "x", "repository": {"pushed_at": true}}',
        b'{"after": "x", "repository": {"pushed_at": 1e400}}',
        b'{"after": "x", "repository": {"pushed_at": 99999999999999999999}}',
        b'{"merge_group": {"head_commit": []}}',
        b'{"action": "labeled", "issue": {}}',
        b'{"a": "' + b"x" * 25_000_000 + b'"}',
    ],
    ids=lambda content: ascii(content[:40]),
)
def test_an_odd_event_is_refused_in_one_sentence(
    content: bytes, sample: Repository, tmp_path: Path
) -> None:
    path = tmp_path / "event.json"
    path.write_bytes(content)
    ran = gate(sample, "check", "--base", "HEAD", "--event", str(path))
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith("handoff: `event.json` ")
    assert ran.err.count("\n") == 2


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("--event", "gone.json", "--base", "HEAD"), "does not exist"),
        (("--event", "."), "is a directory"),
        (("--event", KITES_PATH), "add --base REV"),
        (("--base", "HEAD", "--as-of", "2026-04-21"), "leave --as-of out"),
    ],
)
def test_odd_options_are_misuse(
    typed: tuple[str, ...], said: str, sample: Repository
) -> None:
    ran = gate(sample, "check", *typed)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


@pytest.mark.parametrize("base", ["", "nobody", "--all", "HEAD:schemas", "\x1b[31m"])
def test_a_base_that_is_no_commit_is_refused(base: str, sample: Repository) -> None:
    ran = gate(sample, "check", f"--base={base}")
    assert (ran.code, ran.out) == (3, "")
    assert "names no commit of this repository" in ran.err


def test_a_base_without_common_history_is_refused(sample: Repository) -> None:
    sample.git("checkout", "--quiet", "--orphan", "other")
    sample.commit("Begin again")
    ran = gate(sample, "check", "--base", "main")
    assert (ran.code, ran.out) == (3, "")
    assert "share no commit" in ran.err


def test_a_shallow_clone_knows_head_and_nothing_else(
    sample: Repository, tmp_path: Path
) -> None:
    old = sample.head()
    sample.commit("Nothing")
    where = tmp_path / "shallow"
    origin = f"file://{sample.root}"
    sample.git("clone", "--quiet", "--depth=1", origin, str(where))
    clone = Repository(where)
    staged(clone, KITES_PACKET, WON[KITES_PACKET])
    assert gate(clone).code == 0
    ran = gate(clone, "check", "--base", old)
    assert (ran.code, ran.out) == (3, "")


def restricted(sample: Repository) -> Repository:
    """Let only the chief of staff change owners and policy."""
    roles = "owner_changed_by: [chief-of-staff]\npolicy_changed_by: [chief-of-staff]\n"
    sample.write(TRUST, f"tolerance: 1h\n{roles}")
    known = "name: Priya Venkat\n    account: 77\n    emails: [priya@example.com]"
    edited(sample, PEOPLE, "name: Priya Venkat", known)
    sample.commit("Restrict changes", at="2026-04-21T10:30:00Z")
    return sample


def changed_owner(sample: Repository) -> Repository:
    return edited(sample, KITES_PATH, "owner: dana-okafor\n", "owner: rui-tanaka\n")


@pytest.mark.parametrize(
    ("email", "expected"),
    [("Priya@Example.com", 0), ("robin.field@example.com", 1)],
)
def test_the_committer_answers_for_what_is_staged(
    email: str, expected: int, sample: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed_owner(restricted(sample))
    monkeypatch.setenv("GIT_COMMITTER_EMAIL", email)
    ran = gate(sample)
    found = rules(ran)
    assert found == ["unauthorised-owner-change"] * expected, ran.out
    assert ran.code == expected


@pytest.mark.parametrize(("account", "expected"), [(77, 0), (78, 1)])
def test_accounts_answer_for_what_the_host_brings(
    account: int, expected: int, sample: Repository, tmp_path: Path
) -> None:
    """Whoever the commit says it is from: its author can be typed freely."""
    base = restricted(sample).head()
    changed_owner(sample)
    sample.commit("Hand over", at="2026-04-21T13:31:00Z", author="priya")
    at = "2026-04-21T13:35:00Z"
    seen = event(tmp_path, pull_request(at, at, account))
    ran = gate(sample, "check", "--rev", "HEAD", "--base", base, "--event", seen)
    assert ran.code == expected, ran.out
    assert ("`somebody`, whom people.yaml does not know" in ran.out) == bool(expected)


def test_a_change_cannot_relax_the_gate_it_is_judged_by(sample: Repository) -> None:
    changed_owner(restricted(sample))
    sample.write(TRUST, "tolerance: 9999d\n")
    staged(sample, KITES_PACKET, WON[KITES_PACKET])
    ran = gate(sample, now="2026-04-22T15:40:00+02:00")
    assert set(rules(ran)) == {
        "late-claim",
        "unauthorised-owner-change",
        "unauthorised-policy-change",
    }
    assert "The policy before the change decides." in ran.out


def test_a_broken_base_can_be_repaired(sample: Repository) -> None:
    path = "schemas/policy/calendars.yaml"
    sound = (sample.root / path).read_text(encoding="utf-8")
    sample.write(path, "zone: 7\n")
    sample.commit("Break policy")
    ran = gate(staged(sample, path, sound))
    assert ran.code == 0, ran.out
    assert "the policy of the base is broken" in ran.err


def counted(folder: Path, run: Callable[[Mapping[str, str]], object]) -> int:
    """Count how often git is started."""
    log, real = folder / "log", shutil.which("git")
    wrapper = folder / "bin" / "git"
    wrapper.parent.mkdir()
    wrapper.write_text(f'#!/bin/sh\necho x >> "{log}"\nexec "{real}" "$@"\n')
    wrapper.chmod(0o755)
    run({"PATH": f"{wrapper.parent}:{os.environ['PATH']}"})
    return log.read_text().count("x")


@pytest.mark.parametrize("number", [1, 40])
def test_the_number_of_processes_does_not_grow_with_the_records(
    number: int, sample: Repository, tmp_path: Path
) -> None:
    base = restricted(sample).head()
    for n in range(number):
        ((path, text),) = lead(f"marble-otter-{n}-2026-04-21", "Otter").items()
        sample.write(path, text)
        sample.commit(f"Add {n}", at="2026-04-21T07:30:00Z")
    typed = ("check", "--rev", "HEAD", "--base", base)
    assert (
        counted(tmp_path, lambda env: handoff_process(*typed, at=sample, env=env)) <= 20
    )


def given(sample: Repository, now: str) -> None:
    typed = ("ack", KITES_PACKET, "--by", "ines-moreau", "--no-input")
    ran = handoff(*typed, at=sample, now=now)
    assert ran.code == 0, ran.err
    sample.git("add", "--all")


def test_an_acknowledgement_is_given_again_after_a_change(sample: Repository) -> None:
    """Only a change of what was acknowledged lets it be replaced."""
    staged(sample, KITES_PACKET, WON[KITES_PACKET])
    sample.commit("File")
    given(sample, "2026-04-22T09:00:00+02:00")
    sample.commit("Acknowledge")
    now = "2026-04-22T12:10:00+02:00"
    old, new = "at: 2026-04-22T09:00:00+02:00", "at: 2026-04-22T12:00:00+02:00"
    edited(sample, KITES_PACKET, old, new)
    assert rules(gate(sample, now=now)) == ["rewritten-acknowledgement"]
    edited(sample, KITES_PACKET, new, old)
    edited(sample, KITES_PACKET, "days_at_most: 28", "days_at_most: 27")
    given(sample, now)
    ran = gate(sample, now=now)
    assert ran.code == 0, ran.out


@pytest.mark.parametrize("guilt", ["backdate", "rewrite", "delete"])
def test_a_real_clone_cannot_push_its_way_past_the_gate(
    guilt: str, sample: Repository, tmp_path: Path
) -> None:
    """A clone, a branch, a push, and the job that checks out what was pushed."""
    sample.git("config", "receive.denyCurrentBranch", "ignore")
    sample.git("clone", "--quiet", f"file://{sample.root}", str(tmp_path / "mine"))
    mine = Repository(tmp_path / "mine")
    mine.branch("change")
    if guilt == "backdate":  # claim and commit both say that it was in time
        mine.write(KITES_PACKET, WON[KITES_PACKET])
    elif guilt == "rewrite":
        edited(mine, KITES_PATH, "reason: timing", "reason: consent")
    else:
        (mine.root / KITES_PATH).unlink()
    mine.commit("Change", at="2026-04-21T13:31:00Z")
    mine.git("push", "--quiet", "origin", "change")
    job = Repository(tmp_path / "job")
    sample.git("clone", "--quiet", f"file://{sample.root}", str(job.root))
    job.git("checkout", "--quiet", "--detach", "origin/change")
    opened = "2026-04-21T16:00:00Z"
    seen = event(tmp_path, pull_request(opened, opened))
    ran = handoff_process(
        "check", "--base", "origin/main", "--event", seen, "--format", "github", at=job
    )
    names = {
        "backdate": "late-claim",
        "rewrite": "rewritten-event",
        "delete": "removed-record",
    }
    assert ran.code == 1, ran.err
    assert f"title={names[guilt]}::" in ran.out


@pytest.mark.parametrize("how", ["merge", "squash", "direct"])
def test_a_push_to_main_brings_what_was_judged_as_a_pull_request(
    how: str, sample: Repository, tmp_path: Path
) -> None:
    """It waited two days for its review; only what was pushed directly is late."""
    base = sample.head()
    sample.branch("side")
    sample.write(KITES_PACKET, WON[KITES_PACKET])
    sample.commit("File", at="2026-04-21T13:31:00Z")
    if how == "merge":
        sample.switch("main")
        sample.merge("side", at="2026-04-23T13:31:00Z")
    elif how == "squash":
        forge = {
            "GIT_COMMITTER_EMAIL": "noreply@forge.example",
            "GIT_COMMITTER_DATE": "2026-04-23T13:31:00Z",
        }
        sample.git("commit", "--quiet", "--amend", "--no-edit", env=forge)
    payload = {"after": "x", "repository": {"pushed_at": "2026-04-23T13:32:00Z"}}
    seen = event(tmp_path, payload)
    ran = gate(sample, "check", "--rev", "HEAD", "--base", base, "--event", seen)
    assert rules(ran) == ["late-claim"] * (how == "direct"), ran.out
