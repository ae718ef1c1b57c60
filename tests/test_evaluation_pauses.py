"""Pauses as intervals of a record."""

from itertools import pairwise

import pytest
from hypothesis import given, settings

from handoff.evaluation.pauses import FOLLOW_UP, pauses_of
from handoff.model.intervals import Interval
from support.scenarios import Told, instant_of, policy_of, report_of, told_at_random

LATE = "2026-09-01T12:00:00+02:00"
POLICY = policy_of({})
BOTH = frozenset({"proposal", FOLLOW_UP})


def pauses(told: Told, wanted: frozenset[str] = BOTH) -> tuple[Interval, ...]:
    (status,) = report_of(told, LATE).statuses
    return pauses_of(status.deal, wanted, POLICY)


def logged(*events: Told) -> Told:
    return {"after": "proposal-sent", "events": events}


def paused(day: int, what: str = FOLLOW_UP) -> Told:
    return {"paused": f"2026-04-{day}T12:00:00Z", "what": what}


def resumed(day: int, what: str = FOLLOW_UP) -> Told:
    return {"resumed": f"2026-04-{day}T12:00:00Z", "what": what}


def interval(start: int, end: int | None) -> Interval:
    last = instant_of(f"2026-04-{end}T12:00:00Z") if end else None
    return Interval(instant_of(f"2026-04-{start}T12:00:00Z"), last)


@settings(deadline=None, max_examples=80)
@given(told_at_random())
def test_pauses_are_disjoint_and_in_order(told: Told) -> None:
    found = pauses(told)
    for earlier, later in pairwise(found):
        assert earlier.until < later.start
    assert all(pause.start < pause.until for pause in found)


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([], []),
        ([resumed(10)], []),
        ([paused(10)], [(10, None)]),
        ([paused(10), resumed(12)], [(10, 12)]),
        ([paused(10), resumed(10)], []),
        ([paused(10), paused(11), resumed(12)], [(10, 12)]),
        ([paused(10), resumed(12), resumed(13)], [(10, 12)]),
        ([paused(10), resumed(12), paused(12), resumed(14)], [(10, 14)]),
        ([paused(10), resumed(12), paused(13)], [(10, 12), (13, None)]),
        (
            [paused(10), paused(11, "proposal"), resumed(12), resumed(14, "proposal")],
            [(10, 14)],
        ),
        ([paused(10), resumed(12, "proposal")], [(10, None)]),
    ],
)
def test_union(events: list[Told], expected: list[tuple[int, int | None]]) -> None:
    assert pauses(logged(*events)) == tuple(interval(*pair) for pair in expected)


def test_only_what_is_wanted() -> None:
    told = logged(paused(10), paused(11, "proposal"))
    assert pauses(told, frozenset({"proposal"})) == (interval(11, None),)
    assert pauses(told, frozenset()) == ()


@pytest.mark.parametrize(
    ("consent", "since"),
    [
        ({"status": "given", "since": "2026-03-02"}, None),
        (
            {"status": "given", "since": "2026-03-02", "until": "2026-03-28"},
            "2026-03-29T00:00:00+01:00",
        ),
        (
            {"status": "given", "since": "2026-03-02", "until": "2026-03-29"},
            "2026-03-30T00:00:00+02:00",
        ),
        ({"status": "withdrawn", "since": "2026-04-12"}, "2026-04-13T00:00:00+02:00"),
        ({"status": "unknown", "since": "2026-03-02", "until": "2026-03-29"}, None),
    ],
    ids=str,
)
def test_follow_up_rests_without_consent(consent: Told, since: str | None) -> None:
    contact = {"consent": {"basis": "Web form", **consent}}
    told = {"after": "proposal-sent", "header": {"contact": contact}}
    expected = (Interval(instant_of(since), None),) if since else ()
    assert pauses(told) == expected
    assert pauses(told, frozenset({"proposal"})) == ()


def test_a_renewed_consent_leaves_the_time_without_one_paused() -> None:
    days = {"lapsed_on": "2026-04-10", "since": "2026-04-19", "until": "2027-04-18"}
    consent = {"status": "given", "basis": "Asked again", **days}
    told = {"after": "proposal-sent", "header": {"contact": {"consent": consent}}}
    first, last = "2026-04-11T00:00:00+02:00", "2027-04-19T00:00:00+02:00"
    assert pauses(told) == (
        Interval(instant_of(first), instant_of("2026-04-19T00:00:00+02:00")),
        Interval(instant_of(last), None),
    )
    consent["lapsed_on"] = "2026-04-18"  # renewed without a gap
    assert pauses(told) == (Interval(instant_of(last), None),)


def test_a_pause_belongs_to_the_record_across_cycles() -> None:
    events = (paused(10), {"reopened": "2026-04-12T12:00:00Z", "back_to": "audit"})
    assert pauses(logged(*events, resumed(14))) == (interval(10, 14),)
