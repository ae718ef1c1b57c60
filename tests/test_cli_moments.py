"""Which snapshot and which instant a command asks about: `--rev` and `--as-of`."""

import json
from pathlib import Path

import pytest

from support.cli import NOW, handoff, records
from support.deals import KITES, KITES_PACKET, KITES_PATH
from support.git import Repository
from support.reports import WON, WON_WITHOUT_PACKET, path_of

_OTHER = path_of("marble-otter-2026-04-14")
_BROKEN = "no header\n"


@pytest.fixture
def grown(tmp_path: Path) -> Repository:
    """Give a repository in which the deal was kept first and its packet a day later."""
    made = records(tmp_path / "records", WON_WITHOUT_PACKET, at="2026-04-21T11:00:00Z")
    made.write(KITES_PACKET, WON[KITES_PACKET])
    made.commit("File the packet", at="2026-04-22T09:00:00Z")
    return made


def _listed(repository: Repository, *typed: str) -> int:
    ran = handoff("check", *typed, "--format", "json", at=repository)
    listed: int = json.loads(ran.out)["files_listed"]
    return listed


@pytest.mark.parametrize("rev", ["HEAD~1", "main~1", "first"])
def test_rev_reads_that_revision(rev: str, grown: Repository) -> None:
    grown.git("tag", "first", "HEAD~1")
    grown.write(_OTHER, _BROKEN)
    assert _listed(grown) == 3
    assert _listed(grown, "--rev", rev) == 1


def test_rev_index_reads_what_is_staged(grown: Repository) -> None:
    grown.write(_OTHER, _BROKEN)
    assert handoff("check", "--rev", "index", at=grown).code == 0
    grown.git("add", _OTHER)
    (grown.root / _OTHER).unlink()
    ran = handoff("check", "--rev", "index", at=grown)
    assert ran.code == 1
    assert f"{_OTHER}:1:1: error[missing-front-matter]" in ran.out


def test_rev_index_works_before_the_first_commit(repository: Repository) -> None:
    handoff("init", str(repository.root))
    repository.write(KITES_PATH, WON[KITES_PATH])
    repository.git("add", "--all")
    assert _listed(repository, "--rev", "index") == 1


@pytest.mark.parametrize(
    ("as_of", "count"),
    [
        ("2026-04-21T12:59:59+02:00", None),
        ("2026-04-21T13:00:00+02:00", 1),
        ("2026-04-21", 1),
        ("2026-04-22T10:59:59+02:00", 1),
        ("2026-04-22T09:00:00Z", 2),
        ("2026-04-22", 2),
        ("2027-01-01", 2),
    ],
)
def test_as_of_reads_what_was_known_then(
    as_of: str,
    count: int | None,
    grown: Repository,
) -> None:
    if count is None:
        ran = handoff("check", "--as-of", as_of, at=grown)
        assert ran.code == 3
        assert "no commit as old as" in ran.err
        assert "--rev HEAD" in ran.err
    else:
        assert _listed(grown, "--as-of", as_of) == count


def test_a_date_in_the_future_that_hides_later_commits_is_said(
    grown: Repository,
) -> None:
    moment = ("--as-of", "2026-04-23T12:00:00Z")
    before = handoff("status", *moment, at=grown)
    grown.write("notes.txt", "One\n")
    grown.commit("By a computer that is years ahead", at="2031-01-01T08:00:00Z")
    assert handoff("status", *moment, at=grown) == before
    (grown.root / KITES_PACKET).unlink()
    late = grown.git("rev-parse", "HEAD")[:12]
    grown.commit("Later, dated earlier", at="2026-04-23T09:00:00Z")
    ran = handoff("status", *moment, at=grown)
    assert ran.out == before.out
    assert ran.err.startswith(f"handoff: commit {late} is dated 2031-01-01T08:00:00Z, ")


def test_a_day_ends_in_the_zone_of_policy(tmp_path: Path) -> None:
    """22:30 in UTC is half past midnight in Berlin: the next day already."""
    made = records(tmp_path / "r", WON_WITHOUT_PACKET, at="2026-04-21T11:00:00Z")
    made.write(KITES_PACKET, WON[KITES_PACKET])
    made.commit("File the packet", at="2026-04-21T22:30:00Z")
    assert _listed(made, "--as-of", "2026-04-21") == 1
    assert _listed(made, "--as-of", "2026-04-22") == 2


def test_as_of_with_rev_is_what_is_known_today(grown: Repository) -> None:
    """The packet was filed on the 21st at 15:30, and committed a day later."""
    typed = (
        "status",
        KITES,
        "--format",
        "json",
        "--as-of",
        "2026-04-21T16:00:00+02:00",
    )
    then = json.loads(handoff(*typed, at=grown).out)
    today = json.loads(handoff(*typed, "--rev", "HEAD", at=grown).out)
    assert then["records"][0]["stage"] == "closed-won"
    assert today["records"][0]["stage"] == "handed-off"


