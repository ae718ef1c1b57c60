"""The published hook, run by the real pre-commit in real commits."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from shutil import copy, copytree, ignore_patterns
from typing import Any

import pytest
import yaml

from handoff.model.identity import Kind
from support.cli import ROOT, records
from support.deals import KITES_PACKET, KITES_PATH
from support.git import Repository
from support.reports import WON, WON_WITHOUT_PACKET, kites_packet, shipped_policy

_CONFIG = ".pre-commit-config.yaml"
_MANIFEST = ".pre-commit-hooks.yaml"
_COMPLETE = WON[KITES_PACKET]
_TITLES = shipped_policy().pipeline.sections[Kind.PACKET]
_INCOMPLETE = kites_packet(_TITLES[:-1])
_REFUSED = re.compile(rf"{KITES_PACKET}:(\d+):\d+: error\[missing-section\]")


def _hook() -> dict[str, Any]:
    """Give the published hook, to be run by the code under test as it lies there."""
    (hook,) = yaml.safe_load((ROOT / _MANIFEST).read_text(encoding="utf-8"))
    command, _, rest = hook["entry"].partition(" ")
    assert command == "handoff"
    words = ("env", f"PYTHONPATH={ROOT / 'tools'}", sys.executable, "-m", "handoff")
    return {**hook, "language": "system", "entry": f"{shlex.join(words)} {rest}"}


def _run(at: Repository, *command: str) -> tuple[int, str]:
    done = subprocess.run(  # noqa: S603 - no shell
        command,
        cwd=at.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        env={
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        },
    )
    return done.returncode, done.stdout.decode()


def _commit(at: Repository, *what: str) -> tuple[int, str]:
    return _run(at, "git", "commit", "-m", "change", *what)


def _with_hook(at: Repository, source: Mapping[str, Any]) -> Repository:
    at.write(_CONFIG, yaml.safe_dump({"repos": [source]}))
    at.commit("Check records")
    code, said = _run(at, sys.executable, "-m", "pre_commit", "install")
    assert code == 0, said
    return at


def _tolerate(at: Repository, length: str) -> None:
    """Say how old a new claim may be: the deals of these tests happened in April."""
    path = "schemas/policy/trust.yaml"
    text = (at.root / path).read_text(encoding="utf-8")
    at.write(
        path,
        re.sub(r"^tolerance: .*$", f"tolerance: {length}", text, flags=re.MULTILINE),
    )
    at.commit("Set the tolerance")


@pytest.fixture
def guarded(tmp_path: Path) -> Repository:
    """Give a repository with a won deal, no packet yet, and the hook."""
    made = records(tmp_path / "records", WON_WITHOUT_PACKET)
    _tolerate(made, "9999d")
    return _with_hook(made, {"repo": "local", "hooks": [_hook()]})


def test_an_incomplete_packet_is_refused_and_nothing_is_lost(
    guarded: Repository,
) -> None:
    before = guarded.head()
    packet = guarded.write(KITES_PACKET, _INCOMPLETE)
    guarded.git("add", KITES_PACKET)
    code, said = _commit(guarded)
    assert code == 1
    found = _REFUSED.search(said)
    assert found, said
    assert 1 <= int(found[1]) <= _INCOMPLETE.count("\n")
    assert "= do: " in said
    assert "[WARNING]" not in said
    assert guarded.head() == before
    assert packet.read_bytes() == _INCOMPLETE.encode()
    assert guarded.git("show", f":{KITES_PACKET}") == _INCOMPLETE.rstrip("\n")


def test_a_complete_packet_is_accepted(guarded: Repository) -> None:
    guarded.write(KITES_PACKET, _COMPLETE)
    guarded.git("add", KITES_PACKET)
    code, said = _commit(guarded)
    assert code == 0, said
    assert guarded.git("status", "--porcelain") == ""


def test_what_is_staged_counts_not_what_is_on_disk(guarded: Repository) -> None:
    packet = guarded.write(KITES_PACKET, _INCOMPLETE)
    guarded.git("add", KITES_PACKET)
    packet.write_text(_COMPLETE, encoding="utf-8")
    code, said = _commit(guarded)
    assert code == 1
    assert _REFUSED.search(said)
    assert packet.read_text(encoding="utf-8") == _COMPLETE
    guarded.git("add", KITES_PACKET)
    packet.write_text(_INCOMPLETE, encoding="utf-8")
    assert _commit(guarded)[0] == 0
    assert packet.read_text(encoding="utf-8") == _INCOMPLETE


def test_a_partial_commit_is_judged_alone(guarded: Repository) -> None:
    """The opportunity is staged, but is not part of this commit."""
    guarded.git("rm", "--quiet", "--cached", KITES_PATH)
    guarded.git("commit", "--quiet", "--no-verify", "-m", "Forget the deal")
    guarded.write(KITES_PACKET, _COMPLETE)
    guarded.git("add", KITES_PATH, KITES_PACKET)
    code, said = _commit(guarded, KITES_PACKET)
    assert code == 1
    assert "error[dangling-reference]" in said
    staged = guarded.git("diff", "--cached", "--name-only").split("\n")
    assert staged == [KITES_PACKET, KITES_PATH]
    code, said = _commit(guarded, KITES_PACKET, KITES_PATH)
    assert code == 0, said


def test_a_partial_commit_of_a_sound_file_passes_beside_a_broken_one(
    guarded: Repository,
) -> None:
    guarded.write(KITES_PACKET, _INCOMPLETE)
    deal = guarded.write(KITES_PATH, WON[KITES_PATH] + "\nThey called again.\n")
    guarded.git("add", "--all")
    code, said = _commit(guarded, KITES_PATH)
    assert code == 0, said
    assert guarded.git("diff", "--cached", "--name-only") == KITES_PACKET
    assert deal.read_text(encoding="utf-8").endswith("They called again.\n")
    assert guarded.git("show", f":{KITES_PACKET}") == _INCOMPLETE.rstrip("\n")


def test_a_link_in_place_of_a_record_is_refused(guarded: Repository) -> None:
    guarded.write("elsewhere.md", _COMPLETE)
    packet = guarded.root / KITES_PACKET
    packet.parent.mkdir(parents=True)
    packet.symlink_to("../../../elsewhere.md")
    guarded.git("add", "--all")
    code, said = _commit(guarded)
    assert code == 1
    assert f"{KITES_PACKET}:1:1: error[unreadable-file]" in said


def test_a_draft_beside_a_change_of_policy_is_left_alone(guarded: Repository) -> None:
    guarded.write(KITES_PACKET, _INCOMPLETE)
    path = "schemas/policy/severities.yaml"
    text = (guarded.root / path).read_text(encoding="utf-8")
    guarded.write(path, f"{text}\n# Nothing else.\n")
    guarded.git("add", path)
    code, said = _commit(guarded)
    assert code == 0, said


def test_broken_policy_is_refused(guarded: Repository) -> None:
    guarded.write("schemas/policy/calendars.yaml", "zone: 7\n")
    guarded.git("add", "--all")
    code, said = _commit(guarded)
    assert code == 1
    assert "schemas/policy/calendars.yaml:1:" in said
    assert "- exit code: 3" in said


def test_other_files_are_none_of_its_business(guarded: Repository) -> None:
    guarded.write("notes.md", "no header\n")
    guarded.git("add", "--all")
    code, said = _commit(guarded)
    assert code == 0, said


def test_a_removed_record_is_refused(guarded: Repository) -> None:
    """No file is left that pre-commit could name."""
    guarded.git("rm", "--quiet", KITES_PATH)
    code, said = _commit(guarded)
    assert code == 1
    assert f"{KITES_PATH}:1:1: error[removed-record]" in said


def test_a_rewritten_event_is_refused(guarded: Repository) -> None:
    text = WON[KITES_PATH].replace("2026-04-21T12:00", "2026-04-21T14:00")
    guarded.write(KITES_PATH, text)
    guarded.git("add", KITES_PATH)
    code, said = _commit(guarded)
    assert code == 1
    assert "error[rewritten-event] `closed-won` of" in said


def test_a_backdated_claim_is_refused(guarded: Repository) -> None:
    """The packet was filed in April, it says; the clock says otherwise."""
    _tolerate(guarded, "1h")
    guarded.write(KITES_PACKET, _COMPLETE)
    guarded.git("add", KITES_PACKET)
    code, said = _commit(guarded)
    assert code == 1
    assert "error[late-claim] `packet-filed` is dated 2026-04-21T15:30" in said


def test_the_published_hook_installs_and_judges(tmp_path: Path) -> None:
    """As another repository meets it: from a commit, installed from the index."""
    source = Repository.create(tmp_path / "source")
    for name in ("tools", "schemas", ".github", ".githooks"):
        copytree(ROOT / name, source.root / name, ignore=ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", _MANIFEST):
        copy(ROOT / name, source.root / name)
    rev = source.commit()
    used = {"repo": str(source.root), "rev": rev, "hooks": [{"id": "handoff-check"}]}
    made = records(tmp_path / "records", WON_WITHOUT_PACKET)
    _tolerate(made, "9999d")
    guarded = _with_hook(made, used)
    guarded.write(KITES_PACKET, _INCOMPLETE)
    guarded.git("add", "--all")
    code, said = _commit(guarded)
    assert code == 1
    assert _REFUSED.search(said), said
    guarded.write(KITES_PACKET, _COMPLETE)
    guarded.git("add", "--all")
    code, said = _commit(guarded)
    assert code == 0, said


@pytest.mark.parametrize(
    ("kind", "name"), [("config", _CONFIG), ("manifest", _MANIFEST)]
)
def test_both_files_are_what_pre_commit_expects(
    kind: str,
    name: str,
    repository: Repository,
) -> None:
    command = (sys.executable, "-m", "pre_commit", f"validate-{kind}", str(ROOT / name))
    assert _run(repository, *command) == (0, "")


def test_hook_names_are_sentences() -> None:
    (published,) = yaml.safe_load((ROOT / _MANIFEST).read_text(encoding="utf-8"))
    config = yaml.safe_load((ROOT / _CONFIG).read_text(encoding="utf-8"))
    own = [hook for source in config["repos"] for hook in source["hooks"]]
    for hook in (published, *own):
        assert re.fullmatch(r"[A-Z]\w+( [\w,-]+){3,}", hook["name"])


def test_this_repository_uses_the_hook_it_offers() -> None:
    """But for the change gate: its samples tell of a past it did not see."""
    (published,) = yaml.safe_load((ROOT / _MANIFEST).read_text(encoding="utf-8"))
    config = yaml.safe_load((ROOT / _CONFIG).read_text(encoding="utf-8"))
    own = {hook["id"]: hook for source in config["repos"] for hook in source["hooks"]}
    for key in ("files", "types", "require_serial"):
        assert own["handoff-check"][key] == published[key]
    assert published["entry"] == own["handoff-check"]["entry"] + " --base HEAD"
