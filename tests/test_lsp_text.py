"""Columns in the units of the protocol, and changes between two texts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.lsp.text import (
    Change,
    Point,
    difference,
    from_units,
    split_lines,
    to_units,
    word_at,
)

_ENCODINGS = ("utf-8", "utf-16", "utf-32")
_LINES = st.text(st.characters(exclude_characters="\r\n"), max_size=30)
_PIECES = st.sampled_from(["a", "b", "\n", "\r\n", "\r", "😀", "\u2028"])
_TEXTS = st.lists(_PIECES, max_size=8).map("".join)


def apply(text: str, change: Change) -> str:
    """Make a change the way an editor does."""
    starts = [0]
    for line in split_lines(text):
        end = starts[-1] + len(line)
        starts.append(end + (2 if text[end : end + 2] == "\r\n" else 1))
    first = starts[change.start.line] + change.start.column
    last = starts[change.end.line] + change.end.column
    return text[:first] + change.text + text[last:]


@pytest.mark.parametrize(
    ("encoding", "units"), [("utf-8", 7), ("utf-16", 5), ("utf-32", 4)]
)
def test_a_column_behind_an_emoji_depends_on_the_units(
    encoding: str, units: int
) -> None:
    line = 'x="😀"'
    assert to_units(line, 4, encoding) == units
    assert from_units(line, units, encoding) == 4


def test_half_a_character_and_a_column_past_the_line_are_clamped() -> None:
    assert from_units("😀a", 1, "utf-16") == 1
    assert from_units("ab", 99, "utf-16") == 2
    assert to_units("ab", 99, "utf-16") == 2


def test_lines_end_where_editors_end_them() -> None:
    assert split_lines("a\r\nb\rc\nd\u2028e") == ("a", "b", "c", "d\u2028e")
    assert split_lines("") == ("",)


def test_a_word_is_found_from_both_of_its_ends() -> None:
    assert word_at("  - dana-okafor", 4) == word_at("  - dana-okafor", 15) == (4, 15)
    assert word_at("key: ", 5) == (5, 5)


def test_a_difference_is_as_small_as_whole_lines_allow() -> None:
    old, new = "one\ntwo\nthree\n", "one\ntwo\n2.5\nthree\n"
    assert difference(old, new) == Change(Point(2, 0), Point(2, 0), "2.5\n")


@given(_LINES, st.sampled_from(_ENCODINGS), st.data())
@settings(deadline=None)
def test_units_lead_back_to_the_column(
    line: str, encoding: str, data: st.DataObject
) -> None:
    column = data.draw(st.integers(0, len(line)))
    assert from_units(line, to_units(line, column, encoding), encoding) == column


@given(_TEXTS, _TEXTS, _TEXTS, _TEXTS)
@settings(deadline=None)
def test_a_difference_makes_the_new_text(
    head: str, old: str, new: str, tail: str
) -> None:
    before, after = head + old + tail, head + new + tail
    assert apply(before, difference(before, after)) == after
