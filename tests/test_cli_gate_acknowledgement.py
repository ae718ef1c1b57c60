"""`handoff check --base`: who gave an acknowledgement that names no review."""

import json
from pathlib import Path

import pytest

from support.cli import Ran, handoff, records
from support.deals import KITES_PACKET
from support.git import Repository
from support.reports import WON, WON_WITHOUT_PACKET

NOON = "2026-04-21T15:40:00+02:00"
"""Ten minutes after the packet of the sample was filed."""
KITES_ID = Path(KITES_PACKET).stem
PEOPLE = "schemas/policy/people.yaml"
TRUST = "schemas/policy/trust.yaml"
INDEX = ("check", "--rev", "index", "--base", "HEAD")
ON_SIDE = ("check", "--rev", "side", "--base", "main")
SEEN = "2026-04-21T13:40:00Z"
PROPOSED = {"pull_request": {"created_at": SEEN, "updated_at": SEEN}}
PUSHED = {"after": "c0ffee", "repository": {"pushed_at": SEEN}}
QUEUED = {"merge_group": {"head_commit": {"timestamp": SEEN}}}


def edited(sample: Repository, path: str, old: str, new: str) -> None:
    text = (sample.root / path).read_text(encoding="utf-8")
    assert text.count(old) == 1
    sample.write(path, text.replace(old, new))


def gate(sample: Repository, *typed: str) -> Ran:
    return handoff(*typed, at=sample, now=NOON)


def rules(ran: Ran) -> list[str]:
    """Name the rules of what was found, in the order of the report."""
    return [part.partition("]")[0] for part in ran.out.split("error[")[1:]]


def event(folder: Path, payload: object) -> str:
    path = folder / "event.json"
    path.write_text(json.dumps(payload), encoding="utf-8")
    return str(path)


@pytest.fixture
def waiting(tmp_path: Path) -> Repository:
    """Give a packet that waits on main; customer success commits as `ines`."""
    made = records(tmp_path / "records", WON_WITHOUT_PACKET, at="2026-04-21T10:30:00Z")
    known = "name: Ines Moreau\n    emails: [ines@example.com]\n"
    edited(made, PEOPLE, "name: Ines Moreau\n", known)
    made.write(KITES_PACKET, WON[KITES_PACKET])
    made.commit("File", at="2026-04-21T13:32:00Z", author="Dana Okafor")
    made.branch("side")
    return made


def acknowledged(sample: Repository, author: str, more: str = "") -> str:
    """Acknowledge the filed packet in a commit of somebody; give its id."""
    ran = handoff("ack", KITES_ID, "--by", "ines-moreau", at=sample, now=NOON)
    assert ran.code == 0, ran.out
    text = (sample.root / KITES_PACKET).read_text(encoding="utf-8")
    by = "acknowledgement:\n  by: ines-moreau\n"
    sample.write(KITES_PACKET, text.replace(by, f"{by}{more}"))
    return sample.commit("Acknowledge", at="2026-04-21T13:40:00Z", author=author)


@pytest.mark.parametrize(
    ("author", "payload", "expected"),
    [
        ("ines", None, []),
        ("ines", PROPOSED, []),
        ("Mallory", None, ["unproven-acknowledgement"]),
        ("Mallory", PROPOSED, ["unproven-acknowledgement"]),
        ("Mallory", PUSHED, ["unproven-acknowledgement"]),
        ("Mallory", QUEUED, []),
    ],
)
def test_an_acknowledgement_is_committed_by_whoever_gives_it(
    author: str,
    payload: object,
    expected: list[str],
    waiting: Repository,
    tmp_path: Path,
) -> None:
    """A merge queue holds what was judged as a pull request."""
    acknowledged(waiting, author)
    told = ("--event", event(tmp_path, payload)) if payload else ()
    ran = gate(waiting, *ON_SIDE, *told)
    assert rules(ran) == expected
    if expected:
        assert "acknowledges in a commit of `mallory@example.com`" in ran.out
        assert f"types `handoff ack {KITES_ID}` and commits it" in ran.out


def test_whoever_is_about_to_commit_it_answers_for_it(waiting: Repository) -> None:
    """As a hook sees it: git hands it the author of the commit to come."""
    acknowledged(waiting, "ines")
    waiting.git("reset", "--quiet", "--soft", "HEAD~1")
    for email, code in (("ines@example.com", 0), ("mallory@example.com", 1)):
        env = {"GIT_AUTHOR_EMAIL": email, "GIT_AUTHOR_NAME": "x"}
        ran = handoff(*INDEX, at=waiting, now=NOON, env=env)
        assert ran.code == code, ran.out


def test_a_name_that_git_does_not_know_commits_nothing(
    waiting: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    acknowledged(waiting, "ines")
    waiting.git("reset", "--quiet", "--soft", "HEAD~1")
    waiting.git("config", "user.useConfigOnly", "true")
    for name in ("GIT_AUTHOR_EMAIL", "GIT_AUTHOR_NAME", "EMAIL"):
        monkeypatch.delenv(name, raising=False)
    assert gate(waiting, *INDEX).code == 0


def test_a_squash_was_judged_as_a_pull_request(
    waiting: Repository, tmp_path: Path
) -> None:
    """Its author opened the pull request; the audit still asks who gave it."""
    acknowledged(waiting, "Dana Okafor")
    email = "noreply@forge.example"
    env = {"GIT_COMMITTER_EMAIL": email, "GIT_COMMITTER_DATE": "2026-04-21T14:00Z"}
    waiting.git("commit", "--quiet", "--amend", "--no-edit", "--no-verify", env=env)
    pushed = ("--event", event(tmp_path, PUSHED))
    assert gate(waiting, *ON_SIDE, *pushed).code == 0
    assert rules(gate(waiting, *ON_SIDE)) == ["unproven-acknowledgement"]


def test_a_review_that_nobody_recorded_proves_nothing(
    waiting: Repository, tmp_path: Path
) -> None:
    acknowledged(waiting, "ines", more='  review: "github:7"\n')
    seen = ("--event", event(tmp_path, PROPOSED))
    ran = gate(waiting, *ON_SIDE, *seen)
    assert rules(ran) == ["unproven-acknowledgement"]
    assert "there is no ledger that knows of the review `github:7`" in ran.out
    assert gate(waiting, *ON_SIDE).code == 0  # a clone need not hold the ledger


def test_policy_may_take_approvals_alone(waiting: Repository) -> None:
    line = "acknowledged_by_commit: false\n"
    edited(waiting, TRUST, f"# {line}", line)
    waiting.commit("Take approvals alone")
    ran = handoff("ack", KITES_ID, "--by", "ines-moreau", at=waiting, now=NOON)
    assert (ran.code, ran.out) == (1, "")
    assert "do: Approve the pull request that carries the packet." in ran.err
    waiting.git("branch", "--quiet", "--force", "main")
    waiting.write(TRUST, "tolerance: 1h\n")
    acknowledged(waiting, "ines")
    ran = gate(waiting, *ON_SIDE)
    assert rules(ran) == ["unproven-acknowledgement"]
    assert "policy takes approvals alone" in ran.out
