"""What must not change what is said of a deal: zones, key order, others, the future."""

import re
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.document.rendering import render_record
from handoff.evaluation.reading import Reading
from handoff.evaluation.report import Report
from handoff.evaluation.status import Status
from support.scenarios import (
    files_of,
    front_matter,
    policy_of,
    report_of,
    report_on,
    scenario,
    scenario_names,
)

INSTANT = re.compile(r"[0-9-]{10}T[0-9:.]+(?:Z|[+-][0-9]{2}:[0-9]{2})")
SCENARIOS = st.sampled_from(scenario_names())
OTHER = """\
---
schema: opportunity/v1
company: Copper Finch
owner: rui-tanaka
source: Web form
events:
  - {event: opened, at: 2026-03-02T09:00:00+01:00, by: rui-tanaka}
---
"""
ID = "zephyr-kites"
PLACED = {"deal", "start", "stop", "grounds"}


def said(report: Report) -> object:
    """Tell all that is said of the scenario's deal, without where it is written."""
    statuses = [_status(s) for s in report.statuses if s.id.startswith(ID)]
    readings = [r for r in report.readings if r.record.startswith(ID)]
    return statuses, [_reading(reading) for reading in readings]


def _reading(reading: Reading) -> object:
    """Tell a reading, without the facts it rests on and where they are written."""
    names = {field.name for field in fields(reading)} - PLACED
    return {name: getattr(reading, name) for name in sorted(names)}


def _status(status: Status) -> object:
    """Tell a status, without how it is written and the errors of a packet."""
    missing = [each for each in status.missing if each.what != "packet"]
    current = (status.stage.name, status.cycle, status.entered_at)
    planned = replace(status.next, due="") if status.next else None
    return current, planned, status.upcoming, missing


def said_of(name: str, files: Mapping[str, str], now: str) -> object:
    return said(report_on(files, policy_of(scenario(name)), now))


def last_now(name: str) -> str:
    return str(scenario(name)["expect"][-1]["now"])


@settings(deadline=None, max_examples=80)
@given(SCENARIOS, st.integers(-56, 56))
def test_the_zone_an_instant_is_written_in_is_no_matter(name: str, k: int) -> None:
    zone = timezone(timedelta(minutes=15 * k)) if k else UTC
    files = files_of(scenario(name))
    moved = {path: INSTANT.sub(_in(zone), text) for path, text in files.items()}
    now = last_now(name)
    assert said_of(name, moved, now) == said_of(name, files, now)


def _in(zone: timezone) -> Callable[[re.Match[str]], str]:
    def rewrite(found: re.Match[str]) -> str:
        return datetime.fromisoformat(found[0]).astimezone(zone).isoformat()

    return rewrite


@settings(deadline=None, max_examples=60)
@given(SCENARIOS, st.randoms(use_true_random=False))
def test_the_order_of_keys_is_no_matter(name: str, random: Random) -> None:
    files = files_of(scenario(name))
    shuffled = {path: _shuffled(text, random) for path, text in files.items()}
    now = last_now(name)
    assert said_of(name, shuffled, now) == said_of(name, files, now)


def _shuffled(text: str, random: Random) -> str:
    header, body = front_matter(text)
    mixed = _mix(header, random)
    assert isinstance(mixed, dict)
    return render_record(mixed, body)


def _mix(value: object, random: Random) -> object:
    if isinstance(value, list):
        return [_mix(entry, random) for entry in value]
    if not isinstance(value, dict):
        return value
    keys = random.sample(list(value), len(value))
    return {key: _mix(value[key], random) for key in keys}


@settings(deadline=None, max_examples=60)
@given(SCENARIOS)
def test_another_record_changes_nothing(name: str) -> None:
    files = files_of(scenario(name))
    other = {"opportunities/2026/03/copper-finch-2026-03-02.md": OTHER}
    broken = {"handoffs/2026/03/assessment-copper-finch-2026-03-02.md": "broken\n"}
    now = last_now(name)
    alone = said_of(name, files, now)
    assert said_of(name, {**files, **other, **broken}, now) == alone


@settings(deadline=None, max_examples=120)
@given(SCENARIOS, st.integers(0, 20))
def test_what_is_later_does_not_exist(name: str, number: int) -> None:
    """Evaluating as of a moment is evaluating what had been written by then."""
    files = files_of(scenario(name))
    (path,) = (p for p in files if p.startswith("opportunities/"))
    header, body = front_matter(files[path])
    events = header["events"]
    event = events[number % len(events)]
    if "at" not in event or any("recorded_at" in e for e in events):
        return
    now = event["at"]
    later = (place for place, e in enumerate(events) if not _is_by(e, now))
    kept = events[: next(later, len(events))]
    past = {p: _written_by(text, now) for p, text in files.items() if p != path}
    past = {p: text for p, text in past.items() if "\nfiled:" in text}
    past[path] = render_record({**header, "events": kept}, body)
    assert said_of(name, past, now) == said_of(name, files, now)


def _is_by(event: Mapping[str, str], now: str) -> bool:
    at = event.get("at")
    return at is None or datetime.fromisoformat(at) <= datetime.fromisoformat(now)


def _written_by(text: str, now: str) -> str:
    """Take what is later than `now` out of a packet."""
    header, body = front_matter(text)
    kept = dict(header)
    for stamp in ("filed", "acknowledgement"):
        if stamp in kept and not _is_by(kept[stamp], now):
            del kept[stamp]
    returns = [r for r in kept.pop("returns", []) if _is_by(r, now)]
    for entry in returns:
        if "answered" in entry and not _is_by(entry["answered"], now):
            del entry["answered"]
    return render_record(kept | ({"returns": returns} if returns else {}), body)


def test_facts_of_one_instant_stand_events_first() -> None:
    told = {
        "after": "closed-won",
        "packets": [{"filed": "2026-04-21T12:00:00+02:00"}],
    }
    deal = report_of(told, "2026-04-22T12:00:00+02:00").statuses[0].deal
    assert [f.kind for f in deal.facts[-2:]] == ["closed-won", "packet-filed"]


def test_a_reopening_is_the_first_fact_of_its_cycle() -> None:
    deal = report_of(scenario("cycles/reopened-twice"), "2026-05-01T12:00:00Z")
    cycles = deal.statuses[0].deal.cycles
    assert [facts[0].kind for facts in cycles] == ["opened", "reopened", "reopened"]
