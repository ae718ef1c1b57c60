"""Repositories whose policy has channels, and records that ask for messages."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from shutil import copytree

from handoff.evaluation.report import Report, evaluate
from handoff.model.instant import parse_instant
from handoff.policy.policy import Policy, load_policy
from handoff.records.register import load_register
from handoff.repository.snapshot import MemorySnapshot
from support.cli import ROOT
from support.git import Repository
from support.records import shipped
from support.reports import REV, WON

CHANNELS = "schemas/policy/channels.yaml"
CLOCKS = "schemas/policy/clocks.yaml"
PEOPLE = "schemas/policy/people.yaml"
SLACK = """\
since: 2026-04-01
link: https://forge.example/deals/blob/main/{path}
channels:
  - {name: wins, kind: slack, to: C0DEALS01, token_from: HANDOFF_SLACK}
  - {name: direct, kind: slack, token_from: HANDOFF_SLACK}
routes:
  - what: [announcement, digest, summary]
    to: [wins]
  - what: [at-risk, breach, escalation, coordination]
    to: [direct]
"""
FILE = """\
since: 2026-04-01
channels:
  - {name: log, kind: file, path: out/log.jsonl}
routes:
  - what: [announcement, digest, summary, at-risk, breach, escalation, coordination]
    to: [log]
"""
REACHED = {
    "dana-okafor": "slack: U0DANA",
    "ines-moreau": "slack: U0INES",
    "priya-venkat": "email: priya@handoff.example",
    "oskar-feld": "slack: U0OSKAR",
}


def people(reached: Mapping[str, str] = REACHED) -> str:
    """Write the shipped roster with addresses, as lines of YAML by handle."""
    text = shipped("schemas")[PEOPLE]
    for handle, line in reached.items():
        entry = f"  - handle: {handle}\n"
        assert entry in text, handle
        added = "".join(f"    {part}\n" for part in line.split("\n"))
        text = text.replace(entry, entry + added)
    return text


def policy_with(
    channels: str = SLACK,
    reached: Mapping[str, str] = REACHED,
    clocks: tuple[str, str] = ("", ""),
) -> Policy:
    """Load the shipped policy with channels and addresses.

    Args:
        channels: text of `channels.yaml`.
        reached: address of each person, as a line of YAML.
        clocks: a text of `clocks.yaml`, and what stands in its place.
    """
    return _loaded(channels, people(reached), clocks)


@cache
def _loaded(channels: str, roster: str, clocks: tuple[str, str]) -> Policy:
    texts = {**shipped("schemas"), CHANNELS: channels, PEOPLE: roster}
    old, new = clocks
    assert not old or texts[CLOCKS].count(old) == 1
    texts[CLOCKS] = texts[CLOCKS].replace(old, new) if old else texts[CLOCKS]
    files = {name: text.encode() for name, text in texts.items()}
    policy, found = load_policy(MemorySnapshot(files))
    assert policy, found
    return policy


def report_at(
    now: str,
    files: Mapping[str, str] = WON,
    policy: Policy | None = None,
) -> Report:
    """Evaluate records under a policy with channels."""
    policy, instant = policy or policy_with(), parse_instant(now)
    assert instant, now
    snapshot = MemorySnapshot({path: text.encode() for path, text in files.items()})
    register = load_register(snapshot, policy)
    return evaluate(register, policy, instant, rev=REV, is_replay=False)


def desk(
    root: Path,
    files: Mapping[str, str] = WON,
    channels: str = SLACK,
    reached: Mapping[str, str] = REACHED,
) -> Repository:
    """Make a repository with channels, cloned from a shared one.

    Returns:
        The clone, in which commands are run; its origin is `root / "shared.git"`.
    """
    shared = Repository.create(root / "shared.git", "--bare")
    made = Repository.create(root / "desk")
    copytree(ROOT / "schemas", made.root / "schemas")
    made.write(CHANNELS, channels)
    made.write(PEOPLE, people(reached))
    for path, text in files.items():
        made.write(path, text)
    made.commit("Keep the records", at="2026-04-21T15:00:00Z")
    made.git("remote", "add", "origin", str(shared.root))
    made.git("push", "--quiet", "origin", "main")
    return made


def clone(root: Path, name: str) -> Repository:
    """Make another clone of the shared repository that `desk` made."""
    return Repository(root / "shared.git").clone(name)
