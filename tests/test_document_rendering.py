"""Writing records: every reader gets the same text back."""

import re
from collections.abc import Mapping
from typing import Any

import frontmatter
import pytest
import yaml
from frontmatter.default_handlers import YAMLHandler
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from handoff.document.document import read_document
from handoff.document.rendering import render_mapping, render_record, render_scalar

TRICKY = [
    "no",
    "Yes",
    "off",
    "~",
    "null",
    "true",
    "12:30",
    "0123",
    "0x1F",
    "1_000",
    "1e3",
    ".inf",
    ".nan",
    "-5",
    "+1",
    "2026-04-21",
    "=",
    "<<",
    "-",
    "*",
    "&",
    "!",
    "%",
    "@",
    "`",
    "{",
    "}",
    "[",
    "]",
    ",",
    "?",
    ":",
    "|",
    ">",
    "#",
    "---",
    "...",
    "<<:",
    "C#",
    "41:40",
    "1.10",
    "y",
    "N",
    "",
    " ",
    "a: b",
    "a #b",
    "a:",
    "- 20 %",
    "2026-04-21 10:00:00 Z",
    "12:30 call",
    'say "it\'s"',
    "C:\\data",
    "line\n",
    "two\nlines",
    "two\n\nlines\n",
    "  led\nby blanks",
    "ends in\nblanks ",
    "\n",
    "a\n\n",
    "tab\there",
    "---\nnot a header\n---",
    "\u05d3\u05e0\u05d4",
    "\u682a\u5f0f\u4f1a\u793e",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "x" * 5000,
]
honest = st.text(
    st.characters(
        exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp"),
        exclude_characters="\ufeff",
    )
    | st.sampled_from("\n :#-'\"\\[]{}&*!|>%@`,?~")
)
keys = st.text("abcXYZ_-09 :#'\"\u00e9", min_size=1, max_size=12) | st.sampled_from(
    ["no", "<<", "null", "company"]
)
values = st.recursive(
    honest | st.sampled_from(TRICKY) | st.integers(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3)
    ),
    max_leaves=12,
)
headers = st.dictionaries(keys, values, min_size=1, max_size=5)


class DatelessLoader(yaml.SafeLoader):
    """YAML 1.1 as PyYAML reads it, but without dates, which YAML 1.2 does not have."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - as PyYAML has it
        first: [(tag, regexp) for tag, regexp in resolvers if "timestamp" not in tag]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


class TextHandler(YAMLHandler):
    """python-frontmatter, told to leave every scalar a text."""

    def load(self, fm: str, **_options: object) -> dict[str, Any]:
        """Parse a header."""
        header = yaml.load(fm, Loader=yaml.BaseLoader)  # noqa: S506 - builds only text
        return {**header}


def as_text(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: as_text(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_text(item) for item in value]
    return str(value)


@settings(deadline=None, max_examples=300)
@given(headers, honest)
def test_what_is_written_is_read(header: dict[str, object], body: str) -> None:
    content = render_record(header, body).encode()
    document, findings = read_document("x.md", content)
    odd = {"hidden-character", "look-alike-character", "merge-conflict"}
    assert {f.rule for f in findings} <= odd
    if document is not None:
        assert document.header == as_text(header)
        assert document.body.strip("\n") == body.strip("\n")


@settings(deadline=None, max_examples=300)
@given(headers)
def test_yaml_1_1_reads_the_same(header: dict[str, object]) -> None:
    """All but days and the key `on`, which stay as people type them."""
    text = render_mapping(header)
    assume(not re.search(r"^[ -]*on:", text, re.MULTILINE))
    assert yaml.load(text, DatelessLoader) == header  # noqa: S506 - a SafeLoader


@settings(deadline=None, max_examples=100)
@given(headers)
def test_python_frontmatter_reads_the_same(header: dict[str, object]) -> None:
    text = render_record(header, "## Red flags\n")
    assert frontmatter.loads(text, handler=TextHandler()).metadata == as_text(header)


@pytest.mark.parametrize("text", TRICKY)
def test_tricky_text_survives(text: str) -> None:
    header = {"field": text, "items": [text, [text], {"inner": text}]}
    document, findings = read_document("x.md", render_record(header, "").encode())
    assert document is not None
    assert document.header == header
    assert findings == ()
    assert yaml.load(render_mapping(header), DatelessLoader) == header  # noqa: S506 - a SafeLoader


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Northwind Robotics", "Northwind Robotics"),
        ("3 weeks", "3 weeks"),
        ("no", '"no"'),
        ("12:30", '"12:30"'),
        ("2026-04-21", "2026-04-21"),
        ("a: b", '"a: b"'),
        ('say "yes"', 'say "yes"'),
        ('"yes"', "'\"yes\"'"),
        ('it\'s: "so"', '"it\'s: \\"so\\""'),
        ("a\u2028b", '"a\\U00002028b"'),
        (2500, "2500"),
        (True, "true"),
    ],
)
def test_quotes_only_where_needed(value: str | int, text: str) -> None:
    assert render_scalar(value) == text


def test_layout_is_block_style() -> None:
    header = {
        "company": "Acme",
        "scope": {"included": [{"id": "s1", "text": "Audit"}], "excluded": []},
        "tags": ["a", ["b"]],
        "contact": {},
        "note": "one\n\ntwo\n",
    }
    assert render_record(header, "\n## Pain points\n\nNone.\n") == (
        "---\n"
        "company: Acme\n"
        "scope:\n"
        "  included:\n"
        "    - id: s1\n"
        "      text: Audit\n"
        "  excluded: []\n"
        "tags:\n"
        "  - a\n"
        "  - - b\n"
        "contact: {}\n"
        "note: |\n"
        "  one\n"
        "\n"
        "  two\n"
        "---\n"
        "\n"
        "## Pain points\n"
        "\n"
        "None.\n"
    )


def test_a_record_without_body_ends_with_its_header() -> None:
    assert render_record({"a": "b"}, "") == "---\na: b\n---\n"


def test_other_types_are_a_mistake_of_the_caller() -> None:
    with pytest.raises(TypeError, match="cannot write float"):
        render_record({"price": 2.5}, "")
