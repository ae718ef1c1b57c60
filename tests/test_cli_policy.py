"""`handoff policy diff`: what a change of policy changes."""

import json
from pathlib import Path
from typing import Any

import pytest

from support.cli import Ran, handoff, records
from support.deals import KITES
from support.git import Repository
from support.reports import WON

CLOCKS = "schemas/policy/clocks.yaml"
VERSIONS = """\
  - name: packet-filed
    until: 2026-04-30
"""
CONTRACT = "approvals: [proposal, pricing, claims]\n      event:"


@pytest.fixture
def won(tmp_path: Path) -> Repository:
    """Give a repository with a packet filed late, and a clock that still runs."""
    return records(tmp_path / "records", WON)


def change(repository: Repository, old: str, new: str, path: str = CLOCKS) -> None:
    text = (repository.root / path).read_text(encoding="utf-8")
    assert text.count(old) >= 1
    repository.write(path, text.replace(old, new, 1))


def differs(repository: Repository, *typed: str) -> Any:  # noqa: ANN401 - JSON
    ran = handoff("policy", "diff", "HEAD", "--format", "json", *typed, at=repository)
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


def said(repository: Repository, *typed: str) -> Ran:
    return handoff("policy", "diff", "HEAD", *typed, at=repository)


def verdicts(found: Any) -> list[tuple[str, str, str, bool]]:  # noqa: ANN401 - JSON
    return [
        (r["clock"], r["before"]["state"], r["after"]["state"], r["open"])
        for r in found["readings"]
        if r["verdict_differs"]
    ]


def test_the_same_policy_changes_nothing(won: Repository) -> None:
    found = differs(won)
    assert (found["readings"], found["stages"]) == ([], [])
    ran = said(won)
    assert ran.out.startswith("no reading and no stage differs\n")
    assert ran.code == 0


def test_a_shorter_target_flips_what_is_open_and_what_is_closed(
    won: Repository,
) -> None:
    change(won, "      within: 2h\n", "      within: 4h\n")
    change(won, "      within: 24h\n", "      within: 48h\n")
    found = differs(won)
    assert ("packet-filed", "met-late", "met", False) in verdicts(found)
    ran = said(won)
    assert ran.code == 0
    assert (
        "  packet-filed: met late to met\n"
        f"    {KITES}, cycle 1, due 2026-04-21 14:00 +02:00 to "
        "2026-04-21 16:00 +02:00\n"
    ) in ran.out
    assert "closed readings with another verdict" in ran.out
    assert f"{KITES[:12]}" in ran.out
    assert "do: closed readings change their verdict" in ran.out


def test_a_dated_version_leaves_alone_what_started_before(won: Repository) -> None:
    text = (won.root / CLOCKS).read_text(encoding="utf-8")
    start = text.index("  - name: packet-filed\n")
    end = text.index("  - name: deal-announced\n")
    old = text[start:end]
    newer = old.replace("within: 2h", "within: 4h")
    newer = newer.replace("packet-filed\n", "packet-filed\n    since: 2026-05-01\n", 1)
    older = old.replace("  - name: packet-filed\n", VERSIONS, 1)
    won.write(CLOCKS, f"{text[:start]}{older}{newer}{text[end:]}")
    assert verdicts(differs(won)) == []
    what_if = differs(won, "--what-if")
    assert ("packet-filed", "met-late", "met", False) in verdicts(what_if)
    assert what_if["what_if"] is True
    ran = said(won, "--what-if")
    assert "had always been in force" in ran.out
    assert "do:" not in ran.out


def test_a_clock_that_is_gone_says_nothing(won: Repository) -> None:
    name = "  - name: packet-filed\n"
    change(won, name, f"{name}    shadow: true\n")
    (gone,) = [r for r in differs(won)["readings"] if r["clock"] == "packet-filed"]
    assert (gone["before"]["state"], gone["after"]) == ("met-late", None)
    assert "met late to nothing" in said(won).out


def test_stages_and_errors_are_compared(won: Repository) -> None:
    added = CONTRACT.replace("[", "[contract, ")
    change(won, CONTRACT, added, "schemas/policy/stages.yaml")
    found = differs(won)
    (moved,) = found["stages"]
    assert (moved["record"], moved["before"]) == (KITES, "handed-off")
    assert found["diagnostics"]["error"]["after"] > 0
    assert found["diagnostics"]["error"]["before"] == 0
    out = said(won).out
    assert f"handed-off to {moved['after']}" in out
    assert "error: 0 to " in out


def test_another_revision_and_another_moment(won: Repository) -> None:
    change(won, "      within: 2h\n", "      within: 4h\n")
    assert differs(won, "--rev", "HEAD")["readings"] == []
    early = "2026-04-21T14:30:00+02:00"
    found = differs(won, "--rev", "index", "--as-of", early)
    assert found["readings"] == []
    won.git("add", "--all")
    found = differs(won, "--rev", "index", "--as-of", early)
    assert ("packet-filed", "at-risk", "running", True) in verdicts(found)


def test_typed_wrongly(won: Repository) -> None:
    assert handoff("policy", at=won).code == 2
    assert handoff("policy", "diff", at=won).code == 2
    ran = handoff("policy", "diff", "--", "-x", at=won)
    assert ran.code == 3
    assert "names no commit" in ran.err


def test_a_broken_policy_cannot_be_compared(won: Repository) -> None:
    change(won, "calendar: always", "calendar: allways")
    ran = said(won)
    assert ran.code == 3
    assert "policy is broken" in ran.err
    won.commit("Break policy", at="2026-04-23T08:00:00Z")
    change(won, "calendar: allways", "calendar: always")
    assert said(won).code == 3
