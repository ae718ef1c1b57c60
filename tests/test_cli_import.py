"""`handoff import csv`: what is written, what is said, and a second run."""

import json
from pathlib import Path

import pytest

from support.cli import ROOT, handoff, records
from support.git import Repository

_EXPORT = ROOT / "tests/fixtures/imports/sales-pipeline.csv"
_MAP = str(_EXPORT.with_suffix(".yaml"))
_TYPED = ("import", "csv", str(_EXPORT), "--map", _MAP)


@pytest.fixture
def empty(tmp_path: Path) -> Repository:
    return records(tmp_path / "records", {})


def _opportunities(repository: Repository) -> dict[str, bytes]:
    paths = (repository.root / "opportunities").rglob("*.*")
    return {path.name: path.read_bytes() for path in paths}


def test_a_dry_run_writes_nothing(empty: Repository) -> None:
    ran = handoff(*_TYPED, "--dry-run", at=empty)
    assert ran.code == 0
    assert "5 opportunities would be written" in ran.out
    assert _opportunities(empty) == {}


def test_rows_become_records_once(empty: Repository) -> None:
    first = handoff(*_TYPED, at=empty)
    assert first.code == 0
    assert "5 opportunities written, 0 known already" in first.out
    written = _opportunities(empty)
    assert len(written) == 5
    again = handoff(*_TYPED, at=empty)
    assert again.code == 0
    assert "0 opportunities written, 5 known already" in again.out
    assert _opportunities(empty) == written


def test_what_is_written_can_be_judged(empty: Repository) -> None:
    handoff(*_TYPED, at=empty)
    data = json.loads(handoff("check", "--format", "json", at=empty).out)
    assert (data["files_listed"], data["files_judged"]) == (5, 5)
    rules = {found["rule"] for found in data["diagnostics"]}
    assert rules <= {"unknown-person", "missing-next-action", "gate-unsatisfied"}


def test_json_is_json(empty: Repository) -> None:
    ran = handoff(*_TYPED, "--format", "json", at=empty)
    assert ran.code == 0
    assert json.loads(ran.out)


@pytest.mark.parametrize(
    "typed",
    [
        ("import", "csv", "gone.csv"),
        ("import", "csv"),
        ("import", "csv", str(_EXPORT), "--preset", "nonsense"),
        ("import", "csv", str(_EXPORT), "--date-format", "nonsense"),
        ("import", "nonsense"),
    ],
)
def test_wrong_typing_exits_with_2(typed: tuple[str, ...], empty: Repository) -> None:
    ran = handoff(*typed, at=empty)
    assert (ran.code, ran.out) == (2, "")
    assert _opportunities(empty) == {}


def test_a_broken_map_is_named_with_its_line(empty: Repository) -> None:
    empty.write("map.yaml", "system: x\ncolumns: 7\n")
    ran = handoff("import", "csv", str(_EXPORT), "--map", "map.yaml", at=empty)
    assert ran.code == 1
    assert "map.yaml:2:" in ran.out
    assert _opportunities(empty) == {}


def test_without_policy_nothing_is_imported(repository: Repository) -> None:
    ran = handoff(*_TYPED, at=repository)
    assert (ran.code, ran.out) == (3, "")
    assert "handoff init" in ran.err
