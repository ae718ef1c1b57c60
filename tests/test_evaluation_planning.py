"""Which promises and risks have a step, and which severities need one."""

import pytest

from handoff.evaluation.planning import unplanned_promises, unplanned_risks

PACKET = {"promises": ["P1"], "risks": ["R1", "R2"], "milestones": [{"id": "M1"}]}
DEAL = {
    "risks": [{"id": "R1", "severity": "high"}, {"id": "R2", "severity": "low"}],
    "events": [{"event": "opened"}],
}
GRAVE = {"high", "critical"}


def test_what_nobody_names_is_unplanned() -> None:
    assert list(unplanned_promises(PACKET, DEAL)) == [(("promises", 0), "P1")]
    assert list(unplanned_risks(PACKET, DEAL, GRAVE)) == [(("risks", 0), "R1")]


@pytest.mark.parametrize(
    ("packet", "deal"),
    [
        ({"milestones": [{}, {"promises": ["P1"], "risks": ["R1"]}]}, {}),
        ({}, {"events": [{"next": {"promises": ["P1"], "risks": ["R1"]}}, {}]}),
    ],
)
def test_a_milestone_or_a_next_action_is_a_step(
    packet: dict[str, object], deal: dict[str, object]
) -> None:
    assert list(unplanned_promises(PACKET | packet, DEAL | deal)) == []
    assert list(unplanned_risks(PACKET | packet, DEAL | deal, GRAVE)) == []


def test_policy_decides_which_risks_need_a_step() -> None:
    assert list(unplanned_risks(PACKET, DEAL, ())) == []
    assert [n for _, n in unplanned_risks(PACKET, DEAL, {"low"})] == ["R2"]


def test_risks_of_an_unknown_opportunity_are_not_judged() -> None:
    assert list(unplanned_risks(PACKET, {}, GRAVE)) == []
