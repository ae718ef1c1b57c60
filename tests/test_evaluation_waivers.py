"""Waivers: one rule, one record, up to and including the last day."""

from datetime import date

import pytest

from handoff.evaluation.report import Report
from handoff.model.diagnostic import Severity
from support.drawn import summed
from support.scenarios import Told, report_of

RECORD = "opportunities/2026/03/zephyr-kites-2026-03-02.md"
PRICED = {
    "pricing": {
        "currency": "EUR",
        "line_items": [{"id": "L1", "text": "Workshop", "amount_minor": "90000"}],
    },
    "timeline": {"summary": "Four weeks"},
}
NOON = "2026-04-22T12:00:00+02:00"


def waiver(rule: str = "premature-field", record: str = RECORD) -> str:
    return (
        f"  - rule: {rule}\n    record: {record}\n    reason: Published already\n"
        "    owner: dana-okafor\n    expires: 2026-04-22\n"
        "    approved_by: [priya-venkat]\n"
    )


def judged(*waivers: str, now: str = NOON, header: Told | None = None) -> Report:
    told = {
        "after": "opened",
        "header": PRICED if header is None else header,
        "policy": {"waivers.yaml": {"waivers: []": "waivers:\n" + "".join(waivers)}},
    }
    return report_of(told if waivers else {**told, "policy": {}}, now)


def errors(report: Report) -> list[tuple[str, str]]:
    found = report.verdict.diagnostics
    return [(d.path, d.rule) for d in found if d.severity is Severity.ERROR]


def test_what_is_excused_is_set_aside_and_listed() -> None:
    plain, excused = judged(), judged(waiver())
    assert errors(plain) == [(RECORD, "premature-field")] * 2
    assert not errors(excused)
    assert not excused.verdict.failed
    assert not plain.waived
    assert [(w.diagnostic.rule, w.waiver.owner) for w in excused.waived] == [
        ("premature-field", "dana-okafor"),
    ] * 2


@pytest.mark.parametrize(
    ("now", "is_excused"),
    [
        ("2026-04-22T23:59:59.999999+02:00", True),
        ("2026-04-23T00:00:00+02:00", False),
        ("2026-04-22T22:00:00Z", False),
    ],
)
def test_the_last_day_is_included_in_the_policy_zone(
    *,
    now: str,
    is_excused: bool,
) -> None:
    report = judged(waiver(), now=now)
    assert bool(report.waived) == is_excused
    assert report.verdict.failed != is_excused


def test_an_expired_waiver_is_an_error_beside_what_it_excused() -> None:
    report = judged(waiver(), now="2026-04-23T12:00:00+02:00")
    assert errors(report) == [
        (RECORD, "premature-field"),
        (RECORD, "premature-field"),
        ("schemas/policy/waivers.yaml", "expired-waiver"),
    ]


@pytest.mark.parametrize(
    "unused",
    [
        waiver("gate-unsatisfied"),
        waiver(record="opportunities/2026/03/zephyr-kites-2026-03-03.md"),
    ],
    ids=["another rule", "another record"],
)
def test_an_unused_waiver_is_an_error_at_its_own_line(unused: str) -> None:
    report = judged(waiver(), unused)
    assert errors(report) == [("schemas/policy/waivers.yaml", "unused-waiver")]
    (found,) = (d for d in report.verdict.diagnostics if d.rule == "unused-waiver")
    assert found.span.line > 8


def test_an_unused_expired_waiver_is_reported_once() -> None:
    report = judged(
        waiver(), now="2026-05-01T12:00:00+02:00", header={"urgency": "low"}
    )
    assert errors(report) == [("schemas/policy/waivers.yaml", "expired-waiver")]


def test_a_waiver_does_not_excuse_another_rule_of_its_record() -> None:
    report = judged(waiver(), header={**PRICED, "owner": "nobody-known"})
    assert (RECORD, "unknown-person") in errors(report)
    assert len(report.waived) == 2


def summed_up(report: Report) -> list[str]:
    """Give the lines of the daily summary about waivers."""
    sections = summed(report, date(2026, 4, 22)).sections
    (section,) = (s for s in sections if s.name == "waivers_used")
    return [entry.what for entry in section.entries]


TWO = "two_approvers_above:\n  EUR: 2500000\n  USD: 2500000"


@pytest.mark.parametrize(
    ("limit", "approvers", "is_excused"),
    [
        ("{EUR: 90000}", "priya-venkat", True),
        ("{EUR: 89999}", "priya-venkat", False),
        ("{EUR: 89999}", "priya-venkat, oskar-feld", False),
        ("{EUR: 89999}", "priya-venkat, ines-moreau", True),
        ("{USD: 9999999}", "priya-venkat", False),
        ("{}", "priya-venkat", False),
    ],
)
def test_a_large_deal_needs_two_who_may_approve(
    limit: str, approvers: str, *, is_excused: bool
) -> None:
    """Ines holds the role as well here; Oskar does not."""
    ines = "    name: Ines Moreau\n    account: 910001\n    roles:\n"
    role = "      - role: approver\n        since: 2026-01-01\n"
    text = waiver().replace("[priya-venkat]", f"[{approvers}]")
    changes = {
        "waivers.yaml": {
            "waivers: []": f"waivers:\n{text}",
            TWO: f"two_approvers_above: {limit}",
        },
        "people.yaml": {ines: ines + role},
    }
    report = report_of({"after": "opened", "header": PRICED, "policy": changes}, NOON)
    assert bool(report.waived) == is_excused
    assert ("unapproved-waiver" in {rule for _, rule in errors(report)}) != is_excused
    assert summed_up(report) == [
        f"premature-field until 2026-04-22: Published already (approved by {approvers})"
    ] * bool(is_excused)


@pytest.mark.parametrize(
    ("owner", "is_excused"), [("dana-okafor", False), ("rui-tanaka", True)]
)
def test_nobody_excuses_a_deal_of_their_own(owner: str, *, is_excused: bool) -> None:
    """Dana holds the role, but the deal is hers unless its header says otherwise."""
    text = waiver().replace("owner: dana-okafor", "owner: rui-tanaka")
    text = text.replace("[priya-venkat]", "[dana-okafor]")
    report = judged(text, header={**PRICED, "owner": owner})
    assert bool(report.waived) == is_excused


def test_an_unapproved_waiver_opens_no_stage() -> None:
    """What skips a stage must be excused before the deal is folded."""
    jump = {
        "after": "opened",
        "events": [
            {"audit-completed": "2026-04-20T10:00:00+02:00", "evidence": "List"}
        ],
    }
    rule = waiver("skipped-transition")
    stages = []
    for owner in ("dana-okafor", "priya-venkat"):
        text = rule.replace("owner: dana-okafor", f"owner: {owner}")
        changes = {"waivers.yaml": {"waivers: []": f"waivers:\n{text}"}}
        (status,) = report_of({**jump, "policy": changes}, NOON).statuses
        stages.append(status.stage.name)
    assert stages == ["audit", "lead"]