def test_later_facts_do_not_exist_yet(grown: Repository) -> None:
    """A replay judges what there was; today a claim of the future is an error."""
    early = ("--rev", "HEAD", "--as-of", "2026-04-01")
    assert handoff("check", *early, at=grown).code == 0
    ran = handoff("check", at=grown, now="2026-04-01T12:00:00+02:00")
    assert ran.code == 1
    assert "error[future-claim]" in ran.out


def test_the_same_question_has_the_same_answer_later(grown: Repository) -> None:
    typed = ("check", "--rev", "HEAD", "--as-of", "2026-04-23")
    early = handoff(*typed, at=grown, now="2026-04-23T00:00:00Z")
    assert early == handoff(*typed, at=grown, now="2031-01-01T00:00:00Z")


@pytest.mark.parametrize("as_of", ["yesterday", "2026-02-30", "2026-04-21T10:00:00"])
def test_no_moment_is_a_usage_error(as_of: str, grown: Repository) -> None:
    ran = handoff("check", "--as-of", as_of, at=grown)
    assert (ran.code, ran.out) == (2, "")
    assert f"'{as_of}' is not a day (2026-04-21) or an instant" in ran.err


@pytest.mark.parametrize("rev", ["nonsense", "--all", "HEAD:schemas", "", "a\nb"])
def test_no_revision_exits_with_3(rev: str, grown: Repository) -> None:
    ran = handoff("check", f"--rev={rev}", at=grown)
    assert (ran.code, ran.out) == (3, "")
    assert "names no commit of this repository" in ran.err
    assert "  do: Type `git log --oneline`" in ran.err


def test_before_the_first_commit_there_is_no_revision(repository: Repository) -> None:
    handoff("init", str(repository.root))
    ran = handoff("check", "--rev", "HEAD", at=repository)
    assert ran.code == 3
    assert "no commit yet" in ran.err
    assert handoff("check", at=repository).code == 0
    assert handoff("check", "--as-of", "2026-04-21", at=repository).code == 3


@pytest.fixture
def shallow(grown: Repository, tmp_path: Path) -> Repository:
    source = f"file://{grown.root}"
    grown.git("clone", "--quiet", "--depth=1", source, str(tmp_path / "shallow"))
    return Repository(tmp_path / "shallow")


def test_a_shallow_clone_does_not_guess_the_past(shallow: Repository) -> None:
    ran = handoff("check", "--as-of", "2026-04-21", at=shallow)
    assert (ran.code, ran.out) == (3, "")
    assert "  do: Run `git fetch --unshallow`" in ran.err


@pytest.mark.parametrize(
    "typed", [(), ("--rev", "HEAD"), ("--rev", "HEAD", "--as-of", NOW)]
)
def test_a_shallow_clone_judges_what_it_has(
    typed: tuple[str, ...],
    shallow: Repository,
) -> None:
    assert handoff("check", *typed, at=shallow).code == 0


def test_policy_is_that_of_the_snapshot(grown: Repository) -> None:
    """A past verdict is computed by the policy of then, broken or not since."""
    grown.write("schemas/policy/clocks.yaml", "clocks: 7\n")
    grown.commit("Break policy", at="2026-04-23T09:00:00Z")
    assert handoff("check", at=grown).code == 3
    assert handoff("check", "--rev", "HEAD~1", at=grown).code == 0
    then = "2026-04-22T12:00:00+02:00"
    assert handoff("check", "--as-of", then, at=grown).code == 0


def test_a_bare_repository_answers_about_commits(
    grown: Repository,
    tmp_path: Path,
) -> None:
    bare = tmp_path / "bare.git"
    grown.git("clone", "--quiet", "--bare", str(grown.root), str(bare))
    assert handoff("check", "-C", str(bare), "--rev", "main").code == 0
    ran = handoff("check", "-C", str(bare))
    assert ran.code == 3
    assert "--rev main" in ran.err


def test_policy_of_an_older_version_needs_no_newer_file(tmp_path: Path) -> None:
    made = records(tmp_path / "older")
    for name in ("branches", "channels", "profiles", "tool", "trust"):
        (made.root / f"schemas/policy/{name}.yaml").unlink(missing_ok=True)
    made.commit("older", at="2026-04-22T09:00:00Z")
    assert handoff("status", "--rev", "HEAD", at=made).code == 0
    ran = handoff("score", KITES_PACKET, "--format", "json", at=made)
    assert [p["profile"] for p in json.loads(ran.out)["completeness"]] == ["packet"]


def test_policy_that_its_own_schema_lets_lack_something_is_said(tmp_path: Path) -> None:
    made = records(tmp_path / "odd")
    for path, old, new in (
        ("schemas/policy.schema.json", '"returns_from",', ""),
        ("schemas/policy/stages.yaml", "returns_from:", "# returns_from:"),
    ):
        text = (made.root / path).read_text(encoding="utf-8")
        assert old in text
        made.write(path, text.replace(old, new, 1))
    ran = handoff("status", at=made)
    assert ran.code == 3
    assert "policy lacks `returns_from`" in ran.err
