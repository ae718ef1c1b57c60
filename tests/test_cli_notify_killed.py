"""`handoff notify` killed at any moment: nothing is lost, no repeat is silent."""

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from subprocess import TimeoutExpired
from threading import Event

import pytest

from support.cli import handoff_at, start_at
from support.git import Repository
from support.local_server import Received, Reply
from support.notifying import clone, desk
from support.slack import CHANNEL, TOKEN, Refusal, Workspace, workspace

BREACHED = "2026-04-22T13:45:00Z"
LATER = "2026-04-22T13:55:00Z"
EVERYBODY = {CHANNEL, "DU0INES", "DU0DANA"}


@pytest.fixture
def slacks() -> Iterator[Workspace]:
    with workspace(priya="U0PRIYA") as made:
        yield made


def env(slacks: Workspace) -> dict[str, str]:
    return {"HANDOFF_SLACK": TOKEN, "SLACK_API_URL": slacks.url}


def kill_when(happens: Event, at: Repository, slacks: Workspace) -> None:
    """Start a run and kill it, as no program can prevent, when something happens."""
    running = start_at(BREACHED, "notify", at=at, env=env(slacks))
    assert happens.wait(60)
    running.kill()
    running.communicate()
    assert running.returncode < 0


def entries(at: Repository, kind: str) -> int:
    """Count the entries of a kind that the shared ledger holds."""
    listed = at.git("ls-remote", "origin", "refs/heads/handoff-ledger")
    if not listed:
        return 0
    at.git("fetch", "--quiet", "origin", "handoff-ledger")
    return len(at.git("ls-tree", "-r", "FETCH_HEAD", f"{kind}/").splitlines())


def places(slacks: Workspace) -> set[str]:
    return set(slacks.messages)


def unmarked(slacks: Workspace) -> Counter[str]:
    """Count the messages of each key that do not say they may be a repeat."""
    return Counter(
        message["metadata"]["event_payload"]["idempotency_key"]
        for message in slacks.posted()
        if "Possible repeat" not in str(message["blocks"])
    )


def test_killed_between_intent_and_sending(tmp_path: Path, slacks: Workspace) -> None:
    at = desk(tmp_path)
    asked, respond = Event(), slacks.server.respond

    def silent(_: Received) -> Reply:
        """Take the request, and do nothing about it."""
        asked.set()
        Event().wait(1)
        return Reply(500)

    slacks.server.respond = silent
    kill_when(asked, at, slacks)
    assert (entries(at, "intent"), entries(at, "receipt")) == (1, 0)
    assert not slacks.posted()
    slacks.server.respond = respond
    ran = handoff_at(LATER, "notify", at=clone(tmp_path, "next"), env=env(slacks))
    assert ran.code == 0, ran
    assert places(slacks) == EVERYBODY
    assert set(slacks.deliveries().values()) == {1}
    assert not any("Possible repeat" in t for p in EVERYBODY for t in slacks.texts(p))


def test_killed_between_sending_and_receipt(tmp_path: Path, slacks: Workspace) -> None:
    at = desk(tmp_path)
    done, respond = Event(), slacks.server.respond

    def slow(request: Received) -> Reply:
        """Do what is asked, and answer when nobody listens any more."""
        reply = respond(request)
        if slacks.posted():
            done.set()
            Event().wait(1)
        return reply

    slacks.server.respond = slow
    kill_when(done, at, slacks)
    assert entries(at, "receipt") == 0
    slacks.server.respond = respond
    ran = handoff_at(LATER, "notify", at=clone(tmp_path, "next"), env=env(slacks))
    assert ran.code == 0, ran
    assert "was there" in ran.out
    assert places(slacks) == EVERYBODY
    assert set(slacks.deliveries().values()) == {1}


def test_killed_at_random_moments_until_everybody_was_told(
    tmp_path: Path, slacks: Workspace
) -> None:
    """Nobody can look into the channel here: repeats are allowed, and say so."""
    at = desk(tmp_path)
    slacks.lasting["conversations.history"] = Refusal("missing_scope")
    moments = random.Random(7)  # noqa: S311 - the same moments in every run
    for minute in range(0, 60, 10):
        now = f"2026-04-22T14:{minute:02}:00Z"
        running = start_at(now, "notify", at=at, env=env(slacks))
        try:
            running.communicate(timeout=moments.uniform(0.3, 3.0))
        except TimeoutExpired:
            running.kill()
            running.communicate()
    last = handoff_at("2026-04-22T15:20:00Z", "notify", at=at, env=env(slacks))
    assert last.code in {0, 1}, last
    assert places(slacks) >= EVERYBODY - {CHANNEL}
    assert all(times == 1 for times in unmarked(slacks).values())
    assert len(slacks.texts(CHANNEL)) <= 1  # good news is never repeated
    shared = Repository(tmp_path / "shared.git")
    assert shared.git("fsck", "--strict", "--no-dangling") == ""
    assert at.git("fsck", "--strict", "--no-dangling") == ""
    assert at.git("status", "--porcelain") == ""
