"""The shipped workflows: checked by other people's tools, and by our own rules."""

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from support.cli import ROOT

FOLDER = ROOT / ".github" / "workflows"
WORKFLOWS = sorted(FOLDER.glob("*.yml"))
ACTIONS = [ROOT / "action.yml", ROOT / ".github/actions/handoff/action.yml"]
REUSABLE = FOLDER / "handoff.yml"
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")
COMMENTED = re.compile(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
SAFE_CONTEXTS = re.compile(
    r"github\.(ref|sha|token|event_name|repository)"
    r"|github\.event\.issue\.number"
    r"|github\.event\.pull_request\.(base\.sha|number|head\.repo\.full_name)"
    r"|github\.event\.merge_group\.base_sha|github\.event\.before"
)


def _load(path: Path) -> dict[Any, Any]:
    loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def _steps(path: Path) -> Iterator[Mapping[str, Any]]:
    loaded = _load(path)
    for job in loaded.get("jobs", {}).values():
        yield from job.get("steps", ())
    yield from loaded.get("runs", {}).get("steps", ())


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _tool(*command: str) -> tuple[int, str]:
    path = Path(sys.executable).parent / command[0]
    if not path.exists():
        pytest.skip(f"{command[0]} is not installed")
    done = subprocess.run(  # noqa: S603 - no shell
        [path, *command[1:]],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return done.returncode, done.stdout.decode()


def test_zizmor_finds_nothing() -> None:
    code, said = _tool("zizmor", "--offline", "--no-progress", "--quiet", ".")
    assert code == 0, said


@pytest.mark.parametrize(
    ("schema", "paths"),
    [
        ("vendor.github-workflows", WORKFLOWS),
        ("vendor.github-actions", ACTIONS),
        (
            "vendor.github-issue-forms",
            sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("new-*.yml")),
        ),
    ],
)
def test_files_have_the_shape_the_forge_wants(schema: str, paths: list[Path]) -> None:
    assert paths
    names = map(str, paths)
    code, said = _tool("check-jsonschema", "--builtin-schema", schema, *names)
    assert code == 0, said


@pytest.mark.parametrize("path", [*WORKFLOWS, *ACTIONS], ids=_name)
def test_nothing_is_used_unpinned(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    used = re.findall(r"uses: *(\S+)", text)
    own = [name for name in used if name.startswith("$/")]
    assert all((ROOT / name.removeprefix("$/")).exists() for name in own)
    others = [name for name in used if name not in own]
    assert all(PINNED.fullmatch(name) for name in others)
    assert len(COMMENTED.findall(text)) == len(others)


@pytest.mark.parametrize("path", [*WORKFLOWS, *ACTIONS], ids=_name)
def test_no_expression_reaches_a_shell(path: Path) -> None:
    for step in _steps(path):
        assert "${{" not in step.get("run", ""), step


@pytest.mark.parametrize("path", WORKFLOWS, ids=_name)
def test_expressions_look_at_harmless_facts_only(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for expression in re.findall(r"\$\{\{(.*?)\}\}", text, re.DOTALL):
        for context in re.findall(r"github\.[\w.]+", expression):
            assert SAFE_CONTEXTS.fullmatch(context), context


@pytest.mark.parametrize("path", WORKFLOWS, ids=_name)
def test_rights_are_given_by_job_and_none_at_the_top(path: Path) -> None:
    loaded = _load(path)
    if path == REUSABLE:
        assert list(loaded[True]) == ["workflow_call"]
        assert "permissions" not in loaded
        return
    assert loaded["permissions"] == {}
    assert all(job["permissions"] for job in loaded["jobs"].values())
    assert loaded["concurrency"]["group"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=_name)
def test_checkouts_bring_all_history_and_leave_no_token(path: Path) -> None:
    for step in _steps(path):
        if "checkout" in step.get("uses", ""):
            assert step["with"] == {"fetch-depth": 0, "persist-credentials": False}


@pytest.mark.parametrize("path", WORKFLOWS, ids=_name)
def test_schedules_avoid_the_full_hour_and_each_other(path: Path) -> None:
    def minutes(of: Path) -> set[str]:
        crons = [entry["cron"] for entry in _load(of)[True].get("schedule", ())]
        return {minute for cron in crons for minute in cron.split(" ")[0].split(",")}

    assert all(int(minute) % 2 for minute in minutes(path))
    for other in WORKFLOWS:
        assert other == path or not minutes(path) & minutes(other)


def test_the_queue_of_merges_is_checked_too() -> None:
    assert {"pull_request", "merge_group", "push"} <= _load(FOLDER / "check.yml")[
        True
    ].keys()


def test_both_actions_are_one() -> None:
    first, second = (path.read_bytes() for path in ACTIONS)
    assert first == second


def test_the_action_installs_the_version_it_came_with() -> None:
    from handoff import __version__  # noqa: PLC0415 - the subject of this test

    assert f"handoff-ledger[slack]=={__version__}'" in ACTIONS[0].read_text("utf-8")
