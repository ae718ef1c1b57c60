"""Sections of a body, read by line or by markdown-it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.document import outline
from handoff.document.outline import read_sections

ROWS = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "", "", " ", "   ", "    ", "\t", "- ", "> ", "1. "]),
    st.sampled_from(["", "", "## ", "# ", "### ", "##", "#", "####### ", "##\t"]),
    st.sampled_from(
        [
            *("", "a", "b ##", "c #", "d#", "\\#", "[x]: /u 'y", "' z", "#", "## #"),
            *("---", "===", "- a", "* b", "~~~", "```", "<div>", "<!-- a", "b -->"),
            *("+", "***", "  ", "=", "-", "a  ", "a\t#\t", "a | b", "\u00a0"),
        ]
    ),
)
BODIES = st.lists(ROWS, max_size=8).map("\n".join)


@settings(deadline=None, max_examples=1500)
@given(BODIES)
def test_both_ways_agree(body: str) -> None:
    lines = body.split("\n")
    if outline.is_plain(body, lines):
        assert outline.scan(lines).headings == outline.parse(body).headings


@settings(deadline=None, max_examples=300)
@given(BODIES)
def test_any_body_can_be_read(body: str) -> None:
    for section in read_sections(body, 5):
        assert section.level == 2
        assert 5 <= section.span.line < section.line


def titles(body: str) -> list[str]:
    return [section.title for section in read_sections(body, 1)]


def test_a_section_reaches_to_the_next_heading_of_its_rank() -> None:
    body = "intro\n\n## One\n\na\n\n### Sub\n\nb\n\n# Top\n\nno\n\n## Two ##\nc\n"
    one, two = read_sections(body, 10)
    assert (one.title, one.text) == ("One", "a\n\n### Sub\n\nb")
    assert (one.span.line, one.span.end_column, one.line) == (12, 7, 13)
    assert (two.title, two.text, two.line) == ("Two", "c", 25)


def test_no_heading_no_section() -> None:
    assert read_sections("just text\n\n### too deep\n", 1) == ()
    assert read_sections("", 1) == ()


def test_underlined_headings_count() -> None:
    (section,) = read_sections("Red flags\n---------\nNone: new.\n", 3)
    assert (section.title, section.text, section.line) == ("Red flags", "None: new.", 5)
    assert section.span.line == 3


@pytest.mark.parametrize(
    "body",
    [
        "```\n## no\n```\n",
        "~~~\n## no\n~~~\n",
        "    ## no\n",
        "- ## no\n",
        "- a\n  ## no\n",
        "> ## no\n",
        "<div>\n## no\n</div>\n",
        "<!--\n## no\n-->\n",
        "<!-- never closed\n\n## no\n",
        "##no\n",
        "\\## no\n",
    ],
)
def test_what_only_looks_like_a_heading_is_text(body: str) -> None:
    assert titles(f"## yes\n\n{body}") == ["yes"]


def test_a_rule_is_no_heading() -> None:
    assert titles("## One\n\n---\n\n## Two\n") == ["One", "Two"]


@pytest.mark.parametrize(
    ("text", "visible"),
    [
        ("<!-- write here -->", ""),
        ("<!-- write\n\nhere -->", ""),
        ("<!-- never closed\n\nmore", ""),
        ("a <!-- b --> c", "a  c"),
        ("a <!-- b", "a <!-- b"),
        ("a <!-- b\nc --> d", "a  d"),
        ("```\n<!-- code -->\n```", "```\n<!-- code -->\n```"),
        ("    <!-- code -->", "<!-- code -->"),
        ("<!-- a --> b\n\n<!-- c -->\n\nd", "b\n\n\n\nd"),
        ("costs < 5 %", "costs < 5 %"),
    ],
)
def test_comments_are_no_content(text: str, visible: str) -> None:
    (section,) = read_sections(f"## Red flags <!-- why -->\n\n{text}\n", 1)
    assert (section.title, section.text) == ("Red flags", visible)
