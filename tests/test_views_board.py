"""The board: cards under their stages, at any width."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.views import status_text
from handoff.views.style import Style
from handoff.views.width import display_width
from support.deals import KITES, OTTER, TAKO
from support.drawn import board
from support.golden import assert_golden
from support.reports import SAMPLE, lead, report_of

NOW = "2026-04-22T14:00:00+02:00"
REPORT = report_of(SAMPLE, NOW)


def plain(width: int) -> Style:
    return Style(colour=False, width=width, explain={})


def cards(text: str) -> list[str]:
    """Give the lines above the closing ones."""
    return text.partition("nobody in:")[0].splitlines()


@pytest.mark.parametrize("width", [40, 80, 120, 200])
def test_golden(width: int) -> None:
    text = board(REPORT, plain(width), limit=5)
    assert_golden(f"board_text_{width}.txt", text)


@given(st.integers(20, 240))
@settings(deadline=None, max_examples=40)
def test_no_card_is_wider_than_the_terminal(width: int) -> None:
    lines = cards(board(REPORT, plain(width), limit=5))
    assert all(display_width(line) <= width for line in lines)


@pytest.mark.parametrize(
    ("width", "side_by_side"), [(40, 1), (46, 2), (80, 2), (94, 4)]
)
def test_stages_stand_in_even_rows(width: int, side_by_side: int) -> None:
    rules = [
        line
        for line in cards(board(REPORT, plain(width), limit=5))
        if line.startswith("─")
    ]
    assert [len(rule.split()) for rule in rules] == [side_by_side] * (4 // side_by_side)


def test_wide_characters_keep_the_columns_straight() -> None:
    lines = cards(board(REPORT, plain(120), limit=5))
    header = next(line for line in lines if "handed-off (1)" in line)
    row = next(line for line in lines if "凧株式会社" in line)
    before = row[: row.index("Zephyr Kites")]
    assert display_width(before) == header.index("handed-off")


def test_late_deals_come_first_then_the_oldest() -> None:
    files = {
        **lead("amber-fox-2026-04-15", "Amber Fox", due="2026-05-01"),
        **lead("birch-elk-2026-04-10", "Birch Elk", due="2026-05-01"),
        **lead("cedar-owl-2026-04-16", "Cedar Owl", due="2026-04-20"),
        **lead("delta-jay-2026-04-15", "Delta Jay", due="2026-05-01"),
    }
    text = board(report_of(files, NOW), plain(40), limit=9)
    names = re.findall(r"^[A-Z][a-z]+ [A-Z][a-z]+$", text, re.MULTILINE)
    assert names == ["Cedar Owl", "Birch Elk", "Amber Fox", "Delta Jay"]


def test_more_cards_than_the_limit_are_counted() -> None:
    files: dict[str, str] = {}
    for number in range(1_007):
        files |= lead(f"kite-{number}-2026-04-14", f"Kite {number}")
    text = board(report_of(files, NOW), plain(40), limit=2)
    assert text.startswith("lead (1,007)\n")
    assert text.count("dana-okafor") == 2
    assert "\n… and 1,005 more\n" in text


def test_a_limit_that_is_just_reached_hides_nothing() -> None:
    text = board(REPORT, plain(40), limit=1)
    assert "more" not in text


def test_marks() -> None:
    coloured = board(REPORT, replace(plain(40), colour=True), limit=5)
    assert "\x1b[1;31mOVERDUE 2026-04-20\x1b[0m" in coloured
    assert "\x1b[1;31mBREACHED sow-sent\x1b[0m" in coloured
    assert "BREACHED next-action" not in coloured


def test_several_breaches_are_counted() -> None:
    later = report_of(SAMPLE, "2026-04-24T14:00:00+02:00")
    assert "BREACHED +2 packet-ac" in board(later, plain(40), limit=5)


def test_empty_stages_are_named_once() -> None:
    text = board(REPORT, plain(200), limit=5)
    assert (
        "nobody in: qualified, audit, proposal, contract, closed-won, acknowledged, "
        "kickoff, delivery, delivered, dormant\n" in text
    )


def test_no_deals_at_all() -> None:
    text = board(report_of({}, NOW), plain(200), limit=5)
    assert text.lstrip().startswith("nobody in: lead, qualified")
    assert text.endswith("0 deals, 0 open, as of 2026-04-22 14:00 +02:00\n")


def test_no_line_is_a_workflow_command() -> None:
    report = report_of(lead(OTTER, "'::error::x'"), NOW)
    assert len(report.statuses) == 1
    drawn = board(report, plain(40), limit=5)
    detailed = status_text.render(report, plain(40))
    assert not re.search(r"^\s*::", drawn + detailed, re.MULTILINE)
    assert "\\x3a:error::x" in drawn


def test_every_deal_is_on_the_board() -> None:
    text = board(REPORT, plain(200), limit=5)
    names = {"Zephyr Kites": KITES, "凧株式会社": TAKO, "Marble Otter": OTTER}
    assert all(name in text for name in names)
