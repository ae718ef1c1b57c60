"""Lines merged three ways, and what is left where that fails.

The rules are those of git's own text merge: edits that touch are one place, a place
edited on both sides is a conflict, and lines both sides agree on stand outside it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Side = Literal["ours", "theirs"]
SIDES: tuple[Side, Side] = ("ours", "theirs")


@dataclass(frozen=True, slots=True)
class Conflict:
    """Lines that somebody has to choose between; an empty side removes them."""

    ours: tuple[str, ...]
    theirs: tuple[str, ...]


Lines = tuple[str | Conflict, ...]
"""Merged lines, without line feeds."""

_Edit = tuple[int, int, int]
"""First and last (exclusive) line of the base, and by how many lines it grows."""


def resolve(lines: Lines, side: Side) -> tuple[str, ...]:
    """Give the lines with every conflict decided for one side."""
    return tuple(_chosen(lines, side))


def _chosen(lines: Lines, side: Side) -> Iterator[str]:
    for line in lines:
        if isinstance(line, Conflict):
            yield from line.ours if side == "ours" else line.theirs
        else:
            yield line


def mark(lines: Lines, label: str) -> Iterator[str]:
    """Write conflicts the way git does, marker lines and both sides.

    Args:
        lines: merged lines.
        label: what follows `ours:` and `theirs:` on the marker lines; one line.
    """
    for line in lines:
        if isinstance(line, Conflict):
            yield f"<<<<<<< ours:{label}"
            yield from line.ours
            yield "======="
            yield from line.theirs
            yield f">>>>>>> theirs:{label}"
        else:
            yield line


def merge_lines(
    base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]
) -> Lines:
    """Merge three versions of some lines."""
    if base in (ours, theirs) or ours == theirs:
        return _settle(base, ours, theirs)
    edits = (_edits(base, ours), _edits(base, theirs))
    merged: list[str | Conflict] = []
    done = 0
    for first, last in _places(edits[0] + edits[1]):
        parts = (
            _part(lines, edit, first, last)
            for lines, edit in zip((ours, theirs), edits, strict=True)
        )
        merged += base[done:first]
        merged += _settle(base[first:last], *parts)
        done = last
    return (*merged, *base[done:])


def _edits(base: Sequence[str], side: Sequence[str]) -> list[_Edit]:
    """Find what a side changed; what stays around it is cut off first, for speed."""
    head, tail = _shared(base, side)
    changed = (base[head : len(base) - tail], side[head : len(side) - tail])
    matcher = SequenceMatcher(None, *changed, autojunk=False)
    return [
        (head + i, head + j, (n - m) - (j - i))
        for kind, i, j, m, n in matcher.get_opcodes()
        if kind != "equal"
    ]


def _shared(one: Sequence[str], other: Sequence[str]) -> tuple[int, int]:
    """Count the lines that two sides share at the start, and at the end."""
    size = min(len(one), len(other))
    head = next((n for n in range(size) if one[n] != other[n]), size)
    rest = size - head
    tail = next((n for n in range(rest) if one[-1 - n] != other[-1 - n]), rest)
    return head, tail


def _places(edits: list[_Edit]) -> list[tuple[int, int]]:
    """Join edits that touch into places of the base."""
    places: list[tuple[int, int]] = []
    for first, last, _ in sorted(edits):
        if places and first <= places[-1][1]:
            first, last = places[-1][0], max(last, places[-1][1])  # noqa: PLW2901 - joined
            places.pop()
        places.append((first, last))
    return places


def _part(
    lines: Sequence[str], edits: list[_Edit], first: int, last: int
) -> Sequence[str]:
    """Give what a side has for a place of the base."""
    start = first + sum(growth for _, end, growth in edits if end < first)
    stop = last + sum(growth for begin, _, growth in edits if begin <= last)
    return lines[start:stop]


def _settle(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> Lines:
    """Decide one place, or keep both sides of it."""
    if theirs in (ours, base):
        return tuple(ours)
    if ours == base:
        return tuple(theirs)
    head, tail = _shared(ours, theirs)
    sides = (tuple(side[head : len(side) - tail]) for side in (ours, theirs))
    return (*ours[:head], Conflict(*sides), *ours[len(ours) - tail :])
