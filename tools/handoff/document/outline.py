"""The sections of a body: what stands under each level-2 heading.

The one door to markdown-it. Most bodies need no parser: without fences, markup in
angle brackets, indented or underlined headings, a line that starts with `#` is a
heading and nothing else is (CommonMark 0.31, 4.2). `test_document_outline.py` shows
that both ways agree.
"""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from handoff.model.diagnostic import Finding
from handoff.model.span import Span, line_span

if TYPE_CHECKING:
    from markdown_it.token import Token

HEADING_LIMIT = 5_000
"""How many headings the body of a record may have."""

_LIKE_HEADING = re.compile(r"^ {0,3}(?:#|(?:=+|-+)[ \t]*$)", re.MULTILINE)
_ODD_STARTS = frozenset(" =-")
_ODD_LINE = re.compile(r" {1,3}#| {0,3}(?:=+|-+)[ \t]*$")
_HEADING = re.compile(r"(#{1,6})(?=[ \t]|$)(.*)")
_CLOSING = re.compile(r"(?:^|[ \t])#+[ \t]*$")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_OPEN_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one level-2 heading.

    Attributes:
        title: the heading's text.
        level: always 2 at present.
        span: the heading's line in the file.
        text: everything up to the next heading of level 1 or 2, deeper headings
            included, HTML comments left out, white space around it stripped.
        line: the first line of the file after the heading.
    """

    title: str
    level: int
    span: Span
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the body; lines count from 0 within the body.

    Attributes:
        level: 1 to 6.
        title: its text, as typed.
        line: where it starts.
        after: the first line after it.
    """

    level: int
    title: str
    line: int
    after: int


@dataclass(frozen=True, slots=True)
class Outline:
    """Headings of a body, and which of its lines are code or raw HTML."""

    headings: tuple[Heading, ...]
    code: frozenset[int] = frozenset()
    html: frozenset[int] = frozenset()


def too_many_headings(body: str, first_line: int) -> Finding | None:
    """Refuse a body with more headings than any record needs.

    Args:
        body: markdown, lines ended by line feeds.
        first_line: line of the file on which `body` starts.
    """
    if len(body) < 2 * HEADING_LIMIT:
        return None
    beyond = next(islice(_LIKE_HEADING.finditer(body), HEADING_LIMIT, None), None)
    if beyond is None:
        return None
    line = first_line + body.count("\n", 0, beyond.start())
    return Finding(
        "too-large",
        line_span(line, beyond[0]),
        f"the text has more than {HEADING_LIMIT:,} headings",
        "Keep the record short and link to long documents instead.",
    )


def read_sections(body: str, first_line: int) -> tuple[Section, ...]:
    """Cut a body into sections.

    Args:
        body: markdown, lines ended by line feeds.
        first_line: line of the file on which `body` starts.
    """
    lines = body.split("\n")
    outline = scan(lines) if is_plain(body, lines) else parse(body)
    tops = [heading for heading in outline.headings if heading.level <= 2]  # noqa: PLR2004 - h2
    ends = [heading.line for heading in tops[1:]] + [len(lines)]
    return tuple(
        _section(outline, lines, heading, end, first_line)
        for heading, end in zip(tops, ends, strict=False)
        if heading.level == 2  # noqa: PLR2004 - h2
    )


def _section(
    outline: Outline, lines: list[str], heading: Heading, end: int, first_line: int
) -> Section:
    number = first_line + heading.line
    return Section(
        _without_comments(heading.title, "text").strip(),
        heading.level,
        line_span(number, lines[heading.line]),
        _visible(outline, lines, range(heading.after, end)).strip(),
        first_line + heading.after,
    )


def _visible(outline: Outline, lines: list[str], part: range) -> str:
    """Join some lines of a body without the comments in them.

    A comment is none in code; one that opens an HTML block and is never closed
    hides the rest of the block (CommonMark 0.31, 4.6, condition 2).
    """
    if not outline.code and not outline.html:
        return _without_comments("\n".join(lines[part.start : part.stop]), "text")
    chunks = [
        _without_comments("\n".join(lines[number] for number in run), kind)
        for kind, run in _runs(outline, part)
    ]
    return "\n".join(chunks)


def _runs(outline: Outline, part: range) -> Iterator[tuple[str, list[int]]]:
    """Group neighbouring lines of one kind."""
    run: list[int] = []
    last = ""
    for number in part:
        is_html = number in outline.html
        kind = "code" if number in outline.code else "html" if is_html else "text"
        if run and kind != last:
            yield last, run
            run = []
        run.append(number)
        last = kind
    if run:
        yield last, run


def _without_comments(text: str, kind: str) -> str:
    if kind == "code" or "<!--" not in text:
        return text
    return (_OPEN_COMMENT if kind == "html" else _COMMENT).sub("", text)


def is_plain(body: str, lines: Sequence[str]) -> bool:
    """Tell whether `scan` can read a body that has these lines."""
    return not (
        any(mark in body for mark in ("```", "~~~", "<"))
        or any(line[:1] in _ODD_STARTS and _ODD_LINE.match(line) for line in lines)
    )


def scan(lines: Sequence[str]) -> Outline:
    """Read the headings of a plain body."""
    headings = [
        Heading(len(found[1]), _CLOSING.sub("", found[2]).strip(), number, number + 1)
        for number, line in enumerate(lines)
        if line[:1] == "#" and (found := _HEADING.match(line))
    ]
    return Outline(tuple(headings))


def parse(body: str) -> Outline:
    """Read the headings of any body with markdown-it, blocks only."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - 45 ms, and rarely needed

    reader = MarkdownIt("commonmark")
    reader.core.ruler.enableOnly(["normalize", "block"])
    tokens = reader.parse(body)
    headings = (
        Heading(int(token.tag[1:]), content.content, *token.map)
        for token, content in pairwise(tokens)
        if token.type == "heading_open" and token.level == 0 and token.map
    )
    code = _lines_of(tokens, {"code_block", "fence"})
    return Outline(tuple(headings), code, _lines_of(tokens, {"html_block"}))


def _lines_of(tokens: "Sequence[Token]", types: AbstractSet[str]) -> frozenset[int]:
    """Collect the lines of all tokens of some types."""
    parts = (token.map for token in tokens if token.type in types and token.map)
    return frozenset(line for part in parts for line in range(*part))
