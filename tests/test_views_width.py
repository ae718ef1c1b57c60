"""Columns on a terminal."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.views.escaping import terminal
from handoff.views.width import DENSEST, display_width, fit, fit_tail, pad

CLUSTERS = [
    *"ab 日凧가…",
    *("e\u0301", "o\u0308\u0323", "👩\u200d🔧", "❤\ufe0f", "👍🏽", "🇳🇿", "क्षि"),
]
SAFE = st.lists(st.sampled_from(CLUSTERS)).map("".join).map(terminal)


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("", 0),
        ("plain", 5),
        ("凧株", 4),
        ("Zoe\u0308", 3),
        ("👩\u200d🔧", 2),
        ("❤\ufe0f", 2),
        ("…", 1),
    ],
)
def test_width(text: str, columns: int) -> None:
    assert display_width(text) == columns


@pytest.mark.parametrize(
    ("text", "columns", "start", "tail"),
    [
        ("kites", 5, "kites", "kites"),
        ("kites", 4, "kit…", "…tes"),
        ("kites", 1, "…", "…"),
        ("kites", 0, "", ""),
        ("凧株式", 4, "凧…", "…式"),
        ("e\u0301e\u0301e\u0301", 2, "e\u0301…", "…e\u0301"),
        ("a\u0301凧", 2, "a\u0301…", "…"),
        ("👩\u200d🔧👩\u200d🔧", 3, "👩\u200d🔧…", "…👩\u200d🔧"),
        ("👩\u200d🔧aaa", 4, "👩\u200d🔧a…", "…aaa"),
    ],
)
def test_cut(text: str, columns: int, start: str, tail: str) -> None:
    assert (fit(text, columns), fit_tail(text, columns)) == (start, tail)


def test_a_pile_of_marks_is_cut() -> None:
    pile = "e" + "\u0301" * 100_000
    assert len(fit(pile, 5)) <= DENSEST * 5
    assert fit_tail(pile, 5) == "…"


@given(SAFE, st.integers(0, 12))
@settings(deadline=None)
def test_cut_text_fits_and_is_part_of_the_text(text: str, columns: int) -> None:
    start, tail = fit(text, columns), fit_tail(text, columns)
    assert max(display_width(start), display_width(tail)) <= columns
    assert text.startswith(start.removesuffix("…"))
    assert text.endswith(tail.removeprefix("…"))


@given(SAFE, st.integers(0, 12))
@settings(deadline=None)
def test_padded_text_has_that_width(text: str, columns: int) -> None:
    assert display_width(pad(text, columns)) == columns
