"""Fixtures of rules: base records, small edits to them, and what they must give."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from handoff.document.document import Document, read_document
from handoff.evaluation.change import Actor, Change, ChangeContext, Witness
from handoff.evaluation.digest import packet_digest
from handoff.evaluation.gate import judge_changes
from handoff.evaluation.report import Report, evaluate
from handoff.model.diagnostic import Diagnostic
from handoff.model.instant import day_of, parse_instant
from handoff.policy.policy import Policy, load_policy
from handoff.records.claims import claims_of
from handoff.records.reading import ReadFile, read_versions
from handoff.records.register import load_register
from handoff.repository.log import Commit
from handoff.repository.snapshot import MemorySnapshot

ROOT = Path(__file__).parents[2]
RULES = ROOT / "tests" / "fixtures" / "rules"
NOW = "2026-04-24T15:00:00+02:00"
"""The instant for which fixtures and shipped records are evaluated."""

OPPORTUNITY = "opportunities/2026/04/acme-robotics-2026-04-02.md"
PACKET = "handoffs/2026/04/assessment-acme-robotics-2026-04-21.md"
_BASE = {"opportunity": OPPORTUNITY, "packet": PACKET}
_DIGEST = "DIGEST"
_EXPECTED = re.compile(r"^ *(?:# |<!-- )expect-(first|next): ([a-z-]+)(?: -->)?$")

Expectation = tuple[str, int, str]
"""Path, line and rule of a diagnostic."""


@cache
def shipped(*trees: str) -> Mapping[str, str]:
    """Read the files this repository ships below some folders, by their path."""
    paths = (path for tree in trees for path in (ROOT / tree).rglob("*.*"))
    return {p.relative_to(ROOT).as_posix(): p.read_text("utf-8") for p in sorted(paths)}


@cache
def base() -> Mapping[str, str]:
    """Give the valid records that fixtures start from."""
    folder = RULES / "base"
    return {p: (folder / f"{n}.md").read_text("utf-8") for n, p in _BASE.items()}


def judge(files: Mapping[str, str]) -> tuple[Diagnostic, ...]:
    """Check records, and policy where files replace a part of it."""
    policy, found = _policy_with(files)
    return (*found, *report(files, policy).verdict.diagnostics) if policy else found


def report(files: Mapping[str, str], policy: Policy | None = None) -> Report:
    """Evaluate records, under the shipped policy unless another is given."""
    policy, now = policy or shipped_policy(), parse_instant(NOW)
    assert now
    register = load_register(_snapshot(files), policy)
    return evaluate(register, policy, now, rev="memory", is_replay=False)


@cache
def shipped_policy() -> Policy:
    """Load the policy this repository ships."""
    policy, found = load_policy(_snapshot(shipped("schemas")))
    assert policy, found
    return policy


def _policy_with(
    files: Mapping[str, str],
) -> tuple[Policy | None, tuple[Diagnostic, ...]]:
    if any(path.startswith("schemas/") for path in files):
        return load_policy(_snapshot({**shipped("schemas"), **files}))
    return shipped_policy(), ()


def _snapshot(files: Mapping[str, str]) -> MemorySnapshot:
    return MemorySnapshot({path: text.encode() for path, text in files.items()})


def judge_fixture(path: Path) -> tuple[Diagnostic, ...]:
    """Judge what a fixture makes, and the change, where it tells of one."""
    told = _told(path).get("change")
    files = read_fixture(path)
    if told is None:
        return judge(files)
    return (*judge(files), *_judge_change(path, files, told))


def read_fixture(path: Path) -> Mapping[str, str]:
    """Apply a fixture to the base records.

    A fixture may `copy` base records, `edit` files (`opportunity`, `packet`, or a
    path) by replacing text that stands there once, `move` base records, and `add`
    others; in this order. A fixture of a `change` starts from its base.
    """
    fixture = _told(path)
    return _acknowledged(_edited(path, fixture, _was(path)))


def _was(path: Path) -> dict[str, str]:
    """Give the base of a change: the base records with what its `was` changes."""
    was = _told(path).get("change", {}).get("was", {})
    return dict(_acknowledged(_edited(path, was, dict(base()))))


@cache
def _told(path: Path) -> Mapping[str, Any]:
    text = path.read_text("utf-8")
    told: Mapping[str, Any] = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - builds nothing but text
    return told


def _edited(
    path: Path, fixture: Mapping[str, Any], files: dict[str, str]
) -> dict[str, str]:
    for name, target in fixture.get("copy", {}).items():
        files[target] = files[_BASE[name]]
    for edit in fixture.get("edit", ()):
        name = _BASE.get(edit["file"], edit["file"])
        text = files.get(name) or shipped("schemas")[name]
        old = edit["old"].removesuffix("\n")
        assert text.count(old) == 1, f"{path.name}: stands {text.count(old)}x: {old}"
        new = edit["new"].removesuffix("\n")
        files[name] = text.replace(old if new else f"{old}\n", new)
    for name, target in fixture.get("move", {}).items():
        files[target] = files.pop(_BASE[name])
    for name in fixture.get("remove", ()):
        del files[_BASE[name]]
    files |= fixture.get("add", {})
    return files


def _judge_change(
    path: Path, files: Mapping[str, str], told: Mapping[str, Any]
) -> tuple[Diagnostic, ...]:
    """Judge how files differ from the base of a change.

    `change` may say what the base `was`, `by` which addresses it was made (the first
    commits it), and when it `arrived` and was `committed`; without a word it arrives
    now, uncommitted.
    """
    was = _was(path)
    policy, found = _policy_with(was)
    assert policy, found
    arrived = parse_instant(told.get("arrived", NOW))
    committed = parse_instant(told.get("committed", ""))
    assert arrived
    actors = tuple(Actor(None, email, email) for email in told.get("by", ()))
    sides = (_snapshot(was), _snapshot(files))
    paths = sorted({*was, *files})
    changes = [
        Change(
            name, *both, _commits(both[1], policy, committed), Witness(arrived), actors
        )
        for name, both in read_versions(*sides, paths, policy)
    ]
    today, author = day_of(arrived, policy.zone), told.get("by", [""])[0]
    context = ChangeContext(policy, today, committing=author)
    return judge_changes(changes, context)[0]


def _commits(
    file: ReadFile | None, policy: Policy, committed: datetime | None
) -> Mapping[str, Commit]:
    """Say that one commit of that time brought every claim of a file."""
    if committed is None or file is None or file.draft is None:
        return {}
    commit = Commit("c0ffee" * 7, (), "", "", "", committed, committed, ())
    return {c.key: commit for c in claims_of(file.draft, policy.zone)}


def _acknowledged(files: dict[str, str]) -> Mapping[str, str]:
    """Write the digest of what the packet hands over where a fixture asks for it."""
    packet = files.get(PACKET, "")
    if _DIGEST in packet:
        zero = f"sha256:{'0' * 64}"
        files[PACKET] = packet.replace(_DIGEST, zero)
        files[PACKET] = packet.replace(_DIGEST, _digest_of(files))
    return files


def _digest_of(files: Mapping[str, str]) -> str:
    register = load_register(_snapshot(files), shipped_policy())
    packet = next(iter(register.packets.values()))
    return packet_digest(packet, register.opportunities[packet.opportunity])


def expectations(files: Mapping[str, str]) -> list[Expectation]:
    """List what files say they must give, in the order of diagnostics."""
    return sorted(found for path, text in files.items() for found in _in(path, text))


def expected_of(path: Path) -> list[Expectation]:
    """List what a fixture must give; a file that is gone cannot say it itself."""
    gone = [
        (_BASE[name], 1, rule) for name, rule in _told(path).get("gone", {}).items()
    ]
    return sorted([*expectations(read_fixture(path)), *gone])


def _in(path: str, text: str) -> Iterator[Expectation]:
    """Read expectations; several about one line stand above it, one under another."""
    waiting: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        found = _EXPECTED.match(line)
        if found is None:
            yield from ((path, number, rule) for rule in waiting)
            waiting = []
        elif found[1] == "first":
            yield path, 1, found[2]
        else:
            waiting.append(found[2])


def as_expectations(diagnostics: tuple[Diagnostic, ...]) -> list[Expectation]:
    """Write diagnostics the way fixtures do."""
    return sorted((d.path, d.span.line, d.rule) for d in diagnostics)


def read(path: str, text: str) -> Document:
    """Read a record that has nothing odd about it."""
    document, findings = read_document(path, text.encode())
    assert document, findings
    return document
