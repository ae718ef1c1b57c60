"""Escapers, each read back by a parser of the channel it writes for."""

import json
import re
import unicodedata
from collections.abc import Mapping

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from handoff.views import escaping

ANY = st.text(st.characters(exclude_categories=()))
NASTY = st.lists(
    st.sampled_from(
        [
            *"`*_[]()<>~#$-+=:|&\\!@%,;/.\n\r\t \x1b\x9b\u202e\u2066\u200b\u200d\ufeff",
            *(
                "\ud800",
                "\udcff",
                "\u2028",
                "\u3000",
                "\xa0",
                "👩",
                "🔧",
                "日",
                "e\u0301",
            ),
            *("::error::", "##[", "%0A", "#12", "@kites", "www.", "https://", "1."),
            *("<script>", "&amp;", "<!--", "```", "---", "](x)", "GH-7", ":tada:", "a"),
        ]
    ),
    max_size=12,
).map("".join)
TEXT = ANY | NASTY
MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
EMOJI = "\u2190-\u2bff\U0001f000-\U0001faff"
BIDI_CONTROLS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI", "BN"}


def read_command(line: str) -> tuple[str, Mapping[str, str], str] | None:
    """Read a log line as the workflow runner documents it.

    Returns the command, its properties and its message; for the older `##[…]`
    form, which is found anywhere in a line, the command alone.
    """
    found = re.match(r"\s*::([^\s:]+)(?: (.*?))?::(.*)", line, re.DOTALL)
    if found is None:
        old = re.search(r"##\[([^\]]*)\]", line)
        return (old[1], {}, "") if old else None
    pairs = [pair.split("=", 1) for pair in (found[2] or "").split(",") if pair]
    return found[1], {k: decode(v) for k, v in pairs}, decode(found[3])


def decode(text: str) -> str:
    for code, char in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ",")):
        text = text.replace(code, char)
    return text.replace("%25", "%")


def is_harmless(text: str) -> bool:
    """Tell whether a terminal only prints text: no controls, nothing reordered."""
    emoji_joined = re.sub(rf"(?<=[\ufe0f{EMOJI}])\u200d(?=[{EMOJI}])", "", text)
    return not any(
        unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"}
        or unicodedata.bidirectional(char) in BIDI_CONTROLS
        for char in emoji_joined
    )


@given(TEXT)
@settings(deadline=None)
def test_terminal_text_only_prints(text: str) -> None:
    shown = escaping.terminal(text)
    assert is_harmless(shown)
    assert "##[" not in shown
    assert escaping.terminal(shown) == shown
    assert shown.encode().decode() == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\nb\tc\r", r"a\nb\tc\r"),
        ("\x1b[2J\x9b1m\x7f", r"\x1b[2J\x9b1m\x7f"),
        ("\u202egnp", r"\u202egnp"),
        ("pay\u200bpal \u2028 \ufeff", r"pay\u200bpal \u2028 \ufeff"),
        ("\udcff \U000e0041", r"\udcff \U000e0041"),
        ("###[x]", r"#\x23#[x]"),
        ("a\u200db", r"a\u200db"),
    ],
)
def test_terminal_shows_what_is_hidden(text: str, shown: str) -> None:
    assert escaping.terminal(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "C# - 20 % \\d+",
        "凧株式会社\u3000日本",
        "مرحبا שלום",
        "👩\u200d🔧 ❤\ufe0f 👍🏽",
        "Zoe\u0308",
    ],
)
def test_terminal_leaves_honest_text(text: str) -> None:
    assert escaping.terminal(text) == text


def rendered(tokens: list[Token]) -> str:
    """Join the text of inline tokens; fail if there is anything but text."""
    assert {token.type for token in tokens} <= {"text"}
    return "".join(token.content for token in tokens)


def only_inline(source: str) -> list[Token]:
    """Parse a page that must hold one piece of inline content per block."""
    parsed = MARKDOWN.parse(source)
    kinds = {token.type for token in parsed if token.type != "inline"}
    assert kinds <= {"paragraph_open", "paragraph_close"}
    return [child for token in parsed for child in token.children or ()]


def as_read(text: str) -> str:
    return escaping.terminal(text).replace("\\x23#[", "##[")


