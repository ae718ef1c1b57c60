"""Where output goes: colour and width for terminals only, by the usual variables."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from support.cli import ROOT, handoff, records
from support.git import Repository

_ESCAPE = "\x1b["


@pytest.fixture
def sample(tmp_path: Path) -> Repository:
    return records(tmp_path / "records")


@pytest.mark.parametrize(
    ("env", "is_coloured"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": ""}, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": ""}, True),
        ({"FORCE_COLOR": "1", "TERM": "dumb"}, False),
        ({"NO_COLOR": "1"}, False),
    ],
)
def test_colour_off_a_terminal_is_asked_for(
    env: dict[str, str],
    is_coloured: bool,  # noqa: FBT001 - pytest passes parameters by name
    sample: Repository,
) -> None:
    assert (_ESCAPE in handoff("check", at=sample, env=env).out) == is_coloured


@pytest.mark.parametrize("form", ["json", "github", "sarif"])
def test_machine_formats_have_no_colour(form: str, sample: Repository) -> None:
    env = {"FORCE_COLOR": "1"}
    assert _ESCAPE not in handoff("check", "--format", form, at=sample, env=env).out


@pytest.mark.parametrize("columns", [60, 80])
@pytest.mark.parametrize("name", ["board", "sla"])
def test_columns_set_the_width(name: str, columns: int, sample: Repository) -> None:
    ran = handoff(name, at=sample, env={"COLUMNS": str(columns)})
    tables = [line for line in ran.out.splitlines() if line.startswith("  ")]
    assert tables
    assert max(map(len, tables)) <= columns


def test_width_off_a_terminal_depends_on_nothing(sample: Repository) -> None:
    wide = handoff("board", at=sample, env={"LINES": "9"})
    assert wide == handoff("board", at=sample)
    assert wide == handoff("board", at=sample, env={"COLUMNS": "100"})


def _on_a_terminal(at: Repository, *typed: str, env: dict[str, str]) -> str:
    ours, theirs = pty.openpty()
    with subprocess.Popen(  # noqa: S603 - no shell
        [sys.executable, "-m", "handoff", *typed],
        cwd=at.root,
        env={**os.environ, "PYTHONPATH": str(ROOT / "tools"), **env},
        stdin=theirs,
        stdout=theirs,
        stderr=subprocess.PIPE,
    ) as process:
        os.close(theirs)
        with os.fdopen(ours, "rb", buffering=0) as screen:
            shown = b""
            while chunk := _read(screen.fileno()):
                shown += chunk
        assert process.stderr
        assert process.stderr.read() == b""
    return shown.decode()


def _read(screen: int) -> bytes:
    """Read what a terminal shows; Linux reports its end as an error."""
    try:
        return os.read(screen, 65536)
    except OSError:
        return b""


def test_a_terminal_gets_colour_unless_refused(sample: Repository) -> None:
    term = {"TERM": "xterm-256color"}
    assert _ESCAPE in _on_a_terminal(sample, "check", env=term)
    refused = {**term, "NO_COLOR": "1"}
    assert _ESCAPE not in _on_a_terminal(sample, "check", env=refused)
