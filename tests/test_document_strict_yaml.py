"""One meaning: whichever parser, whichever style."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.document import strict_yaml, yaml_events, yaml_parser, yaml_places
from handoff.document.rendering import render_mapping
from handoff.document.yaml_events import DEPTH_LIMIT, NODE_LIMIT

WORDS = st.text("ab \t\n'\"-:#\u00e9[],{}0|\U0001f600", max_size=12)
VALUES = st.recursive(
    WORDS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "c d", "no"]), inner, max_size=3)
    ),
    max_leaves=10,
)
HEADERS = st.dictionaries(st.sampled_from("abcd"), VALUES, min_size=1)
# Without tabs and `? `: where a bracket goes on over several lines, the two parsers of
# PyYAML look ahead differently and may stop at different defects.
PIECES = st.lists(
    st.sampled_from(
        [
            *("a: ", "b: ", "- ", "  ", "\n", "\n", "\n  ", "x", "y z", "#c", " #"),
            *('"', "'", "[", "]", "{", "}", ", ", ": ", "|\n", ">-\n", "&a ", "*a"),
            *("!t ", "<<: ", "\\n", "...\n", "---\n", "%", "@", "`", "\u00e9"),
            *("\\u2028", "|2\n", "\n\n"),
        ]
    ),
    max_size=16,
).map("".join)


def quote(text: str) -> str:
    """Write a text in double quotes, every character a code."""
    return '"' + "".join(f"\\U{ord(c):08x}" for c in text) + '"'


def in_flow_style(value: object) -> str:
    """Write any value on one line."""
    if isinstance(value, dict):
        entries = (f"{quote(k)}: {in_flow_style(v)}" for k, v in value.items())
        return "{" + ", ".join(entries) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(in_flow_style, value)) + "]"
    assert isinstance(value, str)
    return quote(value)


@settings(deadline=None, max_examples=200)
@given(HEADERS)
def test_flow_style_means_the_same(header: dict[str, object]) -> None:
    assert strict_yaml.read_mapping(in_flow_style(header)) == (header, ())


def both(monkeypatch: pytest.MonkeyPatch, text: str) -> tuple[object, object]:
    """Read a text, and where possible its places, with and without libyaml.

    Where nothing is written, the two may place it before or after white space, so
    findings are compared by what they say.
    """
    results: list[object] = []
    for without in (False, True):
        with monkeypatch.context() as patch:
            if without:
                patch.setattr(yaml_parser, "FastParser", yaml_parser.PurePython)
            header, findings = yaml_events.build(text, 1, "")
            places = yaml_places.locate(text, 1) if header is not None else {}
            rules = [(f.rule, f.message) for f in findings]
            results.append((header, rules, places))
    return results[0], results[1]


def test_both_parsers_agree_on_records() -> None:
    @settings(deadline=None, max_examples=200)
    @given(HEADERS)
    def check(header: dict[str, object]) -> None:
        with pytest.MonkeyPatch.context() as patch:
            fast, pure = both(patch, render_mapping(header))
        assert fast == pure

    check()


def test_both_parsers_agree_on_fragments() -> None:
    @settings(deadline=None, max_examples=1000)
    @given(PIECES)
    def check(text: str) -> None:
        with pytest.MonkeyPatch.context() as patch:
            fast, pure = both(patch, text)
        assert fast == pure

    check()


@pytest.mark.parametrize(
    "text", ["a: b\tc\n", "a:\tb\n", "a: b\t\n", "a: b\t#c\nd: e\n"]
)
def test_tabs_between_words_are_honest(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    fast, pure = both(monkeypatch, text)
    assert fast == pure
    assert strict_yaml.read_mapping(text)[0] is not None


@settings(deadline=None, max_examples=200)
@given(HEADERS)
def test_every_value_has_a_place(header: dict[str, object]) -> None:
    text = render_mapping(header)
    lines = text.split("\n")
    for key, span in strict_yaml.locate(text).values():
        for place in (key, span):
            assert 1 <= place.line <= place.end_line <= len(lines)
            assert 1 <= place.column <= len(lines[place.line - 1]) + 1
            assert place.end_column <= len(lines[place.end_line - 1]) + 1
            assert (place.line, place.column) <= (place.end_line, place.end_column)


def test_places_count_from_the_given_line() -> None:
    (key, value) = strict_yaml.locate("a: b\n", first_line=7)[("a",)]
    assert (key.line, key.column, key.end_column) == (7, 1, 2)
    assert (value.line, value.column, value.end_column) == (7, 4, 5)


def test_limits_are_exact() -> None:
    deep = DEPTH_LIMIT - 1
    assert strict_yaml.read_mapping(f"a: {'[' * deep}{']' * deep}\n")[0]
    _, (finding,) = strict_yaml.read_mapping(f"a: {'[' * (deep + 1)}\n")
    assert finding.rule == "nested-too-deep"
    many = NODE_LIMIT - 3
    assert strict_yaml.read_mapping("a:\n" + "- b\n" * many)[0]
    _, (finding,) = strict_yaml.read_mapping("a:\n" + "- b\n" * (many + 1))
    assert finding.rule == "too-large"


def test_a_duplicate_names_the_file_of_both_lines() -> None:
    _, (finding,) = strict_yaml.read_mapping("a: b\na: c\n", 2, path="x.md")
    assert [(r.path, r.span.line, r.label) for r in finding.related] == [
        ("x.md", 2, "first given here")
    ]
    assert finding.message == "`a` is already given on line 2"


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("note: call: soon\n", "a colon followed by a space", '`note: "..."`'),
        ("a:\n\tb: c\n", "a tab is used for indentation", "two spaces"),
        ('a: "b\n', "never closed", "same quote"),
        ("a: @b\n", "cannot start with `@`", '`a: "..."`'),
        ("a: *b*\n", "cannot start with `*`", '`a: "..."`'),
        ("a: b\nowner:c\nd: e\n", "belongs to no field", "after the colon of `owner:`"),
        ("a: [b\n", "the bracket `[`", "double quotes"),
        ("a:\n    b: c\n  d: e\n", "indented by 2 spaces", "alike"),
        ("a: | b\n", "must start on the next line", '`a: "..."`'),
    ],
)
def test_malformed_yaml_is_told_in_plain_words(
    text: str, message: str, hint: str
) -> None:
    _, (finding,) = strict_yaml.read_mapping(text)
    assert finding.rule == "malformed-yaml"
    assert message in finding.message
    assert hint in finding.hint
