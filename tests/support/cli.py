"""The command line as its users meet it: in this process, or in one of its own."""

import gc
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree

import pytest
from click.testing import CliRunner

from handoff.__main__ import main
from handoff.evaluation.known import microseconds_of
from handoff.model.instant import parse_instant
from support.git import Repository
from support.reports import SAMPLE

ROOT = Path(__file__).parents[2]
NOW = "2026-04-24T15:00:00+02:00"
"""The afternoon on which tests run commands unless they say otherwise."""
_CLOCKED = ("session", "dispatch", "surroundings")
"""Modules that read the clock."""
_TICKING = ("learning", "quick", "recalled")
"""Those of them that have no time to import `datetime`."""
_PINNED = f"""\
import sys
from importlib import import_module
from handoff.__main__ import main
from handoff.evaluation.known import microseconds_of
from handoff.model.instant import parse_instant
now = parse_instant(sys.argv.pop(1))
for name in {_TICKING}:
    import_module(f"handoff.cli.{{name}}").microseconds = lambda: microseconds_of(now)
for name in {_CLOCKED}:
    import_module(f"handoff.cli.{{name}}").read_clock = lambda: now
main()
"""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str


def handoff(
    *args: str,
    at: Repository | Path | None = None,
    now: str = NOW,
    env: Mapping[str, str] | None = None,
) -> Ran:
    """Run a command in this process, through the boundary that gives exit codes.

    Args:
        args: what is typed after `handoff`.
        at: the folder to run it in; the present one if it does not matter.
        now: what the clock shows.
        env: variables on top of those of the tests.
    """
    runner = CliRunner()
    folder = at.root if isinstance(at, Repository) else at
    shown = parse_instant(now)
    assert shown
    with pytest.MonkeyPatch.context() as patch, runner.isolation(env=env) as streams:
        for module in _TICKING:
            name = f"handoff.cli.{module}.microseconds"
            patch.setattr(name, lambda: microseconds_of(shown))
        for module in _CLOCKED:
            patch.setattr(f"handoff.cli.{module}.read_clock", lambda: shown)
        patch.setattr(sys, "argv", ["handoff", *args])
        patch.chdir(folder or Path.cwd())
        with pytest.raises(SystemExit) as stop:
            main()
        gc.enable()  # which a command turns off for the short time it runs
        sys.stdout.flush()
        sys.stderr.flush()
        out, err = (stream.getvalue().decode() for stream in streams[:2])
    code = stop.value.code
    return Ran(code if isinstance(code, int) else 0, out, err)


def handoff_process(
    *args: str | bytes,
    at: Repository,
    env: Mapping[str, str] | None = None,
) -> Ran:
    """Run a command in a process of its own; `at` and `env` as for `handoff`."""
    done = subprocess.run(  # noqa: S603 - no shell
        [sys.executable, "-m", "handoff", *args],
        cwd=at.root,
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT / "tools"), **(env or {})},
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def handoff_at(
    now: str,
    *args: str,
    at: Repository,
    env: Mapping[str, str] | None = None,
) -> Ran:
    """Run a command in a process of its own, whose clock shows `now` throughout."""
    started = start_at(now, *args, at=at, env=env)
    out, err = started.communicate()
    return Ran(started.returncode, out.decode(), err.decode())


def start_at(
    now: str,
    *args: str,
    at: Repository,
    env: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start what `handoff_at` runs, without waiting for its end."""
    return subprocess.Popen(  # noqa: S603 - no shell
        [sys.executable, "-c", _PINNED, now, *args],
        cwd=at.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT / "tools"), **(env or {})},
    )


def records(
    root: Path,
    files: Mapping[str, str] = SAMPLE,
    *,
    at: str = "2026-04-22T08:00:00Z",
) -> Repository:
    """Commit records under the shipped policy to a new repository.

    Args:
        root: the folder to make.
        files: text of each record by its path.
        at: time of the commit.
    """
    made = Repository.create(root)
    copytree(ROOT / "schemas", root / "schemas")
    for path, text in files.items():
        made.write(path, text)
    made.commit("Keep the records", at=at)
    return made
