"""Many writers at once, and writers that are killed: nothing lost, nothing doubled."""

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest

from handoff.model.entry import EntryKind
from handoff.repository.git import Git
from handoff.repository.ledger import BRANCH, fetch_ledger, read_ledger
from support.git import Repository

REF = f"refs/heads/{BRANCH}"
TOOLS = Path(__file__).parents[1] / "tools"
WRITER = """
import random, sys
from datetime import UTC, datetime
from threading import Event
from handoff.model.entry import Entry, EntryKind
from handoff.model.errors import HandoffError
from handoff.repository.git import Git
from handoff.repository.ledger import append
from pathlib import Path

folder, name, *keys = sys.argv[1:]
pause, chance = Event(), random.Random(name)
git = Git.discover(Path(folder))
for key in keys:
    done = append(
        git,
        [Entry(EntryKind.INTENT, key, {"by": name})],
        remote="origin",
        now=datetime(2026, 4, 21, 10, tzinfo=UTC),
        attempts=200,
        wait=lambda _: pause.wait(chance.random() / 20) and None,
    )
    print(*[f"{e.key}={e.body['by']}" for e in done.added], flush=True)
"""


def _start(folder: Path, name: str, *keys: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # noqa: S603 - no shell
        [sys.executable, "-c", WRITER, str(folder), name, *keys],
        env={**os.environ, "PYTHONPATH": str(TOOLS)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def _writers(hub: Repository) -> dict[str, str]:
    """Read from the hub who wrote each key."""
    ledger = read_ledger(Git.discover(hub.root))
    assert ledger.unread == ()
    return {e.key: str(e.body["by"]) for e in ledger.of(EntryKind.INTENT)}


def _race(hub: Repository) -> None:
    """Let eight clones claim one shared key and two of their own each."""
    names = [f"w{number}" for number in range(8)]
    folders = {name: hub.clone(name).root for name in names}
    running = [_start(folders[n], n, f"{n}-a", "shared", f"{n}-b") for n in names]
    claimed = Counter[str]()
    for process in running:
        out, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
        claimed.update(out.split())
    assert set(claimed.values()) == {1}
    assert sum(claim.startswith("shared=") for claim in claimed) == 1
    expected = {claim.split("=")[0]: claim.split("=")[1] for claim in claimed}
    assert _writers(hub) == expected
    assert len(expected) == 8 * 2 + 1
    line = hub.git("rev-list", "--count", REF)
    assert line == str(len(expected))


def test_eight_clones_at_once_lose_nothing_and_double_nothing(hub: Repository) -> None:
    _race(hub)
    hub.git("fsck", "--strict")


def test_so_they_do_where_the_server_refuses_every_third_push(hub: Repository) -> None:
    count = "mkdir -p pushes; n=$(ls pushes | wc -l); mktemp -p pushes >/dev/null"
    hook = hub.write("hooks/pre-receive", f"#!/bin/sh\n{count}; [ $((n % 3)) -ne 2 ]\n")
    hook.chmod(0o755)
    _race(hub)


def _killed(clone: Repository, chance: random.Random) -> None:
    process = _start(clone.root, "killed", *(f"k{n}" for n in range(40)))
    with suppress(subprocess.TimeoutExpired):
        process.communicate(timeout=0.15 + chance.random() * 0.6)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    _unlock(clone)


def _unlock(clone: Repository) -> None:
    """Do what the message says about a lock that a killed git left behind."""
    for lock in clone.root.joinpath(".git").rglob("*.lock"):
        lock.unlink()


@pytest.mark.parametrize("seed", range(3))
def test_killed_at_any_point_the_next_run_converges(hub: Repository, seed: int) -> None:
    """The server lives on, as servers do: it runs in a session of its own."""
    clone = hub.clone("clone")
    server = hub.write("server", '#!/bin/sh\nexec setsid -w git-receive-pack "$@"\n')
    server.chmod(0o755)
    clone.git("config", "remote.origin.receivepack", str(server))
    chance = random.Random(seed)  # noqa: S311 - the same moments every time
    seen: dict[str, str] = {}
    for _ in range(10):
        _killed(clone, chance)
        now = _writers(hub) if hub.git("for-each-ref", REF) else {}
        assert seen.items() <= now.items()
        seen = now
        clone.git("fsck", "--strict", "--no-dangling")
    last = _start(clone.root, "last", *(f"k{n}" for n in range(5)))
    _, errors = last.communicate(timeout=60)
    assert last.returncode == 0, errors
    assert {f"k{n}" for n in range(5)} <= _writers(hub).keys()
    git = Git.discover(clone.root)
    assert fetch_ledger(git, "origin") == hub.git("rev-parse", REF)
    assert read_ledger(git) == read_ledger(Git.discover(hub.root))
    assert clone.git("status", "--porcelain") == ""
    hub.git("fsck", "--strict", "--no-dangling")
    clone.git("fsck", "--strict", "--no-dangling")
