"""Scenarios of stages, gates and clocks; their answers were worked out by hand."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import zip_longest

import pytest

from handoff.evaluation.reading import Reading
from handoff.evaluation.report import Report
from handoff.model.diagnostic import Diagnostic, Severity
from handoff.model.instant import format_instant, parse_instant
from support.scenarios import Told, report_of, scenario, scenario_names

ALWAYS_COMPARED = {"cycle": "1", "breached_at": "none", "overrun": "none"}
"""What a row of `clocks` says where it does not say it."""
MOMENTS = [
    pytest.param(name, number, id=f"{name}@{expected['now']}")
    for name in scenario_names()
    for number, expected in enumerate(scenario(name)["expect"])
]


def test_there_are_scenarios_enough() -> None:
    assert len(scenario_names()) >= 40
    assert all(scenario(name)["says"] for name in scenario_names())


@pytest.mark.parametrize(("name", "number"), MOMENTS)
def test_scenario(name: str, number: int) -> None:
    told = scenario(name)
    expected = dict(told["expect"][number])
    report = report_of(told, expected.pop("now"))
    rows = expected.pop("clocks", [])
    seen = _seen(report)
    assert {key: seen[key] for key in expected} == expected
    assert [d.rule for d in _errors(report)] == expected.get("refused", [])
    wanted = [_row(row) for row in rows]
    assert list(_readings(report, wanted)) == wanted


def _seen(report: Report) -> Mapping[str, object]:
    """Say where the deal is, in the words of a scenario."""
    refused = [d.rule for d in _errors(report)]
    if not report.statuses:
        return {"stage": "none", "refused": refused}
    (status,) = report.statuses
    return {
        "stage": status.stage.name,
        "cycle": str(status.cycle),
        "since": str(status.entered_at),
        "next_stage": status.upcoming.name if status.upcoming else "none",
        "missing": [missing.name for missing in status.missing],
        "next_action": status.next.action if status.next else "none",
        "refused": refused,
    }


def _errors(report: Report) -> Iterator[Diagnostic]:
    found = report.verdict.diagnostics
    return (d for d in found if d.severity is Severity.ERROR)


def _row(row: Told) -> dict[str, str]:
    return {**ALWAYS_COMPARED, **{key: _normal(value) for key, value in row.items()}}


def _normal(text: str) -> str:
    instant = parse_instant(text)
    return format_instant(instant) if instant else text


def _readings(
    report: Report,
    wanted: list[dict[str, str]],
) -> Iterator[dict[str, str]]:
    """Read the clocks that are asked about, each as often as it gives readings."""
    asked = dict.fromkeys((row["clock"], row["cycle"]) for row in wanted)
    for clock, cycle in asked:
        rows = [r for r in wanted if (r["clock"], r["cycle"]) == (clock, cycle)]
        readings = [
            r
            for r in report.readings
            if r.clock.name == clock and str(r.cycle) == cycle
        ]
        for reading, row in zip_longest(readings, rows):
            told = _told(reading) if reading else {}
            yield {key: told.get(key, "no reading") for key in row or told}


def _told(reading: Reading) -> dict[str, str]:
    return {
        "clock": reading.clock.name,
        "cycle": str(reading.cycle),
        "state": reading.state.value,
        "reason": reading.reason or "none",
        "owner": reading.owner,
        "started": _instant(reading.started),
        "stopped": _instant(reading.stopped),
        "due": _instant(reading.due),
        "original_due": _instant(reading.original_due),
        "breached_at": _instant(reading.breached_at),
        "elapsed": _or_none(reading.elapsed),
        "remaining": _or_none(reading.remaining),
        "overrun": _or_none(reading.overrun),
    }


def _instant(instant: datetime | None) -> str:
    return format_instant(instant) if instant else "none"


def _or_none(value: object) -> str:
    return "none" if value is None else str(value)
