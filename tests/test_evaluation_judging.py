"""A flood of findings is counted, not listed."""

from handoff.evaluation.rules.rule import FLOOD
from support.records import PACKET, base, judge


def test_the_first_findings_of_a_rule_are_told_and_the_others_counted() -> None:
    strange = "".join(f"\n## Part {n}\n\nx\n" for n in range(FLOOD + 1500))
    found = judge({**base(), PACKET: base()[PACKET] + strange})
    assert {d.rule for d in found} == {"unknown-section"}
    assert len(found) == FLOOD + 1
    assert found[-1].message == "1,500 more like this from here on"
    assert f"section `Part {FLOOD - 1}`" in found[-2].message
    assert found[-1].span.line == found[-2].span.line + 4


def test_rules_are_counted_apart() -> None:
    strange = "".join(f"\n## Part {n}\n\nx\n" for n in range(FLOOD))
    found = judge({**base(), PACKET: f"{base()[PACKET]}{strange}\n## Red flags\n\nx\n"})
    assert len(found) == FLOOD + 1
    assert sorted({d.rule for d in found}) == ["duplicate-section", "unknown-section"]
