"""What the ledger adds to a report; scenarios/ledger tells what it does to deals."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from handoff.evaluation.report import Report
from handoff.model.diagnostic import Diagnostic, Severity
from handoff.model.entry import JSON, Entry, EntryKind, Unread
from handoff.repository.ledger import Ledger
from support.scenarios import (
    REV,
    Told,
    files_of,
    ledger_of,
    policy_of,
    report_of,
    report_on,
)

NOW = "2026-04-22T18:00:00+02:00"
FILED: Told = {"filed": "2026-04-21T13:00:00+02:00"}
APPROVED: Told = {"acknowledgement": "2026-04-21T17:00:00+02:00"}
STANZA = {"at": "2026-04-21T17:00:00+02:00", "review": "github:1001"}


def told(packet: Told = FILED, *entries: Told) -> Told:
    return {"after": "closed-won", "packets": [packet], "ledger": list(entries)}


def found(report: Report, rule: str) -> list[Diagnostic]:
    return [d for d in report.verdict.diagnostics if d.rule == rule]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"at": "2026-04-21T16:00:00+02:00"}, "`at` is `2026-04-21T14:00:00Z`, exp"),
        ({"by": "tomas-lindgren"}, "`by` is `tomas-lindgren`, expected `ines-moreau`"),
        ({"risks_accepted": []}, "`risks_accepted` is ``, expected `R1` as in the led"),
        ({"digest": f"sha256:{'2' * 64}"}, "`digest` is `sha256:2222"),
        ({"review": "github:7"}, "the ledger knows no review `github:7` that"),
    ],
)
def test_a_disagreement_is_told_where_it_is_written(
    change: Mapping[str, str], message: str
) -> None:
    packet = {**FILED, "acknowledgement": {**STANZA, **change}}
    (only,) = found(report_of(told(packet, APPROVED), NOW), "ledger-disagrees")
    assert message in only.message
    assert only.path.startswith("handoffs/")
    assert only.source.strip().startswith(f"{next(iter(change))}:")
    assert "handoff ledger list" in only.hint


def test_without_a_ledger_nothing_can_disagree() -> None:
    packet = {**FILED, "acknowledgement": STANZA}
    report = report_of({"after": "closed-won", "packets": [packet]}, NOW)
    assert not report.verdict.failed


def test_a_dismissal_is_told_with_its_time() -> None:
    packet = {**FILED, "acknowledgement": STANZA}
    void = {"void": "2026-04-22T10:00:00+02:00"}
    report = report_of(told(packet, APPROVED, void), NOW)
    (only,) = found(report, "void-acknowledgement")
    expected = "the approval `github:1001` was dismissed on 2026-04-22T08:00:00Z"
    assert only.message == expected
    assert only.source.strip() == "review: github:1001"


def test_an_announcement_is_no_event_that_names_what_comes_next() -> None:
    scene = {"after": "closed-won", "ledger": [{"receipt": "2026-04-21T13:00:00Z"}]}
    (only,) = found(report_of(scene, NOW), "missing-next-action")
    assert only.message.startswith("`closed-won` is the latest event")


HOSTILE: tuple[Mapping[str, JSON], ...] = (
    {"packet": 7},
    {"by": ["ines-moreau"]},
    {"at": "yesterday"},
    {"at": "2026-04-21T17:00:00"},
    {"digest": None},
    {"review": {"id": 1}},
    {"risks_accepted": "R1"},
    {"risks_accepted": [1]},
)


@pytest.mark.parametrize("change", HOSTILE, ids=str)
def test_an_incomplete_entry_is_named_and_not_counted(
    change: Mapping[str, JSON],
) -> None:
    scene = told(FILED, APPROVED)
    ledger = ledger_of(scene, files_of(scene))
    (good,) = ledger.entries.values()
    bad = Entry(good.kind, good.key, {**good.body, **change})
    broken = replace(ledger, entries={(bad.kind, bad.key): bad})
    report = report_on(files_of(scene), policy_of(scene), NOW, broken)
    (only,) = found(report, "unread-ledger-file")
    assert only.severity is Severity.WARNING
    assert only.path.startswith("handoff-ledger:acknowledgement/")
    assert f"`{next(iter(change))}` is not" in only.message
    assert [s.stage.name for s in report.statuses] == ["handed-off"]


def test_a_file_that_is_no_entry_is_named() -> None:
    scene = told(FILED)
    ledger = Ledger({}, (Unread("receipt/aa/x.json", "it is not JSON"),), REV)
    report = report_on(files_of(scene), policy_of(scene), NOW, ledger)
    (only,) = found(report, "unread-ledger-file")
    assert only.path == "handoff-ledger:receipt/aa/x.json"
    assert only.message == "this file of the ledger does not count: it is not JSON"
    assert not report.verdict.failed


def test_what_the_ledger_says_of_no_record_here_changes_nothing() -> None:
    scene = told(FILED)
    entries = [
        Entry(EntryKind.ACKNOWLEDGEMENT, "a", {"packet": "x", "at": NOW}),
        Entry(EntryKind.CREATED, "b", {"id": 7}),
        Entry(EntryKind.TIP, "c", {}),
    ]
    good = {"packet": "x-2026-04-21", "by": "y", "review": "z", "digest": "q"}
    entries[0] = replace(entries[0], body={**good, "at": NOW})
    ledger = Ledger({(e.kind, e.key): e for e in entries}, (), REV)
    report = report_on(files_of(scene), policy_of(scene), NOW, ledger)
    assert found(report, "unread-ledger-file") == []
    assert [s.stage.name for s in report.statuses] == ["handed-off"]
