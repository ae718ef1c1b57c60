"""Every reading command in every state a clone can be in: right, or refused.

A state changes nothing but what it takes away: what can be answered is answered as by
the whole clone, byte for byte, and the rest is refused in one sentence.
"""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree

import pytest

from support.cli import Ran, handoff, handoff_process, records
from support.deals import KITES, KITES_PACKET, KITES_PATH
from support.git import Repository
from support.reports import WON

Command = tuple[str, ...]
MOMENT = ("--rev", "HEAD", "--as-of", "2026-04-23T12:00:00+02:00")
DISK: tuple[Command, ...] = (
    ("check",),
    ("check", "--base", "HEAD"),
    ("status", KITES),
    ("tasks",),
    ("daily",),
    ("score", KITES_PACKET),
)
STAGED: tuple[Command, ...] = (
    ("check", "--rev", "index"),
    ("check", "--rev", "index", "--base", "HEAD"),
)
COMMITTED: tuple[Command, ...] = (
    ("check", "--rev", "HEAD", "--format", "json"),
    ("board", *MOMENT),
    ("sla", *MOMENT, "--format", "json"),
    ("daily", *MOMENT, "--format", "json"),
)
PAST: tuple[Command, ...] = (
    ("check", "--rev", "HEAD", "--base", "HEAD~2"),
    ("status", "--as-of", "2026-04-21T14:00:00Z"),
    ("sla", KITES, "--explain", *MOMENT),
    ("history", KITES, "--rev", "HEAD"),
    ("blame", KITES, "--rev", "HEAD"),
    ("audit", "--format", "json"),
)
GROUPS = {"disk": DISK, "staged": STAGED, "committed": COMMITTED, "past": PAST}
SAME = ""


def whole(root: Path) -> Repository:
    """Give a repository with four commits, one of them a merge."""
    made = records(root, {KITES_PATH: WON[KITES_PATH]}, at="2026-04-21T10:05:00Z")
    made.branch("side")
    made.write(KITES_PACKET, WON[KITES_PACKET])
    made.commit("File", at="2026-04-21T13:35:00Z")
    made.switch("main")
    made.merge("side", at="2026-04-21T14:35:00Z")
    made.write("README.md", "Records.\n")
    made.commit("Say what this is", at="2026-04-22T08:00:00Z")
    return made


def clone(source: Repository, *options: str) -> Repository:
    target = source.root.with_name("clone")
    origin = f"file://{source.root}"
    source.git("clone", "--quiet", *options, origin, str(target))
    return Repository(target)


def healthy(source: Repository) -> Repository:
    return source


def detached(source: Repository) -> Repository:
    source.git("checkout", "--quiet", "--detach")
    return source


def worktree(source: Repository) -> Repository:
    target = source.root.with_name("linked")
    source.git("worktree", "add", "--quiet", "--detach", str(target))
    return Repository(target)


def submodule(source: Repository) -> Repository:
    outer = Repository.create(source.root.with_name("outer"))
    allow = ("-c", "protocol.file.allow=always")
    outer.git(*allow, "submodule", "--quiet", "add", str(source.root), "records")
    return Repository(outer.root / "records")


def sparse(source: Repository) -> Repository:
    source.git("sparse-checkout", "set", "--no-cone", "/schemas/")
    assert not (source.root / KITES_PATH).exists()
    return source


def grafted(source: Repository) -> Repository:
    info = source.root / ".git" / "info"
    info.mkdir(exist_ok=True)
    (info / "grafts").write_text(f"{source.head()}\n", encoding="utf-8")
    return source


def replaced(source: Repository) -> Repository:
    other = source.git("commit-tree", "HEAD~1^{tree}", "-m", "Forged")
    source.git("replace", source.head(), other)
    return source


def shallow(source: Repository) -> Repository:
    return clone(source, "--depth=1")


def partial(source: Repository) -> Repository:
    source.git("config", "uploadpack.allowFilter", "true")
    made = clone(source, "--filter=blob:none", "--no-checkout")
    made.git("reset", "--quiet")
    made.git("remote", "remove", "origin")
    return made


