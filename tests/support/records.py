"""Fixtures of rules: base records, small edits to them, and what they must give."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from handoff.document.document import Document, read_document
from handoff.evaluation.digest import packet_digest
from handoff.evaluation.report import Report, evaluate
from handoff.model.diagnostic import Diagnostic
from handoff.model.instant import parse_instant
from handoff.policy.policy import Policy, load_policy
from handoff.records.register import load_register
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


def read_fixture(path: Path) -> Mapping[str, str]:
    """Apply a fixture to the base records.

    A fixture may `copy` base records, `edit` files (`opportunity`, `packet`, or a
    path) by replacing text that stands there once, `move` base records, and `add`
    others; in this order.
    """
    fixture: Mapping[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    files = dict(base())
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
    return _acknowledged(files | fixture.get("add", {}))


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


def _in(path: str, text: str) -> Iterator[Expectation]:
    for number, line in enumerate(text.split("\n"), 1):
        if found := _EXPECTED.match(line):
            yield path, 1 if found[1] == "first" else number + 1, found[2]


def as_expectations(diagnostics: tuple[Diagnostic, ...]) -> list[Expectation]:
    """Write diagnostics the way fixtures do."""
    return sorted((d.path, d.span.line, d.rule) for d in diagnostics)


def read(path: str, text: str) -> Document:
    """Read a record that has nothing odd about it."""
    document, findings = read_document(path, text.encode())
    assert document, findings
    return document
