"""Reports over records written in a test, made by the real pipeline.

`support.deals` holds the texts and ids of the sample deals.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from handoff.evaluation.report import Report, evaluate
from handoff.model.identity import Kind, parse_stem
from handoff.model.instant import parse_instant
from handoff.policy.policy import Policy, load_policy
from handoff.records.register import load_register
from handoff.repository.snapshot import MemorySnapshot
from support.deals import (
    KITES_PACKET,
    KITES_PACKET_HEADER,
    KITES_PATH,
    KITES_TEXT,
    LOST,
    LOST_TEXT,
    OTTER,
    TAKO,
    TAKO_TEXT,
)

_ROOT = Path(__file__).parents[2]

REV = "6f1d0c5be2a94d7a8c3b90e1f2a7d4c55b0e9a31"


@cache
def _shipped() -> Mapping[str, bytes]:
    folder = _ROOT / "schemas"
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {p.relative_to(_ROOT).as_posix(): p.read_bytes() for p in paths}


@cache
def shipped_policy() -> Policy:
    """Load the policy this repository ships."""
    policy, diagnostics = load_policy(MemorySnapshot(_shipped()))
    assert policy, diagnostics
    return policy


def policy_where(old: str, new: str) -> Policy:
    """Load that policy with one piece of text of `clocks.yaml` replaced."""
    return policy_with(("clocks", old, new))


@cache
def policy_with(*edits: tuple[str, str, str]) -> Policy:
    """Load that policy with pieces of text replaced.

    Args:
        edits: name of the file, a text that stands in it once, and what replaces it.
    """
    files = dict(_shipped())
    for name, old, new in edits:
        path = f"schemas/policy/{name}.yaml"
        assert files[path].decode().count(old) == 1, old
        files[path] = files[path].decode().replace(old, new).encode()
    policy, diagnostics = load_policy(MemorySnapshot(files))
    assert policy, diagnostics
    return policy


def report_of(
    files: Mapping[str, str],
    now: str,
    policy: Policy | None = None,
) -> Report:
    """Evaluate records.

    Args:
        files: text of each record by its path.
        now: RFC 3339 instant to evaluate for.
        policy: the shipped one, unless another is given.
    """
    policy, instant = policy or shipped_policy(), parse_instant(now)
    assert instant, now
    snapshot = MemorySnapshot({path: text.encode() for path, text in files.items()})
    register = load_register(snapshot, policy)
    return evaluate(register, policy, instant, rev=REV, is_replay=False)


def path_of(opportunity: str) -> str:
    """Give the path of an opportunity's file."""
    identity = parse_stem(Kind.OPPORTUNITY, opportunity)
    assert identity, opportunity
    return identity.path


def kites_packet(titles: Iterable[str] | None = None) -> str:
    """Write the packet of the won deal, with all sections or those named."""
    if titles is None:
        titles = shipped_policy().pipeline.sections[Kind.PACKET]
    sections = (f"\n## {title}\n\nWhat we know of it.\n" for title in titles)
    return KITES_PACKET_HEADER + "".join(sections)


def lead(
    opportunity: str,
    company: str,
    *,
    owner: str = "dana-okafor",
    due: str = "2026-04-20",
) -> Mapping[str, str]:
    """Write a deal of which nothing is known yet but its next action."""
    day = opportunity[-10:]
    text = (
        f"---\nschema: opportunity/v1\ncompany: {company}\nowner: {owner}\n"
        f"source: Web form\nevents:\n  - event: opened\n"
        f"    at: {day}T09:00:00+02:00\n    by: {owner}\n    next:\n"
        f"      action: Call them back\n      owner: {owner}\n      due: {due}\n---\n"
    )
    return {path_of(opportunity): text}


WON = {KITES_PATH: KITES_TEXT, KITES_PACKET: kites_packet()}
"""A deal won by word of mouth on 2026-04-21, its packet filed and not acknowledged."""

WON_WITHOUT_PACKET = {KITES_PATH: KITES_TEXT}
"""The same, as if nobody had filed the packet."""

SAMPLE: Mapping[str, str] = {
    **WON,
    path_of(TAKO): TAKO_TEXT,
    **lead(OTTER, "Marble Otter"),
    path_of(LOST): LOST_TEXT,
    "opportunities/2026/04/broken-drum-2026-04-20.md": "no header\n",
}
"""A deal won, one in discovery, an overdue lead, a lost one, and a broken file."""
