"""Folding facts to a stage: what holds for every deal, and what status says of it."""

from dataclasses import replace
from datetime import date

from hypothesis import given, settings

from handoff.evaluation.deal import Deal
from handoff.evaluation.stages import fold
from handoff.model.instant import UNKNOWN
from support.scenarios import Told, policy_of, report_of, told_at_random

LATE = "2026-09-01T12:00:00+02:00"
POLICY = policy_of({})
TODAY = date(2026, 4, 24)


def deal_of(told: Told) -> Deal:
    return report_of(told, LATE).statuses[0].deal


@settings(deadline=None, max_examples=150)
@given(told_at_random())
def test_any_facts_give_a_stage_of_policy(told: Told) -> None:
    deal = deal_of(told)
    progress = fold(deal, POLICY, TODAY)
    stages = POLICY.pipeline.stages
    assert progress.entries[0].stage == POLICY.pipeline.first
    for entry in progress.entries:
        assert stages[entry.stage.name] == entry.stage
    cycles = [entry.cycle for entry in progress.entries]
    assert cycles == sorted(cycles)
    assert progress.current.cycle <= len(deal.cycles)
    assert progress.upcoming is None or progress.missing


@settings(deadline=None, max_examples=100)
@given(told_at_random())
def test_a_step_is_allowed_or_an_outcome_or_a_return(told: Told) -> None:
    progress = fold(deal_of(told), POLICY, TODAY)
    undoing = {POLICY.pipeline.returns_by, POLICY.pipeline.reopens_by}
    for before, entry in zip(progress.entries, progress.entries[1:], strict=False):
        assert entry.fact
        if entry.fact.kind not in undoing:
            is_outcome = entry.stage.is_outcome
            assert is_outcome or before.stage.name in entry.stage.sources


@settings(deadline=None, max_examples=50)
@given(told_at_random())
def test_a_prefix_of_the_facts_grants_a_prefix_of_the_stages(told: Told) -> None:
    deal = deal_of(told)
    (first, *rest) = deal.cycles
    shorter = replace(deal, cycles=(first[:-1], *rest) if not rest else (first,))
    granted = fold(shorter, POLICY, TODAY).entries
    assert fold(deal, POLICY, TODAY).entries[1 : len(granted)] == granted[1:]


def test_a_deal_without_facts_is_a_lead_of_which_nothing_is_known() -> None:
    deal = replace(deal_of({"after": "opened"}), cycles=((),))
    progress = fold(deal, POLICY, TODAY)
    assert progress.current.stage == POLICY.pipeline.first
    assert progress.current.since == UNKNOWN


def test_a_refusal_says_what_is_missing_in_words_of_people() -> None:
    told = {"after": "discovery-held", "sections": {"Audit evidence": "None"}}
    (status,) = report_of(told, LATE).statuses
    assert [(m.what, m.message) for m in status.missing] == [
        ("section", "section `Audit evidence` says nothing, and not why"),
        ("event", f"event `audit-completed`: {_meaning('audit-completed')}"),
    ]


def _meaning(kind: str) -> str:
    return POLICY.schemas.event_meaning(kind).rstrip(".")


def test_days_in_stage_are_whole_days() -> None:
    report = report_of({"after": "qualified"}, "2026-03-07T08:59:59+01:00")
    assert report.statuses[0].days_in_stage(report.now) == 1


def test_a_next_action_is_overdue_after_its_instant_not_at_it() -> None:
    action = {"action": "Call", "owner": "rui-tanaka", "due": "2026-03-05"}
    told = {"events": [{"opened": "2026-03-02T09:00:00+01:00", "next": action}]}
    for now, is_overdue in (
        ("2026-03-06T00:00:00+01:00", False),
        ("2026-03-06T00:00:00.000001+01:00", True),
    ):
        report = report_of(told, now)
        assert report.statuses[0].is_overdue(report.now) == is_overdue
