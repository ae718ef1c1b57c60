"""The hook of two lines that docs/hooks.md offers, in real commits."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from handoff.model.identity import Kind
from support.cli import ROOT, handoff_process, records
from support.deals import KITES_PACKET, KITES_PATH
from support.git import Repository
from support.reports import WON, WON_WITHOUT_PACKET, kites_packet, shipped_policy

_INCOMPLETE = kites_packet(shipped_policy().pipeline.sections[Kind.PACKET][:-1])
_ENGINE = "jsonschema_rs"


@pytest.fixture
def guarded(tmp_path: Path) -> Repository:
    """Give a repository with a won deal, no packet yet, and the hook."""
    made = records(tmp_path / "records", WON_WITHOUT_PACKET)
    page = (ROOT / "docs" / "hooks.md").read_text(encoding="utf-8")
    found = re.search("```sh\n(.*?)```", page, re.DOTALL)
    assert found
    assert found[1].count("\n") == 2
    hook = made.write(".git/hooks/pre-commit", found[1])
    hook.chmod(0o755)
    return made


def _commit(at: Repository, *words: str) -> tuple[int, str, str]:
    """Commit where `handoff` is this one; give code, what was said, what was loaded."""
    folder = at.root.parent / "bin"
    folder.mkdir(exist_ok=True)
    program = folder / "handoff"
    loaded = at.root.parent / "loaded"
    start = shlex.join((sys.executable, "-X", "importtime", "-m", "handoff"))
    program.write_text(f'#!/bin/sh\nexec {start} "$@" 2>{shlex.quote(str(loaded))}\n')
    program.chmod(0o755)
    loaded.write_text("")
    path = f"{folder}:{os.environ['PATH']}"
    done = subprocess.run(  # noqa: S603 - no shell
        ["git", "commit", "-m", "change", *words],  # noqa: S607 - that of the machine
        cwd=at.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        env={**os.environ, "PATH": path, "PYTHONPATH": str(ROOT / "tools")},
    )
    return done.returncode, done.stdout.decode(), loaded.read_text()


def test_an_incomplete_packet_is_refused(guarded: Repository) -> None:
    before = guarded.head()
    guarded.write(KITES_PACKET, _INCOMPLETE)
    guarded.git("add", KITES_PACKET)
    code, said, _ = _commit(guarded)
    assert code != 0
    assert f"{KITES_PACKET}:" in said
    assert "error[missing-section]" in said
    assert guarded.head() == before


def test_what_was_checked_before_is_committed_without_the_engine(
    guarded: Repository,
) -> None:
    guarded.write(KITES_PACKET, WON[KITES_PACKET])
    assert handoff_process("check", KITES_PACKET, at=guarded).code == 0
    guarded.git("add", "--all")
    code, said, loaded = _commit(guarded)
    assert (code, "1 file checked, all fine" in said) == (0, True), said
    assert "handoff.cli.quick" in loaded
    assert _ENGINE not in loaded


def test_what_nobody_judged_is_judged(guarded: Repository) -> None:
    guarded.write(KITES_PACKET, WON[KITES_PACKET])
    guarded.git("add", "--all")
    code, said, loaded = _commit(guarded)
    assert code == 0, said
    assert _ENGINE in loaded


def test_a_partial_commit_is_judged_alone(guarded: Repository) -> None:
    guarded.write(KITES_PACKET, _INCOMPLETE)
    guarded.write(KITES_PATH, WON[KITES_PATH] + "\nThey called again.\n")
    guarded.git("add", "--all")
    assert _commit(guarded, KITES_PATH)[0] == 0
    assert _commit(guarded, KITES_PACKET)[0] != 0


def test_a_change_of_policy_has_everything_judged(guarded: Repository) -> None:
    guarded.write(KITES_PACKET, _INCOMPLETE)
    guarded.git("add", "--all")
    assert _commit(guarded, "--no-verify")[0] == 0
    path = "schemas/policy/severities.yaml"
    text = (guarded.root / path).read_text(encoding="utf-8")
    guarded.write(path, f"{text}\n# Nothing else.\n")
    guarded.git("add", "--all")
    code, said, _ = _commit(guarded)
    assert (code != 0, "error[missing-section]" in said) == (True, True), said


def test_other_files_are_none_of_its_business(guarded: Repository) -> None:
    guarded.write("notes.md", "no header\n")
    guarded.git("add", "--all")
    code, _, loaded = _commit(guarded)
    assert (code, loaded) == (0, "")
