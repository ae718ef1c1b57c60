"""What a review says: risks taken over by name, and gaps."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.evaluation.review_text import accepted_risks, named_gaps
from handoff.policy.formats import is_line

KNOWN = ("R1", "R2", "data-loss")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("I accept risk R1", ("R1",)),
        ("i accept RISK r1.", ("R1",)),
        ("Thanks!\r\n\r\nI accept risks R2, R1 and data-loss\r\n", KNOWN),
        ("- I accept the critical risk R1\n- I accept risk R2!", ("R1", "R2")),
        ("- [x] I accept risk: R1", ("R1",)),
        ("I accept risks R1 & R2", ("R1", "R2")),
        ("I accept risk R1 not", ()),
        ("I accept risk R1, but only if they sign", ()),
        ("I do not accept risk R1", ()),
        ("Do I accept risk R1? Yes. I accept risk R1", ()),
        ("I accept risk R9", ()),
        ("I accept risks R1 and R9", ()),
        ("I accept risk", ()),
        ("I accept risk and", ()),
        ("I accept all risks", ()),
        ("R1", ()),
        ("> I accept risk R1\n\nNo.", ()),
        ("```\nI accept risk R1\n```", ()),
        ("~~~\n```\nI accept risk R1\n~~~", ()),
        ("```\nx\n```\nI accept risk R1", ("R1",)),
        ("<!-- I accept risk R1 -->", ()),
        ("<!--\nI accept risk R1\n-->\nFine", ()),
        ("<!-- a <!-- b -->\nI accept risk R1", ("R1",)),
        ("<!-- never closed\nI accept risk R1", ()),
        ("", ()),
    ],
)
def test_risks_are_accepted_by_name(body: str, expected: tuple[str, ...]) -> None:
    assert accepted_risks(body, KNOWN) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("- One\n- Two", ("One", "Two")),
        ("Please:\n\n1. One\n2) Two\n\nThanks", ("One", "Two")),
        ("* One\n  goes on\n* [ ] Two\n+ Three", ("One goes on", "Two", "Three")),
        ("Who signs off?\r\nAnd when?", ("Who signs off? And when?",)),
        ("- \x1b[31mred\u2028::error::x", ("[31mred ::error::x",)),
        ("-\n- \n", ()),
        ("<!-- - hidden -->\n- Shown", ("Shown",)),
        ("@team fixes #1", ("@team fixes #1",)),
        ("  \n", ()),
        ("", ()),
        ("é 👩‍🚀", ("é 👩‍🚀",)),
    ],
)
def test_gaps_are_items_or_all_of_it(body: str, expected: tuple[str, ...]) -> None:
    assert named_gaps(body) == expected


def test_long_gaps_are_cut_with_a_mark() -> None:
    (gap,) = named_gaps("x" * 5000)
    assert len(gap) == 1000
    assert gap.endswith("x…")
    assert len(named_gaps("- x\n" * 900)) == 50


@settings(deadline=None)
@given(st.text())
def test_every_gap_is_a_line_that_a_record_can_hold(body: str) -> None:
    assert all("\n" not in gap and len(gap) <= 1000 for gap in named_gaps(body))
    accepted_risks(body, KNOWN)


@settings(deadline=None)
@given(st.text(st.characters(codec="ascii")))
def test_plain_gaps_are_lines_of_the_schema(body: str) -> None:
    assert all(is_line(gap) for gap in named_gaps(body))
