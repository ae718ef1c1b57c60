"""The ladder: whom to tell, and when each step falls due."""

from collections.abc import Mapping

import pytest

from handoff.evaluation.ladder import levels_of, reached
from handoff.evaluation.reading import Reading
from handoff.model.instant import format_instant
from handoff.policy.policy import Policy
from support.scenarios import Told, instant_of, policy_of, report_of

_LADDER = """    ladder:
      - after: 0m
        to: deal-owner
      - after: 2h
        to: chief-of-staff
      - after: 6h
        to: ceo
"""
_BEFORE = """    ladder:
      - before: 30h
        to: receiver
      - before: 3h
        to: receiver
      - after: 0m
        to: deal-owner
      - after: 2h
        to: ceo
"""
_ALWAYS = "within: 24h\n    calendar: always\n    at_risk: 75\n    owner: receiver"
_BUSINESS = {_ALWAYS: _ALWAYS.replace("always", "business-hours")}
FILED: Told = {
    "after": "closed-won",
    "packets": [{"filed": "2026-04-21T15:00:00+02:00"}],
}


def told(policy: Mapping[str, str] = {}, **more: object) -> Told:
    return {**FILED, "policy": {"clocks.yaml": policy}, **more}


def reading_of(deal: Told, now: str) -> tuple[Reading, Policy]:
    readings = report_of(deal, now).readings
    (found,) = [r for r in readings if r.clock.name == "packet-acknowledged"]
    return found, policy_of(deal)


def shown(deal: Told, now: str) -> list[tuple[int, str, tuple[str, ...], str | None]]:
    return [
        (
            level.number,
            level.role,
            level.recipients,
            format_instant(level.at) if level.at else None,
        )
        for level in levels_of(*reading_of(deal, now))
    ]


def test_every_step_has_its_instant_whatever_the_time_is() -> None:
    expected = [
        (1, "deal-owner", ("dana-okafor",), "2026-04-22T13:00:00Z"),
        (2, "chief-of-staff", ("priya-venkat",), "2026-04-22T15:00:00Z"),
        (3, "ceo", ("oskar-feld",), "2026-04-22T19:00:00Z"),
    ]
    assert shown(FILED, "2026-04-21T16:00:00+02:00") == expected
    assert shown(FILED, "2026-04-25T16:00:00+02:00") == expected


def test_steps_before_the_due_instant_count_on_the_calendar() -> None:
    """Filed Tuesday 15:00; 24 working hours end Friday 15:00 (Berlin, lunch 13-14)."""
    deal = told({_LADDER: _BEFORE, **_BUSINESS})
    assert [at for *_, at in shown(deal, "2026-04-21T16:00:00+02:00")] == [
        "2026-04-21T13:00:00Z",  # 30 h before would be before the start
        "2026-04-24T09:00:00Z",  # 14-15 and 11-13: three working hours
        "2026-04-24T13:00:00Z",
        "2026-04-24T15:00:00Z",
    ]


def test_a_step_without_anybody_has_no_recipient() -> None:
    deal = told()
    nobody = {"people.yaml": {"role: ceo\n": "role: approver\n"}}
    levels = levels_of(*reading_of({**deal, "policy": nobody}, "2026-04-25T16:00:00Z"))
    assert [level.recipients for level in levels] == [
        ("dana-okafor",),
        ("priya-venkat",),
        (),
    ]


def test_a_pause_without_end_holds_off_what_is_not_yet_due() -> None:
    pausing = {
        "    cancel: [closed-lost, reopened]\n": (
            "    cancel: [closed-lost, reopened]\n    pause: [follow-up]\n"
        )
    }
    events = [{"paused": "2026-04-22T12:00:00+02:00"}]
    deal = told({_LADDER: _BEFORE, **pausing}, events=events)
    assert [at for *_, at in shown(deal, "2026-04-25T12:00:00+02:00")] == [
        "2026-04-21T13:00:00Z",
        "2026-04-22T10:00:00Z",
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("now", "numbers"),
    [
        ("2026-04-22T11:59:59+02:00", [1]),
        ("2026-04-22T12:00:00+02:00", [1, 2]),
        ("2026-04-22T15:00:00+02:00", [1, 2]),
        ("2026-04-22T15:00:01+02:00", [1, 2, 3]),
        ("2026-04-22T17:00:00+02:00", [1, 2, 3, 4]),
    ],
)
def test_reached_by_now(now: str, numbers: list[int]) -> None:
    reading, policy = reading_of(told({_LADDER: _BEFORE}), now)
    found = reached(reading, policy, instant_of(now))
    assert [level.number for level in found] == numbers


def test_nothing_is_reached_after_the_stop() -> None:
    packet = {
        **FILED["packets"][0],
        "acknowledgement": {"at": "2026-04-22T16:00:00+02:00"},
    }
    reading, policy = reading_of(told(packets=[packet]), "2026-04-30T12:00:00Z")
    found = reached(reading, policy, instant_of("2026-04-30T12:00:00Z"))
    assert [level.number for level in found] == [1]
    assert len(levels_of(reading, policy)) == 3


def test_a_clock_that_never_started_has_no_steps() -> None:
    reading, policy = reading_of({"after": "closed-won"}, "2026-04-30T12:00:00Z")
    assert levels_of(reading, policy) == ()
