"""What policy only tries out is judged and counted apart, and enforced nowhere."""

from dataclasses import replace

import pytest

from handoff.evaluation.reading import State
from support.scenarios import Told, report_of

NOW = "2026-04-22T12:00:00+02:00"
LATE: Told = {"after": "closed-won"}
SEVERITIES = "severities:\n"
UNFILED = f"shadow: [%s]\n{SEVERITIES}"


def shadowed(rule: str, told: Told = LATE) -> Told:
    return {**told, "policy": {"severities.yaml": {SEVERITIES: UNFILED % rule}}}


def test_a_rule_in_the_shadow_fails_nothing_and_is_counted_apart() -> None:
    refused = {"events": [{"closed-won": "2026-04-21T12:00:00+02:00"}]}
    before = report_of(refused, NOW)
    assert [d.rule for d in before.verdict.diagnostics if d.severity == "error"] == [
        "skipped-transition"
    ]
    after = report_of(shadowed("skipped-transition", refused), NOW)
    assert [d.rule for d in after.verdict.shadow] == ["skipped-transition"]
    assert not after.verdict.failed
    assert before.statuses[0].stage.name != after.statuses[0].stage.name == "closed-won"


def test_a_packet_counts_as_filed_in_spite_of_a_rule_in_the_shadow() -> None:
    packet = {
        "filed": "2026-04-21T13:00:00+02:00",
        "sections": {"Red flags": "TBD"},
    }
    told = {**LATE, "packets": [packet]}
    states = []
    for deal in (told, shadowed("placeholder-text", told)):
        readings = report_of(deal, NOW).readings
        states += [r.state for r in readings if r.clock.name == "packet-filed"]
    assert states == [State.AT_RISK, State.MET]


@pytest.mark.parametrize("rule", ["no-such-rule", "rewritten-event"])
def test_the_shadow_names_rules_that_may_be_there(rule: str) -> None:
    report = report_of(shadowed(rule), NOW)
    (found,) = [d for d in report.verdict.diagnostics if d.path.endswith("ies.yaml")]
    assert found.rule == "unknown-policy-name"
    assert f"`{rule}`" in found.message


def test_a_clock_in_the_shadow_is_read_apart() -> None:
    trial = "  - name: packet-filed\n    shadow: true\n"
    policy = {"clocks.yaml": {"  - name: packet-filed\n": trial}}
    ordinary, tried = report_of(LATE, NOW), report_of({**LATE, "policy": policy}, NOW)
    assert not ordinary.shadow
    (apart,) = tried.shadow
    assert apart.is_breached
    (same,) = [r for r in ordinary.readings if r.clock.name == "packet-filed"]
    clock = replace(apart.clock, is_shadow=False)
    assert replace(apart, clock=clock, deal=same.deal) == same
    assert "packet-filed" not in {r.clock.name for r in tried.readings}
