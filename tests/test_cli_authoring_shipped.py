"""A won deal this repository ships, from nothing to a filed packet, in two ways."""

from pathlib import Path

import pytest

from support.cli import handoff, records
from support.git import Repository
from support.records import NOW, shipped
from support.terminal import terminal

_DEAL = "cobalt-orchard-2026-04-01"
_PACKET = "assessment-cobalt-orchard-2026-04-24"
_PATH = f"handoffs/2026/04/{_PACKET}.md"
_BY = ("--by", "rui-tanaka")
_FIELDS = {
    "Escalation contacts 1, Name": ("escalation_contacts[0].name", "Aoife Ní Bhriain"),
    "Escalation contacts 1, Reach": ("escalation_contacts[0].reach", "555-0152"),
    "Kickoff target": ("kickoff_target_on", "2026-05-11"),
}
_SECTIONS = {
    "What they expect": "One plan that growers and office both open in the evening.",
    "What sold them": "Both plans of August side by side.\n- 19 of 31 days differ",
    "Sensitivities": "None: they ask for plain words.",
    "Ecosystem revenue motion": "The association has 40 members with the same trouble.",
    "Briefing delivered": "Yes, 22 April. They wrote back about the overtime.",
    "Scope agreements": "Review and proposal; no software.",
    "Red flags": "None: the farm manager decides alone.",
    "Follow-on potential": "The same for the packing hall, in autumn.",
}


@pytest.fixture
def shipped_records(tmp_path: Path) -> Repository:
    files = shipped("opportunities", "handoffs")
    return records(tmp_path / "records", files, at="2026-04-24T12:00:00Z")


def _filed_by_terminal(repository: Repository) -> bytes:
    answers = {title: [value] for title, (_, value) in _FIELDS.items()}
    answers["Needed access"] = ["Both plans of 2025", "A seat in the office", ""]
    for title, text in _SECTIONS.items():
        answers[title] = [*text.split("\n"), ""]
    with terminal(repository, "new", "packet", _DEAL, now=NOW) as window:
        window.answer(answers)
        assert window.end() == 0
    assert "still missing" not in window.said
    with terminal(repository, "file", _PACKET, *_BY, now=NOW) as window:
        assert window.end() == 0
    return (repository.root / _PATH).read_bytes()


def _filed_by_options(repository: Repository) -> bytes:
    values = [f"{path}={value}" for path, value in _FIELDS.values()]
    values.append("needed_access=[Both plans of 2025, A seat in the office]")
    typed = [word for value in values for word in ("--set", value)]
    typed += [w for t, text in _SECTIONS.items() for w in ("--section", f"{t}={text}")]
    ran = handoff("new", "packet", _DEAL, *typed, at=repository, now=NOW)
    assert (ran.code, ran.err) == (0, ""), ran.out
    assert "still missing" not in ran.out
    assert handoff("file", _PACKET, *_BY, at=repository, now=NOW).code == 0
    return (repository.root / _PATH).read_bytes()


def test_a_shipped_deal_is_handed_over_in_a_terminal_as_by_options(
    shipped_records: Repository,
) -> None:
    by_terminal = _filed_by_terminal(shipped_records)
    (shipped_records.root / _PATH).unlink()
    assert _filed_by_options(shipped_records) == by_terminal
    assert b"filed:\n  by: rui-tanaka\n  at: 2026-04-24T15:00:00+02:00\n" in by_terminal
    assert handoff("check", at=shipped_records, now=NOW).code == 0
    said = handoff("sla", _DEAL, at=shipped_records, now=NOW).out
    assert "packet-acknowledged" in said
