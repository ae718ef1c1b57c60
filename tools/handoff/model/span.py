"""Places: a pointer names a value in a header, a span where it stands in the file."""

from dataclasses import dataclass

Pointer = tuple[str | int, ...]
"""Path of keys and indexes from the top of the header, like RFC 6901 tokens."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A range in a file. Lines and columns count from 1, columns in code points.

    The end is exclusive; an empty span marks a point.
    """

    line: int
    column: int
    end_line: int
    end_column: int


TOP = Span(1, 1, 1, 1)
"""The place of a finding about a file as a whole."""


def line_span(line: int, text: str) -> Span:
    """Give the span of one whole line (1-based) whose content is `text`."""
    return Span(line, 1, line, len(text) + 1)


def format_pointer(pointer: Pointer) -> str:
    """Write a pointer as people read it: `events[2].next.due`."""
    parts = [f"[{p}]" if isinstance(p, int) else f".{p}" for p in pointer]
    return "".join(parts).removeprefix(".")
