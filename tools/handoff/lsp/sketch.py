"""The outline of a header by its indentation, however broken it is at the moment.

While one types, a header is hardly ever YAML. This reader therefore never refuses: it
takes lines for keys, list items or loose words by how they look, and skips the rest.
It finds places and candidates; it never judges, that is the strict reader's part.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from handoff.lsp.text import Point
from handoff.model.span import Pointer

_FENCE = re.compile(r"---[ \t]*$")
_KEY = re.compile(r"""("[^"]*"|'[^']*'|[^\s#:,\[\]{}"'-][^#:,\[\]{}]*?)\s*:(?:\s+|$)""")
_DASH = re.compile(r"-(?:\s+|$)")
_LITERAL = re.compile(r"[|>][+-]?[0-9]?[+-]?\s*(?:#.*)?$")
_COMMENT = re.compile(r"(?:^|\s)#.*$")


@dataclass(slots=True, eq=False)  # grows while lines are read, and knows its parent
class Node:
    """A key, a list item, or a word that is neither yet.

    Attributes:
        step: the key, or the index of the item; empty for a loose word.
        line: from 0.
        column: where it starts, from 0.
        end: where its name ends; behind that is the value.
        until: the last column that belongs to it, for entries in brackets.
        value: the text behind it on its line, without quotes and comment.
        at: where that text starts.
    """

    step: str | int
    line: int
    column: int
    end: int
    parent: "Node | None" = None
    value: str = ""
    at: int = 0
    until: int = 1 << 30
    is_flow: bool = False
    children: "list[Node]" = field(default_factory=list)

    def add(self, child: "Node") -> "Node":
        """Take in an entry."""
        child.parent = self
        self.children.append(child)
        return child

    def next_index(self) -> int:
        """Give the index of the next list item."""
        return sum(isinstance(child.step, int) for child in self.children)

    @property
    def pointer(self) -> Pointer:
        """The way from the top of the header to here."""
        return (*self.parent.pointer, self.step) if self.parent else ()

    @property
    def fields(self) -> Mapping[str, str]:
        """The named entries with the text behind each."""
        named = (child for child in self.children if isinstance(child.step, str))
        return {str(child.step): child.value for child in named if child.step}

    def below(self, *steps: str) -> "Node | None":
        """Find the entry that some keys lead to."""
        if not steps:
            return self
        found = (child for child in self.children if child.step == steps[0])
        child = next(found, None)
        return child.below(*steps[1:]) if child else None

    def walk(self) -> Iterator["Node"]:
        """Give every entry below, in the order of the text."""
        for child in self.children:
            yield child
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Sketch:
    """The outline of a header.

    Attributes:
        root: holds the top-level entries.
        rows: the lines of the header, from 0.
        prose: the lines among them that belong to a text in several lines.
    """

    root: Node
    rows: range
    prose: frozenset[int]


def header_rows(lines: Sequence[str], *, is_whole: bool) -> range:
    """Find the lines of the header; to the end of the file if it is never closed.

    Args:
        lines: of the file.
        is_whole: whether the file is YAML as a whole.
    """
    if is_whole:
        return range(len(lines))
    if not lines or not _FENCE.match(lines[0].removeprefix("\ufeff")):
        return range(0)
    ends = (n for n, line in enumerate(lines) if n and _FENCE.match(line))
    return range(1, next(ends, len(lines)))


def sketch(
    lines: Sequence[str], *, is_whole: bool = False, cursor: Point | None = None
) -> Sketch:
    """Read the outline of a header.

    Args:
        lines: of the file, without their ends.
        is_whole: whether the file is YAML as a whole.
        cursor: where somebody types; an empty line counts as an entry there.
    """
    rows = header_rows(lines, is_whole=is_whole)
    reader = _Reader()
    for number in rows:
        at = cursor.column if cursor and cursor.line == number else None
        reader.row(number, lines[number], at)
    return Sketch(reader.root, rows, frozenset(reader.prose))