def bare(source: Repository) -> Repository:
    return clone(source, "--bare")


def unborn(source: Repository) -> Repository:
    source.git("checkout", "--quiet", "--orphan", "other")
    return source


def without_blob(source: Repository) -> Repository:
    """Lose what the packet says, as a damaged disk does."""
    _lose(source, source.git("rev-parse", f"HEAD:{KITES_PACKET}"))
    return source


def without_tree(source: Repository) -> Repository:
    _lose(source, source.git("rev-parse", "HEAD^{tree}"))
    return source


def without_parent(source: Repository) -> Repository:
    _lose(source, source.git("rev-parse", "HEAD~2"))
    return source


def _lose(source: Repository, name: str) -> None:
    (source.root / ".git" / "objects" / name[:2] / name[2:]).unlink()


def without_index(source: Repository) -> Repository:
    (source.root / ".git" / "index").write_bytes(b"damaged")
    return source


@dataclass(frozen=True, slots=True)
class State:
    """What a state takes away: the words of the refusal, by group of commands."""

    make: Callable[[Repository], Repository]
    disk: str = SAME
    staged: str = SAME
    committed: str = SAME
    past: str = SAME


_NO_COMMIT = "this repository has no commit yet"
_BARE = "this is a bare repository"
_DAMAGED = "Run `git fsck`"
STATES = (
    State(healthy),
    State(detached),
    State(worktree),
    State(submodule),
    State(sparse),
    State(grafted),
    State(replaced),
    State(shallow, past="Run `git fetch --unshallow`"),
    State(bare, disk=_BARE, staged=_BARE),
    State(unborn, committed=_NO_COMMIT, past="commit"),
    State(without_tree, disk=_DAMAGED, staged=_DAMAGED, committed=_DAMAGED,
          past=_DAMAGED),
    State(without_parent, past="git"),
    State(without_index, disk=_DAMAGED, staged=_DAMAGED),
)  # fmt: skip


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    return whole(tmp_path_factory.mktemp("whole") / "records")


@pytest.fixture(scope="module")
def expected(model: Repository) -> Mapping[Command, Ran]:
    """Give what a whole clone answers."""
    commands = [command for group in GROUPS.values() for command in group]
    answers = {command: handoff(*command, at=model) for command in commands}
    assert {ran.code for ran in answers.values()} <= {0, 1}, answers
    return answers


@pytest.fixture
def source(model: Repository, tmp_path: Path) -> Repository:
    """Give a copy of the whole repository that a test may damage."""
    copytree(model.root, tmp_path / "records")
    copied = Repository(tmp_path / "records")
    copied.git("update-index", "--refresh")
    return copied


# Where the change since HEAD alone reads a commit, or a state leaves one thing intact.
_UNTOUCHED = {
    ("without_tree", ("check",)),
    ("without_tree", ("check", "--rev", "index")),
    ("unborn", ("check", "--base", "HEAD")),
    ("unborn", ("check", "--rev", "index", "--base", "HEAD")),
    # Git itself reads the index to compare two trees.
    *(("without_index", command) for command in PAST),
}


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.make.__name__)
def test_a_state_gives_the_same_answer_or_one_sentence(
    state: State, source: Repository, expected: Mapping[Command, Ran]
) -> None:
    made = state.make(source)
    for group, commands in GROUPS.items():
        for command in commands:
            ran = handoff(*command, at=made)
            refusal = getattr(state, group) if _reads(state, command) else SAME
            if (state.make.__name__, command) in _UNTOUCHED:
                assert ran.code != 2, command
                assert "Traceback" not in ran.err
            elif refusal:
                assert (ran.code, ran.out) == (3, ""), (command, ran)
                assert refusal in ran.err, command
                assert ran.err.count("\n") == 2, command
            else:
                assert ran == expected[command], command


