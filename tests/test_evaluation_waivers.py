"""Waivers: one rule, one record, up to and including the last day."""

import pytest

from handoff.evaluation.report import Report
from handoff.model.diagnostic import Severity
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
