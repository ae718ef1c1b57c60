"""`handoff explain`: every rule says what it means."""

import pytest

from handoff.evaluation.rules import CATALOGUE
from support.cli import handoff


@pytest.mark.parametrize("rule", CATALOGUE)
def test_every_rule_is_explained(rule: str) -> None:
    ran = handoff("explain", rule)
    heading, summary, blank, *text = ran.out.splitlines()
    defect = CATALOGUE[rule]
    assert (ran.code, ran.err) == (0, "")
    assert heading == f"{rule} ({defect.severity})"
    assert (summary, blank) == (defect.summary, "")
    assert " ".join(text) == " ".join(defect.explanation.split())
    assert max(map(len, text)) <= 80


@pytest.mark.parametrize("rule", CATALOGUE)
def test_every_rule_is_told_in_the_same_voice(rule: str) -> None:
    defect = CATALOGUE[rule]
    assert defect.name == rule
    assert defect.summary[0].islower() or defect.summary.split()[0].isupper()
    assert not defect.summary.endswith(".")
    assert defect.explanation[0].isupper() or defect.explanation[0] == "`"
    assert defect.explanation.endswith(".")
    assert defect.explanation.count(". ") < 6


def test_without_a_rule_all_are_listed() -> None:
    ran = handoff("explain")
    names = [line.split()[0] for line in ran.out.splitlines()]
    assert ran.code == 0
    assert names == sorted(CATALOGUE)


def test_a_misspelt_rule_gets_the_nearest_name() -> None:
    ran = handoff("explain", "mising-section")
    assert (ran.code, ran.out) == (2, "")
    assert "Did you mean 'missing-section'?" in ran.err


def test_a_name_like_no_other_gets_no_guess() -> None:
    ran = handoff("explain", "zzz")
    assert ran.code == 2
    assert "there is no rule 'zzz'." in ran.err
    assert "Did you mean" not in ran.err
