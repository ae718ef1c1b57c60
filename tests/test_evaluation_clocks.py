"""What every reading of every clock keeps to, whatever happened to the deal."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings

from handoff.evaluation.ladder import levels_of
from handoff.evaluation.reading import LIVE, Reading, State
from handoff.model.calendar import elapsed
from handoff.model.instant import format_instant
from support.scenarios import (
    Told,
    files_of,
    instant_of,
    moment_at_random,
    policy_of,
    report_of,
    report_on,
    told_at_random,
)

DONE = {State.MET, State.MET_LATE, State.CANCELLED}
ONGOING = {"after": "closed-won"}


@settings(deadline=None, max_examples=150)
@given(told_at_random(), moment_at_random())
def test_every_reading_is_coherent(told: Told, now: str) -> None:
    report = report_of(told, now)
    names = {clock.name for clock in report.policy.clocks}
    for status in report.statuses:
        read = {(r.clock.name, r.cycle) for r in report.readings}
        cycles = range(1, len(status.deal.cycles) + 1)
        assert read == {(name, cycle) for name in names for cycle in cycles}
    for reading in report.readings:
        _is_coherent(reading, now)


def _is_coherent(reading: Reading, now: str) -> None:
    instant = instant_of(now)
    assert reading.owner
    if reading.state in {State.NOT_STARTED, State.NOT_APPLICABLE, State.UNKNOWN}:
        assert reading.reason
        assert (reading.due, reading.breached_at, reading.overrun) == (None, None, None)
        return
    assert reading.elapsed is not None
    assert reading.elapsed >= timedelta()
    assert (reading.stopped is not None) == (reading.state in DONE)
    assert (reading.overrun is not None) == reading.is_breached
    ended = reading.stopped or instant
    assert ended <= instant
    assert reading.is_breached == (reading.due is not None and ended > reading.due)
    if reading.state in {State.MET, State.MET_LATE}:
        assert (reading.state is State.MET_LATE) == reading.is_breached


@settings(deadline=None, max_examples=60)
@given(told_at_random())
def test_a_clock_that_ended_reads_the_same_ever_after(told: Told) -> None:
    early, late = (
        [(r.clock.name, r.cycle, r.state, r.elapsed, r.overrun) for r in readings]
        for readings in (
            report_of(told, "2026-07-01T12:00:00Z").readings,
            report_of(told, "2026-12-01T12:00:00Z").readings,
        )
    )
    assert [r for r in early if r[2] in DONE] == [r for r in late if r[2] in DONE]


@settings(deadline=None, max_examples=60)
@given(moment_at_random())
def test_elapsed_and_remaining_are_the_budget(now: str) -> None:
    for reading in report_of(ONGOING, now).readings:
        if reading.state in LIVE and reading.budget and not reading.is_breached:
            assert reading.elapsed is not None
            assert reading.remaining == reading.budget - reading.elapsed


def test_a_clock_added_to_policy_is_read_without_code() -> None:
    added = (
        "clocks:\n  - name: kickoff-held\n    summary: Met within a week.\n"
        "    start:\n      - event: closed-won\n    stop: [kickoff-held]\n"
        "    target:\n      within: 7d\n    calendar: always\n    at_risk: 50\n"
        "    owner: ceo\n"
    )
    told = {**ONGOING, "policy": {"clocks.yaml": {"clocks:\n": added}}}
    report = report_of(told, "2026-04-25T12:00:00+02:00")
    reading = next(r for r in report.readings if r.clock.name == "kickoff-held")
    assert (reading.state, reading.owner) == (State.AT_RISK, "oskar-feld")
    assert reading.due == instant_of("2026-04-28T12:00:00+02:00")


def test_why_a_clock_does_not_apply_is_said() -> None:
    written = {
        "after": "proposal-sent",
        "events": [
            {
                "closed-won": "2026-04-21T12:00:00+02:00",
                "commitment": "written",
                "sow": "signed",
                "expected_signature_on": "",
            },
        ],
    }
    readings = report_of(written, "2026-04-21T13:00:00+02:00").readings
    reasons = {r.clock.name: r.reason for r in readings}
    assert reasons["sow-signed"] == "commitment is written, expected verbal"
    assert reasons["sow-sent"] == (
        "commitment is written, expected verbal; sow is signed, expected not-sent"
    )


def test_the_reason_of_a_pause_says_since_when() -> None:
    told = {
        "after": "proposal-sent",
        "events": [{"paused": "2026-04-10T12:00:00+02:00"}],
    }
    readings = report_of(told, "2026-04-12T12:00:00+02:00").readings
    reading = next(r for r in readings if r.clock.name == "proposal-follow-up")
    since = format_instant(instant_of("2026-04-10T12:00:00+02:00"))
    assert reading.reason == f"on hold since {since}"


def test_policy_knows_the_clocks_of_the_contract() -> None:
    assert {clock.name for clock in policy_of({}).clocks} == {
        "packet-filed",
        "deal-announced",
        "packet-acknowledged",
        "sow-sent",
        "sow-signed",
        "delivery-window",
        "next-action",
        "proposal-follow-up",
        "proposal-decision",
    }


@settings(deadline=None, max_examples=40)
@given(told_at_random(), moment_at_random())
def test_a_clock_in_two_equal_versions_reads_the_same(told: Told, now: str) -> None:
    """The versions meet in the middle of what is made up."""
    one, day = policy_of({}), date(2026, 4, 20)
    older = tuple(replace(clock, until=day) for clock in one.clocks)
    newer = tuple(replace(c, since=day + timedelta(days=1)) for c in one.clocks)
    two = replace(one, clocks=(*older, *newer))
    first, second = (report_on(files_of(told), p, now).readings for p in (one, two))
    assert Counter(map(_said, first)) == Counter(map(_said, second))


def _said(reading: Reading) -> object:
    instants = (reading.started, reading.due, reading.breached_at, reading.stopped)
    state = (reading.clock.name, reading.cycle, reading.state, reading.reason)
    return (*state, *instants, reading.elapsed, reading.overrun)


@settings(deadline=None, max_examples=60)
@given(told_at_random(), moment_at_random())
def test_the_steps_of_a_ladder_count_like_its_target(told: Told, now: str) -> None:
    policy = policy_of({})
    for reading in report_of(told, now).readings:
        levels = levels_of(reading, policy)
        instants = [level.at for level in levels if level.at]
        assert instants == sorted(instants)
        for level, rung in zip(levels, reading.clock.ladder, strict=bool(levels)):
            if level.at and reading.due:
                calendar, pauses = reading.clock.calendar, reading.pauses
                after = elapsed(calendar, reading.due, level.at, pauses)
                assert after == rung.offset
