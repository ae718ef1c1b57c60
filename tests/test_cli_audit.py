"""`handoff audit`: the whole history judged, every finding with its commit."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from handoff.model.instant import parse_instant
from handoff.repository.git import Git
from handoff.repository.ledger import append
from handoff.repository.ledger_tip import tip_entry
from support.cli import Ran, handoff, records
from support.deals import KITES_PACKET, KITES_PATH
from support.git import Repository
from support.reports import WON, lead

NOW = "2026-04-23T12:00:00+02:00"
TRUST = "schemas/policy/trust.yaml"
PEOPLE = "schemas/policy/people.yaml"
LEAD_PATH, LEAD_TEXT = next(iter(lead("marble-otter-2026-04-21", "Otter").items()))
LEAD_AT = "2026-04-21T07:10:00Z"
FILED_AT = "2026-04-21T13:35:00Z"
WAIVERS = "schemas/policy/waivers.yaml"
ERASED = (
    f"waivers:\n  - rule: removed-record\n    record: {LEAD_PATH}\n"
    "    reason: Erasure asked for\n    owner: dana-okafor\n"
    "    expires: 2026-12-31\n    approved_by: [priya-venkat]\n"
)


@pytest.fixture
def sample(tmp_path: Path) -> Repository:
    """Give a repository whose one lead was opened ten minutes before its commit."""
    made = records(tmp_path / "records", {}, at="2026-04-21T07:00:00Z")
    made.write(LEAD_PATH, LEAD_TEXT)
    made.commit("Open", at=LEAD_AT)
    return made


def audit(sample: Repository, *typed: str, now: str = NOW) -> Ran:
    return handoff("audit", *typed, at=sample, now=now)


def findings(sample: Repository, *typed: str, now: str = NOW) -> list[dict[str, Any]]:
    ran = audit(sample, *typed, "--format", "json", now=now)
    found: list[dict[str, Any]] = json.loads(ran.out)["findings"]
    errors = [f for f in found if f["severity"] == "error"]
    assert ran.code == (1 if errors else 0)
    return found


def told(sample: Repository, *typed: str, now: str = NOW) -> list[tuple[str, str]]:
    """Give the commit and the rule of everything that was found."""
    found = findings(sample, *typed, now=now)
    return [(finding["commit"], finding["rule"]) for finding in found]


def edit(sample: Repository, path: str, old: str, new: str) -> None:
    text = (sample.root / path).read_text(encoding="utf-8")
    assert old in text
    sample.write(path, text.replace(old, new, 1))


def test_an_honest_history_is_fine(sample: Repository) -> None:
    ran = audit(sample)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == "2 commits and 1 record judged, all fine\n"
    document = json.loads(audit(sample, "--format", "json").out)
    assert document == {
        "version": 1,
        "rev": sample.head(),
        "commits": 2,
        "records": 1,
        "findings": [],
    }


def test_a_removed_record_is_told_with_its_commit(sample: Repository) -> None:
    (sample.root / LEAD_PATH).unlink()
    guilty = sample.commit("Tidy up", at="2026-04-21T08:00:00Z", author="Mal Vale")
    sample.commit("Nothing", at="2026-04-21T09:00:00Z")
    (found,) = findings(sample)
    assert found["commit"] == guilty
    assert (found["rule"], found["path"]) == ("removed-record", LEAD_PATH)
    assert (found["author"], found["committed"]) == ("Mal Vale", "2026-04-21T08:00:00Z")
    ran = audit(sample)
    assert ran.out.startswith(f"commit {guilty} of 2026-04-21T08:00:00Z by Mal Vale\n")


def test_what_to_do_is_said_once_for_a_commit(sample: Repository) -> None:
    for day in ("19", "20"):
        ((path, text),) = lead(f"paper-owl-2026-04-{day}", "Paper Owl").items()
        sample.write(path, text)
    sample.commit("Open two that are old", at="2026-04-21T08:00:00Z")
    out = audit(sample).out
    assert out.count("error[late-claim]") == 2
    assert out.count("= do: ") == 1
    assert "judged: 2 errors (2 late-claim); run" in out


def test_bringing_a_record_back_rewritten_hides_nothing(sample: Repository) -> None:
    (sample.root / LEAD_PATH).unlink()
    gone = sample.commit("Tidy up", at="2026-04-21T08:00:00Z")
    sample.write(LEAD_PATH, LEAD_TEXT.replace("T09:00", "T08:55"))
    back = sample.commit("Bring it back", at="2026-04-21T08:01:00Z")
    assert told(sample) == [(gone, "removed-record"), (back, "rewritten-event")]


def test_a_broken_version_in_between_hides_nothing(sample: Repository) -> None:
    sample.write(LEAD_PATH, "no header\n")
    sample.commit("Break it", at="2026-04-21T08:00:00Z")
    sample.write(LEAD_PATH, LEAD_TEXT.replace("T09:00", "T08:55"))
    back = sample.commit("Mend it", at="2026-04-21T08:01:00Z")
    assert told(sample) == [(back, "rewritten-event")]


def test_a_rewritten_event_that_was_put_back_is_still_told(sample: Repository) -> None:
    sample.write(LEAD_PATH, LEAD_TEXT.replace("T09:00", "T08:55"))
    first = sample.commit("Improve", at="2026-04-21T08:00:00Z")
    sample.write(LEAD_PATH, LEAD_TEXT)
    second = sample.commit("Hide it", at="2026-04-21T08:01:00Z")
    assert told(sample) == [(first, "rewritten-event"), (second, "rewritten-event")]


@pytest.mark.parametrize(
    ("at", "rule"),
    [
        ("2026-04-21T13:24:00Z", "claim-after-commit"),
        ("2026-04-21T15:00:00Z", "late-claim"),
    ],
)
def test_claims_and_their_commits_witness_each_other(
    at: str, rule: str, sample: Repository
) -> None:
    for path, text in WON.items():
        sample.write(path, text)
    guilty = sample.commit("Win and file", at=at)
    found = findings(sample)
    assert {f["commit"] for f in found} == {guilty}
    about = {f["rule"] for f in found if f["path"] == KITES_PACKET}
    assert about == {rule}


def filed(sample: Repository) -> Repository:
    """Win and file in time; what happened before is imported history."""
    edit(sample, "schemas/policy/clocks.yaml", "2026-01-01", "2026-04-21")
    sample.commit("Enforce from today", at="2026-04-21T07:20:00Z")
    sample.write(KITES_PATH, WON[KITES_PATH])
    sample.commit("Win", at="2026-04-21T10:10:00Z")
    sample.write(KITES_PACKET, WON[KITES_PACKET])
    sample.commit("File", at=FILED_AT)
    return sample


def test_a_packet_that_waited_on_its_branch_is_in_time(sample: Repository) -> None:
    """The commit that brought the claim counts, not the merge that landed it."""
    filed(sample)
    assert told(sample) == []
    sample.branch("side", "HEAD~1")
    sample.write(KITES_PACKET, WON[KITES_PACKET].replace("T15:30", "T15:20"))
    sample.commit("File", at=FILED_AT)
    sample.git("checkout", "--quiet", "-B", "main", "HEAD~1")
    sample.merge("side", at="2026-04-23T08:00:00Z")
    assert told(sample) == []


def test_a_merge_that_drops_a_packet_is_told(sample: Repository) -> None:
    filed(sample)
    sample.branch("side", "HEAD~1")
    side = sample.commit("Nothing", at=FILED_AT)
    sample.switch("main")
    assert side
    sample.git("checkout", "--quiet", "side")
    guilty = sample.merge("main", strategy="ours", at="2026-04-22T08:00:00Z")
    # On the line of `side` the packet never was; on that of main it is gone.
    tree = sample.git("rev-parse", f"{guilty}^{{tree}}")
    env = {
        f"GIT_{role}_DATE": "2026-04-22T08:00:00Z" for role in ("AUTHOR", "COMMITTER")
    }
    parents = ("-p", "main", "-p", "side")
    evil = sample.git("commit-tree", tree, *parents, "-m", "Merge", env=env)
    sample.git("update-ref", "refs/heads/main", evil)
    assert told(sample, "--rev", "main") == [(evil, "removed-record")]


def acknowledged(
    sample: Repository, author: str, by: str = "ines-moreau", more: str = ""
) -> str:
    """Acknowledge by the command, and commit it as somebody."""
    filed(sample)
    typed = ("ack", KITES_PACKET, "--by", "ines-moreau", "--no-input")
    ran = handoff(*typed, at=sample, now="2026-04-22T09:00:00+02:00")
    assert ran.code == 0, ran.err
    edit(sample, KITES_PACKET, "  by: ines-moreau\n  at", f"  by: {by}\n{more}  at")
    return sample.commit("Acknowledge", at="2026-04-22T07:05:00Z", author=author)


def known_people(sample: Repository) -> None:
    for handle, name in (("ines", "Ines Moreau"), ("tomas", "Tomas Lindgren")):
        email = f"    emails: [{handle}@example.com]\n"
        edit(sample, PEOPLE, f"name: {name}\n", f"name: {name}\n{email}")
    sample.commit("Know people", at="2026-04-21T07:15:00Z")


@pytest.mark.parametrize("author", ["ines", "Ines"])
def test_an_acknowledgement_in_a_commit_of_ones_own_holds(
    author: str, sample: Repository
) -> None:
    known_people(sample)
    acknowledged(sample, author)
    assert told(sample) == []


@pytest.mark.parametrize("author", ["tomas", "Mal Vale"])
def test_an_acknowledgement_in_a_commit_of_another_does_not(
    author: str, sample: Repository
) -> None:
    known_people(sample)
    guilty = acknowledged(sample, author)
    assert told(sample) == [(guilty, "unproven-acknowledgement")]
    (found,) = findings(sample)
    assert found["path"] == KITES_PACKET
    assert found["message"].startswith("`ines-moreau` acknowledges in a commit of `")


def test_an_acknowledgement_by_review_is_for_the_ledger_to_prove(
    sample: Repository,
) -> None:
    known_people(sample)
    acknowledged(sample, "Bot", more="  review: github:1042\n")
    assert told(sample) == []


def test_roles_are_those_of_that_time(sample: Repository) -> None:
    """Who left later, held the role then; who joined later, did not."""
    acknowledged(sample, "Anybody")
    since = "account: 910001\n    roles:\n      - role: customer-success\n"
    left = f"{since}        since: 2026-01-01\n"
    edit(sample, PEOPLE, left, f"{left}        until: 2026-04-22\n")
    sample.commit("Ines leaves", at="2026-04-23T07:00:00Z")
    assert told(sample) == []


def test_an_acknowledgement_of_somebody_without_the_role_is_told(
    sample: Repository,
) -> None:
    guilty = acknowledged(sample, "Anybody", by="rui-tanaka")
    assert (guilty, "unqualified-acknowledgement") in told(sample)


def test_a_digest_that_never_fitted_is_told(sample: Repository) -> None:
    guilty = acknowledged(sample, "Anybody")
    assert told(sample) == []
    text = (sample.root / KITES_PACKET).read_text(encoding="utf-8")
    sample.git("reset", "--quiet", "--hard", "HEAD~1")
    sample.write(KITES_PACKET, text.replace("What we know of it.", "Other.", 1))
    other = sample.commit("Acknowledge", at="2026-04-22T07:05:00Z")
    assert other != guilty
    assert told(sample) == [(other, "stale-acknowledgement")]


def test_clocks_that_cannot_be_right_are_warnings(sample: Repository) -> None:
    early = sample.commit("Backdated", at="2026-04-20T07:00:00Z")
    late = sample.commit("From the future", at="2027-01-01T00:00:00Z")
    found = findings(sample)
    assert [(f["commit"], f["rule"]) for f in found] == [
        (early, "skewed-commit"),
        (late, "skewed-commit"),
    ]
    assert {f["severity"] for f in found} == {"warning"}
    assert [f["path"] for f in found] == [None, None]


@pytest.mark.parametrize(
    "line",
    [
        b"Robin <r@x> 99999999999999999999 +0000",
        b"Robin <r@x> x +0000",
        b"Robin <r@x>",
        b"\xe9\x1b[31m <> 1776777600 +9999",
        b"<> -1 +0000",
    ],
    ids=ascii,
)
def test_malformed_commits_do_not_stop_it(line: bytes, sample: Repository) -> None:
    tree = sample.git("rev-parse", "HEAD^{tree}").encode()
    parent = sample.head().encode()
    content = (
        b"tree %s\nparent %s\nauthor %s\ncommitter %s\nencoding nonsense\n\nx\xff\n"
    )
    raw = content % (tree, parent, line, line)
    write = ("hash-object", "-t", "commit", "-w", "--stdin", "--literally")
    odd = sample.git(*write, stdin=raw)
    sample.git("update-ref", "refs/heads/main", odd)
    for form in ("text", "json"):
        ran = audit(sample, "--format", form)
        assert ran.code == 0, ran.err
        assert "\x1b" not in ran.out
    assert {commit for commit, _ in told(sample)} <= {odd}


def restricted(sample: Repository) -> None:
    sample.write(TRUST, "policy_changed_by: [chief-of-staff]\n")
    name = "name: Priya Venkat\n"
    edit(sample, PEOPLE, name, f"{name}    emails: [priya@example.com]\n")
    sample.commit("Restrict", at="2026-04-21T08:00:00Z")


def test_policy_is_changed_by_those_whom_the_policy_before_names(
    sample: Repository,
) -> None:
    restricted(sample)
    sample.write(TRUST, "tolerance: 2h\npolicy_changed_by: [chief-of-staff]\n")
    sample.commit("Ease", at="2026-04-21T09:00:00Z", author="priya")
    sample.write(TRUST, "tolerance: 9999d\n")
    guilty = sample.commit("Ease more", at="2026-04-21T10:00:00Z")
    assert told(sample) == [(guilty, "unauthorised-policy-change")]


def test_a_merge_answers_for_those_who_wrote_it(sample: Repository) -> None:
    """Whoever presses the button is not who changed policy."""
    restricted(sample)
    sample.branch("side")
    sample.write(TRUST, "tolerance: 2h\npolicy_changed_by: [chief-of-staff]\n")
    sample.commit("Ease", at="2026-04-21T09:00:00Z", author="priya")
    sample.switch("main")
    sample.merge("side", at="2026-04-21T10:00:00Z")
    assert told(sample) == []


def test_a_waiver_explains_what_has_landed(sample: Repository) -> None:
    (sample.root / LEAD_PATH).unlink()
    sample.commit("Erase, as the customer asked", at="2026-04-21T08:00:00Z")
    edit(sample, WAIVERS, "waivers: []\n", ERASED)
    sample.commit("Explain", at="2026-04-21T09:00:00Z")
    assert told(sample) == []
    assert handoff("check", at=sample, now=NOW).code == 0
    assert [r for _, r in told(sample, now="2027-01-02T00:00:00Z")] == [
        "removed-record"
    ]


@pytest.mark.parametrize(("amount", "rules"), [(0, []), (1, ["removed-record"])])
def test_what_is_gone_and_was_worth_much_needs_two_to_excuse_it(
    amount: int, rules: list[str], sample: Repository
) -> None:
    line = f"- {{id: L1, text: Tour, amount_minor: {2500000 + amount}}}"
    priced = f"pricing:\n  currency: EUR\n  line_items:\n    {line}\nevents:\n"
    edit(sample, LEAD_PATH, "events:\n", priced)
    sample.commit("Price", at="2026-04-21T07:30:00Z")
    (sample.root / LEAD_PATH).unlink()
    edit(sample, WAIVERS, "waivers: []\n", ERASED)
    sample.commit("Erase, as the customer asked", at="2026-04-21T08:00:00Z")
    assert [rule for _, rule in told(sample)] == rules


def test_a_known_tip_that_is_lost_means_rewritten(sample: Repository) -> None:
    old = sample.head()
    assert told(sample, "--known-tip", old) == []
    assert told(sample, "--known-tip", "HEAD~1") == []
    sample.git("commit", "--quiet", "--amend", "-m", "Other words")
    assert told(sample, "--known-tip", old) == [(sample.head(), "rewritten-main")]
    gone = "0" * 39 + "1"
    assert told(sample, "--known-tip", gone) == [(sample.head(), "rewritten-main")]
    ran = audit(sample, "--known-tip", "nobody")
    assert (ran.code, ran.out) == (3, "")


def test_the_ledger_remembers_what_was_judged(sample: Repository) -> None:
    now = parse_instant(NOW)
    assert now
    old = sample.head()
    git = Git.discover(sample.root)
    append(git, (tip_entry(old, now),), remote=None, now=now)
    sample.branch("side", "HEAD~1")
    sample.commit("Beside main", at=LEAD_AT)
    assert told(sample) == []
    sample.git("branch", "--delete", "--force", "--quiet", "main")
    assert told(sample) == [(sample.head(), "rewritten-main")]


@pytest.fixture
def keys(tmp_path: Path) -> dict[str, Path]:
    """Make a key for each of two people."""
    if shutil.which("ssh-keygen") is None:
        pytest.skip("OpenSSH is not installed")
    import subprocess  # noqa: PLC0415 - only here

    made = {name: tmp_path / name for name in ("robin", "mallory")}
    for path in made.values():
        words = ("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path))
        subprocess.run(words, check=True)  # noqa: S603 - no shell
    return made


def signed(sample: Repository, key: Path | None, path: str, text: str) -> str:
    sample.write(path, text)
    sample.git("add", "--all")
    how = ("-c", "gpg.format=ssh", "-c", f"user.signingKey={key}")
    sign = "--gpg-sign" if key else "--no-gpg-sign"
    sample.git(*how, "commit", "--quiet", sign, "-m", "change")
    return sample.head()


def trusting(*keys: Path, email: str = "robin.field@example.com") -> str:
    lines = ["signed_by:"]
    for key in keys:
        words = key.with_suffix(".pub").read_text(encoding="utf-8").split()
        lines.append(f"  - {{email: {email}, key: {' '.join(words[:2])}}}")
    return "\n".join(lines) + "\n"


def test_commits_are_signed_by_keys_of_the_policy_before_them(
    sample: Repository, keys: dict[str, Path]
) -> None:
    robin, mallory = keys["robin"], keys["mallory"]
    late = "\nThey called.\n"
    signed(sample, None, TRUST, trusting(robin))
    signed(sample, robin, LEAD_PATH, LEAD_TEXT + late)
    unsigned = signed(sample, None, LEAD_PATH, LEAD_TEXT + late * 2)
    signed(sample, None, "notes.md", "Nobody asks who wrote this.\n")
    # A commit cannot bring the key that it is trusted by.
    own = signed(sample, mallory, TRUST, trusting(robin, mallory))
    signed(sample, mallory, LEAD_PATH, LEAD_TEXT + late * 3)
    found = told(sample)
    assert found == [(unsigned, "unsigned-commit"), (own, "unsigned-commit")]


def test_a_key_signs_for_its_own_address_only(
    sample: Repository, keys: dict[str, Path]
) -> None:
    signed(sample, None, TRUST, trusting(keys["robin"], email="dana@example.com"))
    guilty = signed(sample, keys["robin"], LEAD_PATH, LEAD_TEXT + "\nMore.\n")
    assert told(sample) == [(guilty, "unsigned-commit")]
    (found,) = findings(sample)
    assert found["message"] == (
        "`dana@example.com` signed this commit of `robin.field@example.com`"
    )


def test_settings_of_the_machine_do_not_verify(
    sample: Repository, keys: dict[str, Path], tmp_path: Path
) -> None:
    signed(sample, None, TRUST, trusting(keys["robin"]))
    guilty = signed(sample, keys["mallory"], LEAD_PATH, LEAD_TEXT + "\nMore.\n")
    allowed = tmp_path / "allowed"
    public = keys["mallory"].with_suffix(".pub").read_text(encoding="utf-8")
    allowed.write_text(f"robin.field@example.com {public}", encoding="utf-8")
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\necho 'Good \"git\" signature for robin'\n")
    program.chmod(0o755)
    sample.git("config", "gpg.ssh.allowedSignersFile", str(allowed))
    sample.git("config", "gpg.ssh.program", str(program))
    sample.git("config", "log.showSignature", "true")
    assert told(sample) == [(guilty, "unsigned-commit")]


def test_a_merge_of_signed_commits_needs_no_signature(
    sample: Repository, keys: dict[str, Path]
) -> None:
    signed(sample, None, TRUST, trusting(keys["robin"]))
    sample.branch("side")
    signed(sample, keys["robin"], LEAD_PATH, LEAD_TEXT + "\nMore.\n")
    sample.switch("main")
    sample.merge("side")
    assert told(sample) == []


def test_a_shallow_clone_cannot_be_audited(sample: Repository, tmp_path: Path) -> None:
    where = tmp_path / "shallow"
    origin = f"file://{sample.root}"
    sample.git("clone", "--quiet", "--depth=1", origin, str(where))
    ran = audit(Repository(where))
    assert (ran.code, ran.out) == (3, "")
    assert "git fetch --unshallow" in ran.err
