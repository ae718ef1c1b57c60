"""`handoff docs`: generated pages are written once and compared ever after."""

from pathlib import Path

import pytest

from support.cli import handoff, records
from support.git import Repository


@pytest.fixture
def bare(tmp_path: Path) -> Repository:
    return records(tmp_path / "records", {})


def test_pages_are_written_and_then_current(bare: Repository) -> None:
    stale = handoff("docs", "--check", at=bare)
    assert stale.code == 1
    assert not (bare.root / "docs").exists()
    written = handoff("docs", at=bare)
    assert written.code == 0
    assert written.out == stale.out.replace("stale: ", "written: ")
    for line in written.out.splitlines():
        assert (bare.root / line.removeprefix("written: ")).read_text(encoding="utf-8")
    for typed in (("docs", "--check"), ("docs",)):
        again = handoff(*typed, at=bare)
        assert (again.code, again.out) == (0, "")


def test_a_changed_page_is_stale(bare: Repository) -> None:
    handoff("docs", at=bare)
    page = min((bare.root / "docs").iterdir())
    page.write_text("mine\n", encoding="utf-8")
    ran = handoff("docs", "--check", at=bare)
    assert (ran.code, ran.out) == (1, f"stale: docs/{page.name}\n")
    assert page.read_text(encoding="utf-8") == "mine\n"


def test_a_change_of_policy_makes_pages_stale(bare: Repository) -> None:
    handoff("docs", at=bare)
    path = bare.root / "schemas/policy/clocks.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("within: 2h", "within: 3h"), encoding="utf-8")
    assert handoff("docs", "--check", at=bare).code == 1


def test_other_pages_are_left_alone(bare: Repository) -> None:
    page = bare.write("docs/own.md", "mine\n")
    handoff("docs", at=bare)
    assert page.read_text(encoding="utf-8") == "mine\n"
    assert handoff("docs", "--check", at=bare).code == 0


def test_it_works_from_any_folder(bare: Repository, tmp_path: Path) -> None:
    inner = bare.root / "schemas/policy"
    assert handoff("docs", "-C", str(inner), at=tmp_path).code == 0
    assert list((bare.root / "docs").iterdir())
    assert not (inner / "docs").exists()
