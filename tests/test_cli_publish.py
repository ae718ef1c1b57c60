"""`handoff publish`: summaries on a branch of their own."""

from pathlib import Path

import pytest

from support.cli import Ran, handoff, records
from support.git import Repository
from support.reports import WON

NOW = "2026-04-22T18:30:00+02:00"
PATH = "daily/2026/04/2026-04-22.md"


@pytest.fixture
def shared(tmp_path: Path) -> Repository:
    made = records(tmp_path / "records", WON)
    remote = Repository.create(tmp_path / "remote.git", "--bare")
    made.git("remote", "add", "origin", str(remote.root))
    made.git("push", "--quiet", "origin", "main")
    return made


def _publish(at: Repository, *options: str, now: str = NOW) -> Ran:
    return handoff("publish", *options, at=at, now=now)


def _published(at: Repository, path: str = PATH) -> str:
    return at.git("show", f"origin/handoff-reports:{path}")


def test_the_summary_is_a_file_of_its_branch(shared: Repository) -> None:
    before = shared.git("status", "--porcelain", "--branch")
    ran = _publish(shared)
    assert (ran.code, ran.out) == (
        0,
        f"published: {PATH} on the branch handoff-reports\n",
    )
    said = handoff("daily", at=shared, now=NOW).out
    assert _published(shared) == said.rstrip("\n")
    assert shared.git("status", "--porcelain", "--branch") == before


def test_the_same_summary_is_published_once(shared: Repository) -> None:
    _publish(shared)
    tip = shared.git("rev-parse", "origin/handoff-reports")
    assert _publish(shared).out == f"published already: {PATH}\n"
    assert shared.git("rev-parse", "origin/handoff-reports") == tip


def test_dates_stand_side_by_side(shared: Repository) -> None:
    _publish(shared)
    _publish(shared, now="2026-04-23T18:30:00+02:00")
    assert "2026-04-22" in _published(shared)
    assert "2026-04-23" in _published(shared, PATH.replace("-22", "-23"))


def test_a_dry_run_writes_nothing(shared: Repository) -> None:
    refs = shared.git("for-each-ref")
    assert _publish(shared, "--dry-run").out.startswith(f"would write {PATH}")
    assert shared.git("for-each-ref") == refs


def test_without_a_remote_it_says_what_to_type(tmp_path: Path) -> None:
    ran = _publish(records(tmp_path / "alone", WON))
    assert ran.code == 3
    assert "git remote add origin" in ran.err


def test_a_remote_that_is_gone_is_one_sentence(
    shared: Repository, tmp_path: Path
) -> None:
    (tmp_path / "remote.git").rename(tmp_path / "moved.git")
    ran = _publish(shared)
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.count("\n") == 2
