"""Diagnostics for people."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.model.diagnostic import Related, Severity
from handoff.model.span import TOP, Span
from handoff.model.verdict import Verdict
from handoff.views.check_text import render, summary
from handoff.views.width import display_width
from support.golden import assert_golden
from support.verdicts import DEAL, HOSTILE, PLAIN, diagnostic, verdict

EXPLAIN = "run `handoff explain RULE` for why"


def test_golden() -> None:
    assert_golden("check_text.txt", render(HOSTILE, PLAIN))


def test_block() -> None:
    found = diagnostic(
        span=Span(12, 3, 12, 8),
        source="\towner: x",
        hint="Add `owner: Ada`.",
        related=(Related("a.md", Span(3, 1, 3, 2), "the deal"),),
    )
    assert render(verdict(found), PLAIN).splitlines()[:-2] == [
        f"{DEAL}:12:3: error[missing-field] `owner` is missing, expected one person",
        "12 |     owner: x",
        "   |      ^^^^^",
        "  = related a.md:3: the deal",
        "  = do: Add `owner: Ada`.",
    ]


@pytest.mark.parametrize(
    ("source", "column", "end", "under"),
    [
        ("凧: 株式 x", 4, 6, "株式"),
        ("Zoe\u0308: x y", 7, 8, "x"),
        ("👩\u200d🔧 a", 5, 6, "a"),
        ("a\u200bb", 2, 3, "\\u200b"),
        ("\t\tab", 4, 5, "b"),
        ("abc", 4, 4, ""),
        ("abc", 40, 41, ""),
    ],
)
def test_carets_stand_under_the_span(
    source: str, column: int, end: int, under: str
) -> None:
    found = diagnostic(span=Span(1, column, 1, end), source=source)
    _, line, carets, *_ = render(verdict(found), PLAIN).splitlines()
    start = carets.index("^")
    assert carets.count("^") == max(display_width(under), 1)
    assert any(
        display_width(line[:n]) == start and line[n:].startswith(under)
        for n in range(len(line) + 1)
    )


def test_a_span_over_several_lines_runs_to_the_end_of_the_first() -> None:
    found = diagnostic(span=Span(1, 3, 4, 1), source="abcde\r\n")
    assert render(verdict(found), PLAIN).splitlines()[1:3] == ["1 | abcde", "  |   ^^^"]


@given(
    source=st.text(st.characters(exclude_categories=()), max_size=300),
    column=st.integers(1, 300),
    length=st.integers(0, 200),
    width=st.integers(40, 120),
)
@settings(deadline=None)
def test_a_long_line_is_cut_around_the_span(
    source: str, column: int, length: int, width: int
) -> None:
    span = Span(7, column, 7, column + length)
    block = render(
        verdict(diagnostic(span=span, source=source)), replace(PLAIN, width=width)
    ).splitlines()
    for line in block[1:-2]:
        assert display_width(line) <= width + 1  # a caret may stand behind the end
        assert line.isprintable() or not line.isascii()


def test_both_cuts_are_marked() -> None:
    source = "a" * 500_000 + "HERE" + "b" * 500_000
    found = diagnostic(span=Span(1, 500_001, 1, 500_005), source=source)
    _, line, carets, *_ = render(verdict(found), PLAIN).splitlines()
    assert len(line) == PLAIN.width
    assert line[4] == line[-1] == "…"
    assert line[carets.index("^") :].startswith("HERE")


def test_colour_is_opt_in() -> None:
    found = verdict(diagnostic(span=Span(1, 1, 1, 2), source="a"))
    assert "\x1b" not in render(found, PLAIN)
    coloured = render(found, replace(PLAIN, colour=True))
    assert "\x1b[1;31merror\x1b[0m[missing-field]" in coloured
    assert "  | \x1b[1;31m^\x1b[0m\n" in coloured


@pytest.mark.parametrize(
    ("path", "source"),
    [("::add-mask::x", "a"), ("a.md", "##[add-mask]x"), ("##[x]", "b")],
)
def test_no_line_is_a_workflow_command(path: str, source: str) -> None:
    for column in range(1, 5):
        found = diagnostic(path=path, span=Span(1, column, 1, column), source=source)
        text = render(verdict(found), PLAIN)
        assert not text.startswith("::")
        assert "##[" not in text


@pytest.mark.parametrize(
    ("given_verdict", "line"),
    [
        (verdict(), "12 files checked, all fine"),
        (Verdict(1, 1, ()), "1 file checked, all fine"),
        (
            verdict(judged=11),
            "12 files checked; 1 of 12 files could not be evaluated",
        ),
        (
            verdict(diagnostic(), diagnostic(), diagnostic(severity=Severity.WARNING)),
            "12 files checked: 2 errors, 1 warning; " + EXPLAIN,
        ),
        (
            verdict(diagnostic(severity=Severity.INFO), listed=3, judged=1),
            "3 files checked: 1 info; 2 of 3 files could not be evaluated; " + EXPLAIN,
        ),
    ],
)
def test_summary(given_verdict: Verdict, line: str) -> None:
    assert summary(given_verdict) == line
    assert render(given_verdict, PLAIN).endswith(line + "\n")


def test_only_errors_fail() -> None:
    assert verdict(diagnostic()).failed
    assert not verdict(diagnostic(span=TOP, severity=Severity.WARNING)).failed
