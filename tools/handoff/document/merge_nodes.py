"""A header cut into entries that give back, joined again, every byte of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from handoff.document.document import Document
from handoff.model.span import Pointer, Span


class UnusualError(Exception):
    """The header is right, but not laid out in lines one can move; stays inside."""


@dataclass(frozen=True, slots=True)
class Node:
    """One field or list item.

    Attributes:
        name: its key; empty for a list item.
        value: what it means.
        lead: blank lines and comments above it.
        before: its text up to the value; starts a line, unless inside brackets. A
            dash is part of a list item, and blank in the first field of one.
        text: the text of the value.
        after: what follows on the line, which is nothing or a comment.
        children: fields or items inside it.
    """

    name: str
    value: object
    lead: tuple[str, ...]
    before: str
    text: str
    after: str
    children: tuple["Node", ...] = ()

    @property
    def source(self) -> str:
        """All of its text, without the lead."""
        return self.before + self.text + self.after

    @property
    def indent(self) -> int:
        """Column of its first character, from 0."""
        return len(self.before) - len(self.before.lstrip(" "))

    @property
    def is_flow(self) -> bool:
        """Whether the value stands in brackets."""
        return self.text.startswith(("[", "{"))

    def lines_at(self, indent: int) -> tuple[str, ...]:
        """Give its lines, moved to another column."""
        shift = indent - self.indent
        lines = self.source.split("\n")
        if shift >= 0:
            return tuple(" " * shift + line if line else line for line in lines)
        return tuple(line.removeprefix(" " * -shift) for line in lines)


def is_group(value: object) -> bool:
    """Tell whether a value is a mapping or a list."""
    return isinstance(value, Mapping | Sequence) and not isinstance(value, str)


def is_blank(line: str) -> bool:
    """Tell whether a line of a header says nothing: blank, or a comment."""
    return not line.strip(" \t") or line.lstrip(" ").startswith("#")


def read_nodes(document: Document) -> tuple[Node, tuple[str, ...]]:
    """Cut the header of a document.

    Returns:
        The header as a whole, of which only value and children are set, and the
        comments below its last field.

    Raises:
        UnusualError: entries share lines in a way that people do not write.
    """
    children = tuple(_entries(document, (), document.header, document.header_line))
    last = document.span((children[-1].name,)).end_line
    tail = document.lines[last : document.body_line - 2]
    return Node("", document.header, (), "", "", "", children), _only_blank(tail)


def _only_blank(lines: Sequence[str]) -> tuple[str, ...]:
    if not all(map(is_blank, lines)):
        raise UnusualError
    return tuple(lines)


def _parts(value: object) -> Iterator[tuple[str | int, object]]:
    """Give the fields or items of a value with their keys or indexes."""
    if isinstance(value, Mapping):
        yield from value.items()
    elif isinstance(value, Sequence) and not isinstance(value, str):
        yield from enumerate(value)


def _entries(
    document: Document, parent: Pointer, group: object, line: int
) -> Iterator[Node]:
    """Read entries that stand on lines of their own, from `line` on."""
    for key, value in _parts(group):
        pointer = (*parent, key)
        start = document.key_span(pointer)
        lead = _only_blank(document.lines[line - 1 : start.line - 1])
        yield _entry(document, pointer, value, lead)
        line = document.span(pointer).end_line + 1


def _entry(
    document: Document, pointer: Pointer, value: object, lead: tuple[str, ...]
) -> Node:
    start, place = document.key_span(pointer), document.span(pointer)
    margin = document.line(start.line)[: start.column - 1]
    after = document.line(place.end_line)[place.end_column - 1 :]
    before, text = _between(document, start, place), _text(document, place)
    name = pointer[-1] if isinstance(pointer[-1], str) else ""
    if not value and not text.startswith(("[", "{", '"', "'")) and name:
        colon = after.index(":") + 1
        before, text, after = before + text + after[:colon], "", after[colon:]
    if margin.strip(" ") not in ({""} if name and lead else {"", "-"}) or not is_blank(
        after
    ):
        raise UnusualError
    before = (" " * len(margin) if name else margin) + before
    return Node(
        name,
        value,
        lead,
        before,
        text,
        after,
        _children(document, pointer, value, text),
    )


def _children(
    document: Document, pointer: Pointer, value: object, text: str
) -> tuple[Node, ...]:
    if not is_group(value):
        return ()
    if text.startswith(("[", "{")):
        return tuple(_flow_entries(document, pointer, value))
    is_below = isinstance(pointer[-1], str)
    line = document.key_span(pointer).line + is_below
    return tuple(_entries(document, pointer, value, line))


def _flow_entries(document: Document, parent: Pointer, group: object) -> Iterator[Node]:
    """Read entries that stand between brackets."""
    for key, value in _parts(group):
        pointer = (*parent, key)
        place, name = document.span(pointer), key if isinstance(key, str) else ""
        text = _text(document, place)
        if is_group(value) and not text.startswith(("[", "{")):
            raise UnusualError
        before = _between(document, document.key_span(pointer), place) if name else ""
        children = tuple(_flow_entries(document, pointer, value))
        yield Node(name, value, (), before, text, "", children)


def _between(document: Document, start: Span, end: Span) -> str:
    return _text(document, Span(start.line, start.column, end.line, end.column))


def _text(document: Document, span: Span) -> str:
    """Give the text that a span covers."""
    rows = list(document.lines[span.line - 1 : span.end_line])
    rows[-1] = rows[-1][: span.end_column - 1]
    rows[0] = rows[0][span.column - 1 :]
    return "\n".join(rows)
