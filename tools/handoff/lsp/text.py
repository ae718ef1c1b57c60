"""Text as an editor sees it: its lines, and columns in the units of the protocol.

The Language Server Protocol 3.17 ends lines at CR LF, LF or CR alone, and counts
columns in UTF-16 code units unless both sides agree on UTF-8 or UTF-32.
"""

import re
from dataclasses import dataclass

from handoff.model.span import Span

_BREAK = re.compile(r"\r\n|\r|\n")
_WORD = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")
_BYTES = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """A place between two characters; line and column count from 0, in code points."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Change:
    """Text to put in place of what stands between two points."""

    start: Point
    end: Point
    text: str


def split_lines(text: str) -> tuple[str, ...]:
    """Cut a text into lines without their ends; there is always at least one."""
    return tuple(_BREAK.split(text))


def line_at(lines: tuple[str, ...], number: int) -> str:
    """Give a line, counted from 0; empty where there is none."""
    return lines[number] if 0 <= number < len(lines) else ""


def start_of(span: Span) -> Point:
    """Give the point where a span starts."""
    return Point(span.line - 1, span.column - 1)


def end_of(span: Span) -> Point:
    """Give the point where a span ends."""
    return Point(span.end_line - 1, span.end_column - 1)


def to_units(line: str, column: int, encoding: str) -> int:
    """Count the code units in front of a column.

    Args:
        line: the whole line.
        column: in code points; past the end it means the end.
        encoding: `utf-8`, `utf-16` or `utf-32`.
    """
    codec, width = _BYTES[encoding]
    return len(line[: max(column, 0)].encode(codec, "surrogatepass")) // width


def from_units(line: str, units: int, encoding: str) -> int:
    """Find the column, in code points, in front of which some code units stand.

    Units that end within a character mean its end; past the line, its end.
    """
    left = units
    for column, character in enumerate(line):
        if left <= 0:
            return column
        left -= to_units(character, 1, encoding)
    return len(line)


def word_at(line: str, column: int) -> tuple[int, int]:
    """Find the name that a column touches: where it starts and ends."""
    for found in _WORD.finditer(line):
        if found.start() <= column <= found.end():
            return found.span()
    return column, column


def difference(old: str, new: str) -> Change:
    """Give the one change of whole lines that turns a text into another."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    head = _shared(before, after)
    tail = _shared(before[head:][::-1], after[head:][::-1])
    text = "".join(after[head : len(after) - tail])
    start = len("".join(before[:head]))
    end = len(old) - len("".join(before[len(before) - tail :])) if tail else len(old)
    return Change(_point(old, start), _point(old, end), text)


def _shared(one: list[str], other: list[str]) -> int:
    pairs = zip(one, other, strict=False)
    return next(
        (n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other))
    )


def _point(text: str, offset: int) -> Point:
    lines = split_lines(text[:offset])
    return Point(len(lines) - 1, len(lines[-1]))