def _reads(state: State, command: Command) -> bool:
    """Tell whether a command needs what the state took away."""
    if state.make is without_tree and not {"HEAD", "audit"} & {*command}:
        return False
    return state.make is not shallow or "sla" not in command or "--explain" in command


@pytest.mark.parametrize("command", [*DISK[:3], STAGED[1], *PAST])
def test_a_foreign_repository_is_refused(
    command: Command, source: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    ran = handoff(*command, at=source)
    assert (ran.code, ran.out) == (3, "")
    assert "belongs to another user of this computer" in ran.err


@pytest.mark.parametrize("make", [partial, without_blob])
def test_a_missing_content_is_named_never_passed_over(
    make: Callable[[Repository], Repository], source: Repository
) -> None:
    """Policy that is missing cannot judge; a record that is missing is an error."""
    made = make(source)
    ran = handoff("check", "--rev", "HEAD", at=made)
    is_policy = make is partial
    assert ran.code == (3 if is_policy else 1), ran
    assert ("policy cannot be read" in ran.err) == is_policy
    assert (f"{KITES_PACKET}:1:1: error[unreadable-file]" in ran.out) != is_policy
    audited = handoff("audit", at=made)
    assert (audited.code, audited.out) == (3, "")


MACHINES: tuple[Mapping[str, str], ...] = (
    {"TZ": "UTC", "LC_ALL": "C", "PYTHONHASHSEED": "0", "COLUMNS": "100"},
    {"TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"},
    {"TZ": "America/St_Johns", "LANG": "tr_TR.UTF-8", "PYTHONIOENCODING": "latin-1"},
)
HOSTILE = """\
[alias]
    log = !echo hello
    rev-list = !echo hello
[color]
    ui = always
[core]
    quotePath = true
    pager = false
    commentChar = auto
    abbrev = 4
    precomposeUnicode = true
[diff]
    noprefix = true
    renames = copies
    external = {folder}/program
    orderFile = {folder}/order
    ignoreSubmodules = all
    relative = true
[format]
    pretty = oneline
[gpg "ssh"]
    program = {folder}/program
[i18n]
    logOutputEncoding = latin1
[log]
    date = relative
    decorate = full
    follow = true
    mailmap = true
    showSignature = true
    showRoot = false
[mailmap]
    file = {folder}/mailmap
[merge]
    renames = true
[status]
    relativePaths = false
"""
NEEDLES: tuple[Command, ...] = (
    ("check", "--rev", "HEAD", "--base", "HEAD~2", "--format", "json"),
    ("audit",),
    ("daily", *MOMENT),
    ("sla", KITES, "--explain", *MOMENT),
)


@pytest.mark.parametrize("command", NEEDLES, ids=lambda command: command[0])
def test_neither_machine_nor_settings_change_a_byte(
    command: Command, source: Repository, tmp_path: Path
) -> None:
    late = WON[KITES_PATH].replace("reason: timing", "reason: consent")
    source.write(KITES_PATH, late)
    source.commit("Rewrite", at="2026-04-23T08:00:00Z")
    settings = tmp_path / "settings"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n", encoding="utf-8")
    program.chmod(0o755)
    (tmp_path / "order").write_text("schemas/*\n", encoding="utf-8")
    (tmp_path / "mailmap").write_text(
        "Mallory <m@example.com> <robin.field@example.com>"
    )
    settings.write_text(HOSTILE.format(folder=tmp_path), encoding="utf-8")
    machines = [*MACHINES, {**MACHINES[1], "GIT_CONFIG_GLOBAL": str(settings)}]
    first, *others = (handoff_process(*command, at=source, env=m) for m in machines)
    assert first.code in {0, 1}, first.err
    assert first.out
    assert all(other == first for other in others)
    assert not (tmp_path / "ran").exists()


def test_the_clock_of_the_machine_has_no_zone(
    source: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = handoff("audit", at=source)
    with monkeypatch.context() as other:
        other.setenv("TZ", "Pacific/Kiritimati")
        time.tzset()
        assert handoff("audit", at=source) == expected
    time.tzset()
    assert "TZ" not in os.environ
