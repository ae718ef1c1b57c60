"""Which fact starts a clock and which ends that run."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from handoff.evaluation.cycles import Cycle
from handoff.evaluation.runs import Run, pair
from handoff.model.instant import UNKNOWN
from handoff.policy.clocks import Clock
from handoff.records.fact import Fact
from support.scenarios import policy_of

CLOCKS = {clock.name: clock for clock in policy_of({}).clocks}
FILING, RECEIVING = CLOCKS["packet-filed"], CLOCKS["packet-acknowledged"]
NEXT, FOLLOWING = CLOCKS["next-action"], CLOCKS["proposal-follow-up"]
PLANNED = {"next": {"action": "Call", "owner": "rui-tanaka", "due": "2026-04-20"}}
UTC = ZoneInfo("UTC")
TODAY = date(2026, 4, 21)
Shown = tuple[str, str | None, bool]


def fact(kind: str, place: int = 0) -> Fact:
    """Make a fact; `kind+` has a next action."""
    fields = PLANNED if kind.endswith("+") else {}
    pointer = ("events", place)
    return Fact(kind.rstrip("+"), UNKNOWN, None, "x", fields, "", pointer)


def told(
    clock: Clock, kinds: Sequence[str], reopening: Fact | None = None
) -> list[Shown]:
    facts = tuple(fact(kind, place) for place, kind in enumerate(kinds))
    return [
        (run.start.kind, run.end.kind if run.end else None, run.is_cancelled)
        for run in runs((clock,), Cycle(facts, reopening=reopening))
    ]


def runs(versions: Sequence[Clock], cycle: Cycle) -> list[Run]:
    return list(pair(versions, cycle, lambda moment: moment.day_in(UTC) or TODAY))


WON, FILED, RETURNED = "closed-won", "packet-filed", "packet-returned"
ACKNOWLEDGED, LOST = "packet-acknowledged", "closed-lost"


@pytest.mark.parametrize(
    ("clock", "kinds", "expected"),
    [
        (FILING, [], []),
        (FILING, ["qualified"], []),
        (FILING, [WON], [(WON, None, False)]),
        (FILING, [WON, WON], [(WON, None, False)]),
        (FILING, [WON, FILED], [(WON, FILED, False)]),
        (FILING, [FILED, WON], [(WON, FILED, False)]),
        (FILING, [WON, LOST], [(WON, LOST, True)]),
        (FILING, [LOST, WON], [(WON, None, False)]),
        (
            FILING,
            [WON, FILED, RETURNED, FILED],
            [(WON, FILED, False), (RETURNED, FILED, False)],
        ),
        (
            FILING,
            [WON, FILED, FILED, RETURNED],
            [(WON, FILED, False), (RETURNED, None, False)],
        ),
        (RECEIVING, [FILED, RETURNED], [(FILED, RETURNED, False)]),
        (
            RECEIVING,
            [FILED, RETURNED, FILED, ACKNOWLEDGED],
            [(FILED, RETURNED, False), (FILED, ACKNOWLEDGED, False)],
        ),
        (
            RECEIVING,
            [FILED, RETURNED, RETURNED, FILED],
            [(FILED, RETURNED, False), (FILED, None, False)],
        ),
        (
            FOLLOWING,
            ["follow-up-made", "proposal-sent"],
            [("proposal-sent", None, False)],
        ),
        (
            FOLLOWING,
            ["proposal-sent", "proposal-sent", "follow-up-made"],
            [
                ("proposal-sent", "proposal-sent", False),
                ("proposal-sent", "follow-up-made", False),
            ],
        ),
        (NEXT, ["opened"], []),
        (NEXT, ["opened+", "qualified"], [("opened", "qualified", False)]),
        (
            NEXT,
            ["opened+", "qualified+"],
            [("opened", "qualified", False), ("qualified", None, False)],
        ),
        (NEXT, ["opened+", FILED, ACKNOWLEDGED], [("opened", None, False)]),
        (NEXT, ["opened+", "closed-lost+"], [("opened", LOST, True)]),
    ],
)
def test_pairs(clock: Clock, kinds: list[str], expected: list[Shown]) -> None:
    assert told(clock, kinds) == expected


def test_a_reopening_ends_what_still_runs_and_starts_nothing() -> None:
    reopening = fact("reopened+", 9)
    assert told(FILING, [WON], reopening) == [(WON, "reopened", True)]
    assert told(FILING, [WON, FILED], reopening) == [(WON, FILED, False)]
    assert told(NEXT, ["opened+"], reopening) == [("opened", "reopened", False)]
    assert told(NEXT, ["opened"], reopening) == []


def test_a_later_proposal_takes_the_place_of_the_one_before() -> None:
    sent = [fact("proposal-sent", place) for place in range(3)]
    found = runs((FOLLOWING,), Cycle(tuple(sent)))
    assert [(run.start, run.end, run.is_superseded) for run in found] == [
        (sent[0], sent[1], True),
        (sent[1], sent[2], True),
        (sent[2], None, False),
    ]


def test_a_start_needs_the_values_policy_names() -> None:
    ((start,),) = CLOCKS["sow-signed"].starts
    verbal = replace(fact(WON), fields={"commitment": "verbal"})
    written = replace(verbal, fields={"commitment": "written"})
    assert start.when == {"commitment": "verbal"}
    found = runs((CLOCKS["sow-signed"],), Cycle((written, verbal)))
    assert [run.start for run in found] == [verbal]