@given(NASTY | st.text())
@example("1. a")
@example("===")
@example("    code")
@example("<img src=x onerror=y>")
@example("[a]: https://kites.example")
@settings(deadline=None)
def test_markdown_renders_as_the_text_itself(text: str) -> None:
    source = escaping.markdown(text)
    assert rendered(only_inline(source)).replace("\u200b", "") == as_read(text)


@pytest.mark.parametrize(
    "text",
    [
        *("_a_", "*a*", "~~a~~", "`a`", "[a](/b)", "![a](/b)", "<https://b.example>"),
        *("# a", "===", "---", "- a", "+ a", "* a", "> a", "1. a", "12) a", "```"),
        *(
            "~~~",
            "    a",
            "a  ",
            "&amp;",
            "\\*a\\*",
            "a|b",
            "\\|",
            "<b>a</b>",
            "<!-- a",
        ),
    ],
)
def test_markdown_takes_no_markup_from_text(text: str) -> None:
    source = escaping.markdown(text)
    after = MARKDOWN.parse("before\n" + source)
    row = MARKDOWN.parse(f"|a|b|\n|-|-|\n|{source}|z|\n")
    cells = [rendered(t.children or []) for t in row if t.type == "inline"]
    assert rendered(only_inline(source)).replace("\u200b", "") == text
    assert [t.type for t in after] == ["paragraph_open", "inline", "paragraph_close"]
    assert [c.replace("\u200b", "") for c in cells] == ["a", "b", text, "z"]


@given(NASTY)
@settings(deadline=None)
def test_markdown_after_a_paragraph_stays_in_it(text: str) -> None:
    parsed = MARKDOWN.parse("before\n" + escaping.markdown(text))
    assert [token.type for token in parsed] == [
        "paragraph_open",
        "inline",
        "paragraph_close",
    ]


@given(NASTY)
@settings(deadline=None)
def test_markdown_keeps_to_its_table_cell(text: str) -> None:
    cell = escaping.markdown(text)
    parsed = MARKDOWN.parse(f"|a|b|c|\n|-|-|-|\n|x|{cell}|z|\n")
    cells = [rendered(t.children or []) for t in parsed if t.type == "inline"]
    assert [c.replace("\u200b", "") for c in cells] == [
        *"abcx",
        as_read(text),
        "z",
    ]


@given(NASTY | st.sampled_from(["a@kites.example", "see #12", "x:100:5", "gh-7"]))
@settings(deadline=None)
def test_markdown_leaves_nothing_to_link_after_rendering(text: str) -> None:
    seen = rendered(only_inline(escaping.markdown(text)))
    linked = r"@[a-z0-9]|#[0-9]|\bgh-[0-9]|://|\bwww\.|:[\w+-]+:"
    assert not re.search(linked, seen, re.IGNORECASE)


@given(message=TEXT, value=TEXT)
@settings(deadline=None)
def test_github_command_reads_back(message: str, value: str) -> None:
    line = (
        f"::error file={escaping.github_property(value)},title=t"
        f"::{escaping.github_data(message)}"
    )
    assert "\n" not in line
    assert "\r" not in line
    assert read_command(line) == ("error", {"file": value, "title": "t"}, message)


@given(TEXT)
@example("\u3000::stop-commands::x")
@example("a ##[error]b")
@settings(deadline=None)
def test_safe_line_is_no_command(text: str) -> None:
    line = escaping.workflow_safe_line(text)
    assert read_command(line) is None
    assert not line.lstrip().startswith("::")
    assert is_harmless(line)


def test_the_reader_of_commands_finds_both_forms() -> None:
    assert read_command("  ::notice line=1::a%0Ab") == ("notice", {"line": "1"}, "a\nb")
    assert read_command("x ##[add-mask]y") == ("add-mask", {}, "")


@given(TEXT)
@settings(deadline=None)
def test_json_loses_nothing_and_only_prints(text: str) -> None:
    written = escaping.json_text({"a": [text]})
    # Two surrogates side by side are one character to every reader of JSON.
    joined = text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    assert json.loads(written) == {"a": [joined]}
    assert all(is_harmless(line) for line in written.split("\n"))
    assert written.endswith("}\n")


def test_json_keeps_other_scripts_and_sorts() -> None:
    assert escaping.json_text({"b": "凧", "a": 1}) == '{\n  "a": 1,\n  "b": "凧"\n}\n'


def test_sarif_message_has_no_links() -> None:
    assert escaping.sarif_message("[a](https://b)\x1b") == "[a] (https://b)\\x1b"
