"""The referee: clock cases whose answers were worked out by hand."""

import json
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from handoff.evaluation.clocks import read_clocks
from handoff.evaluation.deal import Deal
from handoff.evaluation.reading import Reading
from handoff.policy.policy import Policy, load_policy
from handoff.records.fact import Fact, read_fact
from handoff.records.record import Opportunity
from handoff.repository.snapshot import MemorySnapshot
from support.scenarios import (
    ROOT,
    Told,
    files_of,
    instant_of,
    load_files,
    policy_of,
    read_yaml,
)

TABLE = read_yaml(ROOT / "tests" / "referee.yaml")
CASES = [
    pytest.param(group, case, id=f"{group['about']}: {case['says']}")
    for group in TABLE["groups"]
    for case in group["cases"]
]
ORDINARY = {
    "name": "judged",
    "summary": "What the referee judges.",
    "owner": "deal-owner",
}
FIELDS = {
    "paused": {"what": "follow-up", "reason": "timing"},
    "resumed": {"what": "follow-up"},
}
UNITS = {"h": 3600, "m": 60, "s": 1}
FOLDER = Path("schemas") / "policy"


@cache
def shipped() -> Mapping[str, bytes]:
    paths = (p for p in (ROOT / "schemas").rglob("*") if p.is_file())
    return {p.relative_to(ROOT).as_posix(): p.read_bytes() for p in paths}


def policy_for(group: Told) -> Policy:
    """Load a policy of nothing but the group's clocks and the table's calendars."""
    clocks = {"clocks": [{**ORDINARY, **clock} for clock in group["clocks"]]}
    if "enforced_from" in group:
        clocks["enforced_from"] = group["enforced_from"]
    calendars = {"zone": "Europe/Berlin", "calendars": TABLE["calendars"]}
    texts = {"clocks": clocks, "calendars": calendars}
    written = {
        (FOLDER / f"{name}.yaml").as_posix(): json.dumps(text).encode()
        for name, text in texts.items()
    }
    policy, found = load_policy(MemorySnapshot({**shipped(), **written}))
    assert policy, found
    return policy


@cache
def _opportunity() -> Opportunity:
    told = {"after": "opened"}
    register = load_files(files_of(told), policy_of(told))
    (found,) = register.opportunities.values()
    return found


def deal_of(case: Told, policy: Policy) -> Deal:
    """Build a deal of nothing but facts, split where it was reopened."""
    opportunity = _opportunity()
    header: dict[str, Any] = deepcopy(dict(opportunity.header))
    for key, value in case.get("header", {}).items():
        header.pop(key)
        header |= {key: value} if value else {}
    cycles: list[tuple[Fact, ...]] = [()]
    for place, told in enumerate(case["facts"]):
        fact = _fact(told, place, policy)
        cycles += [()] if fact.kind == "reopened" else []
        cycles[-1] += (fact,)
    return Deal(replace(opportunity, header=header), (), tuple(cycles))


def _fact(told: Told, place: int, policy: Policy) -> Fact:
    (kind, when), *rest = told.items()
    at = "at" if "T" in when else "on"
    fields = {"by": "dana-okafor", at: when, **FIELDS.get(kind, {}), **dict(rest)}
    pointer = ("events", place)
    return read_fact(fields, "x.md", pointer, policy.zone, kind)


def said(reading: Reading, keys: set[str]) -> dict[str, object]:
    told = {
        "cycle": str(reading.cycle),
        "state": reading.state.value,
        "due": reading.due,
        "elapsed": reading.elapsed,
        "overrun": reading.overrun,
        "breached_at": reading.breached_at,
        "threshold": reading.threshold or None,
        "reason": reading.reason,
    }
    return {key: told[key] for key in keys}


def wanted(row: Told) -> dict[str, object]:
    told: dict[str, object] = {
        "cycle": "1",
        "due": None,
        "elapsed": None,
        "overrun": None,
        "breached_at": None,
        "threshold": None,
    }
    return told | {key: _value(key, text) for key, text in row.items()}


def _value(key: str, text: str) -> str | datetime | timedelta:
    if key in {"due", "breached_at"}:
        return instant_of(text)
    return _length(text) if key in {"elapsed", "overrun"} else text


def _length(text: str) -> timedelta:
    parts = re.findall(r"([0-9]+)([hms])", text)
    return timedelta(seconds=sum(int(n) * UNITS[unit] for n, unit in parts))


def test_there_are_cases_enough() -> None:
    assert len(CASES) >= 60


def test_the_table_knows_no_other_keys() -> None:
    known = {"says", "facts", "now", "is", "header"}
    cases = (case for group in TABLE["groups"] for case in group["cases"])
    assert all(set(case) <= known for case in cases)


@pytest.mark.parametrize(("group", "case"), CASES)
def test_case(group: Told, case: Told) -> None:
    policy = policy_for(group)
    readings = read_clocks(deal_of(case, policy), policy, instant_of(case["now"]))
    expected = [wanted(row) for row in case["is"]]
    seen = list(_seen(readings, expected))
    assert seen == expected


def _seen(
    readings: tuple[Reading, ...], expected: list[dict[str, object]]
) -> Iterator[dict[str, object]]:
    for number, reading in enumerate(readings):
        row = expected[number] if number < len(expected) else wanted({"state": ""})
        yield said(reading, set(row))
