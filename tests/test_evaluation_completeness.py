"""Completeness by machine, quality by the receiver: two numbers, never one."""

import pytest

from handoff.document.document import read_document
from handoff.evaluation.completeness import Completeness, Scorecard, score
from handoff.model.identity import parse_path
from handoff.records.record import Draft, Opportunity
from support.records import OPPORTUNITY, PACKET, base, report, shipped_policy

_QUALITY = (
    "quality:\n  by: ines-moreau\n  context: 7\n  commitments: 6\n"
    "  scope: 8\n  risks: 5\n  people: 4\n"
)
_EXTENDED = """\
extended:
  decision_maker: Mina Castellanos
  champion: TBD
  renewal:
    on: 2027-04-21
  open_tickets: []
  stakeholders:
    - name: Mina Castellanos
      attitude: supports
  not_applicable:
    - part: crm_links
      reason: This customer is not in the CRM
    - part: account_team
      reason: "?"
    - part: champion
      reason: Somebody else will tell
"""


def _card(*edits: tuple[str, str], known: bool = True) -> Scorecard:
    """Measure the base packet after some replacements, by every profile."""
    text = base()[PACKET]
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    document, findings = read_document(PACKET, text.encode())
    identity = parse_path(PACKET)
    assert document, findings
    assert identity
    opportunity = _opportunity() if known else None
    policy = shipped_policy()
    draft = Draft(identity, document)
    return score(draft, opportunity, policy, policy.profiles.values(), rev="memory")


def _opportunity() -> Opportunity:
    register = report({OPPORTUNITY: base()[OPPORTUNITY]}).register
    return next(iter(register.opportunities.values()))


def _own(*edits: tuple[str, str], known: bool = True) -> Completeness:
    return _card(*edits, known=known).completeness[0]


def _gaps(measured: Completeness) -> dict[str, str]:
    return {part.name: part.gap for part in measured.missing}


def test_a_valid_packet_is_complete() -> None:
    own = _own(("payment: ", "kickoff_target_on: 2026-04-28\npayment: "))
    assert (own.percent, own.missing, own.excused) == (100, (), ())
    assert own.reached == own.possible > 0


@pytest.mark.parametrize(
    ("old", "new", "part", "gap"),
    [
        ("payment: invoiced\n", "", "payment", "is missing"),
        ("payment: invoiced", "payment:", "payment", "is empty"),
        ("payment: invoiced", "payment: later", "payment", "is not a valid value"),
        ("  signed_on: 2026-04-21\n", "", "sow", "lacks `signed_on`"),
        ("status: signed", "status: verbal", "sow", "lacks `expected_on`"),
        ("start_on: 2026-05-04", "start_on: soon", "delivery_window", "is not a valid"),
        ("promises: [P1]\nrisks", "promises: []\nrisks", "promises", "lacks `P1`"),
        ("risks: [R1]", "risks: [R2]", "risks", "lacks `R1`"),
        ("    promises: [P1]\n", "", "milestones", "lacks `P1`"),
        ("    risks:\n      - R1\n", "", "milestones", "lacks `R1`"),
        ("Draft findings sent", "TBD", "milestones", "says `TBD`"),
        ("title: Head of Partnerships", "title: '{title}'", "primary_contact", "says"),
        ('"Leads die in a mailbox."', "TBD", "Problem statement", "says `TBD`"),
        ("## Red flags\n\nNone: they answer the same day.\n", "", "Red flags", "is m"),
        ("None: they answer the same day.", "None.", "Red flags", "says nothing"),
    ],
)
def test_a_part_counts_as_a_whole(old: str, new: str, part: str, gap: str) -> None:
    whole, own = _own(), _own((old, new))
    assert _gaps(own).keys() - _gaps(whole).keys() == {part}
    assert _gaps(own)[part].startswith(gap)
    (missing,) = (each for each in own.missing if each.name == part)
    assert own.reached == whole.reached - missing.weight
    assert own.possible == whole.possible


def test_the_weightiest_gap_comes_first() -> None:
    own = _own(("payment: invoiced\n", ""), ("risks: [R1]", "risks: []"))
    weights = [part.weight for part in own.missing]
    assert weights == sorted(weights, reverse=True)
    assert own.missing[0].name == "risks"


def test_what_a_deal_does_not_have_is_not_counted() -> None:
    whole, own = _own(), _own(("- Read access to the partner portal", "[]"))
    (excused,) = own.excused
    assert (excused.name, excused.excuse) == (
        "needed_access",
        "there is nothing to list",
    )
    assert own.possible == whole.possible - excused.weight


def test_without_its_opportunity_an_empty_list_is_not_judged() -> None:
    own = _own(("risks: [R1]", "risks: []"), known=False)
    assert [part.name for part in own.excused] == ["risks"]


def test_one_hundred_percent_means_nothing_is_missing() -> None:
    own = _own()
    assert [part.name for part in own.missing] == ["kickoff_target_on"]
    assert own.percent == 100 * own.reached // own.possible == 98


def test_extended_parts_are_measured_apart() -> None:
    card = _card(("filed:\n", f"{_EXTENDED}filed:\n"))
    own, extended = card.completeness
    assert own == _own()
    gaps = _gaps(extended)
    assert gaps["champion"].startswith("says `TBD`")
    assert gaps["renewal"] == "lacks `contact`"
    assert gaps["account_team"] == "is missing"
    assert gaps.keys().isdisjoint({"decision_maker", "stakeholders", "crm_links"})
    excused = {part.name: part.excuse for part in extended.excused}
    assert excused == {"crm_links": "This customer is not in the CRM"}
    assert "not_applicable" not in {part.name for part in extended.parts}


def test_without_an_extended_group_all_of_it_is_missing() -> None:
    _, extended = _card().completeness
    assert (extended.percent, extended.reached) == (0, 0)
    assert len(extended.missing) == len(extended.parts) == 13


def test_quality_is_the_receivers_and_changes_no_completeness() -> None:
    card = _card(("filed:\n", f"{_QUALITY}filed:\n"))
    assert card.quality
    assert (card.quality.by, card.quality.total) == ("ines-moreau", 30)
    assert card.quality.possible == 40
    assert list(card.quality.scores.values()) == [7, 6, 8, 5, 4]
    assert card.completeness == _card().completeness


@pytest.mark.parametrize("wrong", ["people: 9", "people: many", "people: TBD"])
def test_a_rubric_with_a_mistake_is_no_rubric(wrong: str) -> None:
    rubric = _QUALITY.replace("people: 4", wrong)
    assert _card(("filed:\n", f"{rubric}filed:\n")).quality is None


def test_every_weight_of_a_profile_is_one_of_its_parts() -> None:
    policy = shipped_policy()
    for measured in _card().completeness:
        parts = {part.name for part in measured.parts}
        weighed = {n for n, weight in measured.profile.weights.items() if weight}
        assert weighed <= parts
        assert policy.profiles[measured.profile.name] == measured.profile
