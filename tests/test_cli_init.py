"""`handoff init`: a new repository, and one that exists already."""

from pathlib import Path

import pytest

from support.cli import ROOT, handoff
from support.git import Repository


def _tree(root: Path) -> dict[str, bytes]:
    files = (path for path in root.rglob("*") if path.is_file())
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in files}


def test_what_it_writes_is_accepted_at_once(repository: Repository) -> None:
    ran = handoff("init", str(repository.root))
    assert ran.code == 0
    assert _tree(repository.root / "schemas") == _tree(ROOT / "schemas")
    assert (repository.root / "opportunities").is_dir()
    assert (repository.root / "handoffs").is_dir()
    checked = handoff("check", at=repository)
    assert (checked.code, checked.out) == (0, "0 files checked, all fine\n")


def test_a_second_run_changes_nothing(repository: Repository) -> None:
    handoff("init", ".", at=repository)
    repository.write("schemas/policy/people.yaml", "mine: yes\n")
    (repository.root / "schemas/policy/stages.yaml").unlink()
    before = _tree(repository.root / "schemas")
    ran = handoff("init", ".", at=repository)
    assert ran.code == 0
    assert ran.out.startswith("1 file")
    after = _tree(repository.root / "schemas")
    assert after.pop("policy/stages.yaml")
    assert after == before


def test_enforce_from_is_written_to_policy(repository: Repository) -> None:
    ran = handoff("init", ".", "--enforce-from", "2026-06-01", at=repository)
    assert ran.code == 0
    clocks = repository.root / "schemas/policy/clocks.yaml"
    assert "\nenforced_from: 2026-06-01\n" in clocks.read_text(encoding="utf-8")
    changed = (
        _tree(repository.root / "schemas").items() - _tree(ROOT / "schemas").items()
    )
    assert [name for name, _ in changed] == ["policy/clocks.yaml"]
    assert handoff("check", at=repository).code == 0


def test_a_folder_that_does_not_exist_is_made(tmp_path: Path) -> None:
    assert handoff("init", str(tmp_path / "new" / "records")).code == 0
    assert (tmp_path / "new/records/schemas/policy/stages.yaml").is_file()


@pytest.mark.parametrize("day", ["soon", "2026-02-30", "2026-04-21T10:00:00Z"])
def test_no_day_is_a_usage_error(day: str, tmp_path: Path) -> None:
    ran = handoff("init", str(tmp_path / "new"), "--enforce-from", day)
    assert (ran.code, ran.out) == (2, "")
    assert not (tmp_path / "new").exists()


def test_a_file_in_its_place_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    ran = handoff("init", str(tmp_path / "file"))
    assert ran.code == 2
    assert "is a file" in ran.err


def test_the_hint_about_missing_policy_can_be_typed(repository: Repository) -> None:
    """Whoever does what the message says has policy afterwards."""
    said = handoff("check", at=repository).err
    typed = said.partition("`handoff init")[2].partition("`")[0].split()
    assert handoff("init", *typed, at=repository).code == 0
    assert handoff("check", at=repository).code == 0