class _Reader:
    """Places one line after the other below what it belongs to."""

    def __init__(self) -> None:
        self.root = Node("", -1, -1, -1)
        self.top = self.root
        self.literal: Node | None = None
        self.prose: set[int] = set()

    def row(self, number: int, text: str, cursor: int | None) -> None:
        """Take in one line."""
        column = len(text) - len(text.lstrip(" "))
        rest = text[column:]
        if not rest.strip():
            if cursor is None:
                return
            column = cursor
        if self.literal and column > self.literal.column:
            self.prose.add(number)
            return
        if not rest.startswith("#"):
            self.literal = None
            self.entries(number, text, column)

    def entries(self, number: int, text: str, column: int) -> None:
        """Take in the dashes of a line, then its key or its words."""
        item: Node | None = None
        while dash := _DASH.match(text, column):
            self.climb(column, is_item=True)
            self.top = item = self.top.add(
                Node(self.top.next_index(), number, column, column + 1)
            )
            column = dash.end()
        key = _KEY.match(text, column)
        if not key and item:
            self.valued(item, text, column)
            return
        self.climb(column, is_item=False)
        name, end = (key[1].strip("\"'"), key.end(1)) if key else ("", len(text))
        self.top = self.top.add(Node(name, number, column, end))
        self.valued(self.top, text, key.end() if key else column)

    def climb(self, column: int, *, is_item: bool) -> None:
        """Go up to what an entry in this column belongs to.

        A list may start in the column of its key (YAML 1.2, 8.2.1).
        """
        while self.top.parent and self.top.column >= column:
            is_key = isinstance(self.top.step, str) and self.top.step != ""
            if is_item and is_key and self.top.column == column:
                return
            self.top = self.top.parent

    def valued(self, node: Node, text: str, at: int) -> None:
        """Give an entry the text behind it; brackets are entries of their own."""
        node.at = at
        node.value = plain(text[at:])
        if text[at : at + 1] in {"{", "["}:
            read_flow(node, text, at)
        elif _LITERAL.match(text, at):
            self.literal = node


def plain(text: str) -> str:
    """Take quotes, or a comment, off a value."""
    if text[:1] in {'"', "'"}:
        return text[1:].split(text[0], 1)[0]
    return _COMMENT.sub("", text).strip()


_TOKEN = re.compile(
    r"""\s+|"[^"]*"?|'[^']*'?|[{}\[\],]|:(?=[\s,\]}]|$)|(?:[^\s{}\[\],:]|:(?![\s,\]}]|$))+"""
)


def read_flow(owner: Node, text: str, start: int) -> None:
    """Take in the entries between brackets, as far as they stand on one line.

    Args:
        owner: the key or item they belong to.
        text: the line.
        start: where the first bracket stands.
    """
    stack: list[tuple[Node, str]] = []
    entry, made = owner, [owner]
    for token in _TOKEN.finditer(text, start):
        sign = token[0]
        if sign in {"{", "["}:
            stack.append((entry, sign))
        elif sign in {"}", "]"}:
            entry = stack.pop()[0]
        elif sign == ":":
            entry.step = entry.value if entry.step == "" else entry.step
            entry.value, entry.at = "", token.end()
        elif sign != "," and not sign.isspace():
            _take(entry, token.start(), sign)
        if not stack:
            for node in made[1:]:
                node.until = token.start()
            return
        if sign in {"{", "[", ","}:
            holder, bracket = stack[-1]
            step = holder.next_index() if bracket == "[" else ""
            at = token.end()
            entry = holder.add(Node(step, owner.line, at, at, at=at, is_flow=True))
            made.append(entry)


def _take(entry: Node, start: int, word: str) -> None:
    """Add a word to an entry: to its name, or to its value behind the colon."""
    if not entry.value:
        entry.at = start
    entry.value = f"{entry.value} {word}".strip() if entry.value else plain(word)
    if entry.step == "":
        entry.end = start + len(word)
