"""Three versions of a body merged section by section, and by lines inside one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from handoff.document.document import Document
from handoff.document.merge_lines import Conflict, Lines, merge_lines
from handoff.document.merge_order import Key, merge_order


@dataclass(frozen=True, slots=True)
class Block:
    """A section with its heading, or what stands above the first one.

    Attributes:
        lines: its lines without the blank ones at the end.
        gap: those blank ones; `None` for the last block, which the file ends.
    """

    lines: tuple[str, ...]
    gap: tuple[str, ...] | None


Blocks = Mapping[Key, Block]


def read_blocks(document: Document) -> Blocks:
    """Cut a body at its level-2 headings; blocks are known by title."""
    starts = [document.body_line, *(s.span.line for s in document.sections)]
    titles = ["", *(section.title for section in document.sections)]
    found: dict[Key, Block] = {}
    bounds = pairwise((*starts, len(document.lines) + 1))
    for number, (title, (start, end)) in enumerate(zip(titles, bounds, strict=True)):
        lines, gap = trimmed(document.lines[start - 1 : end - 1])
        is_last = number == len(titles) - 1
        key = (title, titles[:number].count(title))
        found[key] = Block(lines, None if is_last else gap)
    return found


def trimmed(lines: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Cut the blank lines off the end of some lines; give both."""
    size = len(lines)
    while size and not lines[size - 1].strip():
        size -= 1
    return tuple(lines[:size]), tuple(lines[size:])


def merge_blocks(base: Blocks, ours: Blocks, theirs: Blocks) -> Mapping[Key, Lines]:
    """Merge sections by title; one that is gone is left out."""
    order = merge_order(tuple(base), tuple(ours), tuple(theirs), lambda key: key)
    merged = (
        (key, _merge(base.get(key), ours.get(key), theirs.get(key))) for key in order
    )
    return {key: lines for key, lines in merged if lines is not None}


def _merge(
    base: Block | None, ours: Block | None, theirs: Block | None
) -> Lines | None:
    if ours and theirs:
        return merge_lines(base.lines if base else (), ours.lines, theirs.lines)
    kept = ours or theirs
    if base and kept:
        is_same = kept.lines == base.lines
        sides = (block.lines if block else () for block in (ours, theirs))
        return None if is_same else (Conflict(*sides),)
    return kept.lines if kept else None


def join_blocks(merged: Mapping[Key, Lines], ours: Blocks, theirs: Blocks) -> Lines:
    """Put merged sections below one another, with the blank lines they had."""
    lines: list[str | Conflict] = []
    for number, (key, block) in enumerate(merged.items()):
        lines += block
        if number < len(merged) - 1:
            lines += _gap(ours.get(key), theirs.get(key))
    return tuple(lines)


def _gap(ours: Block | None, theirs: Block | None) -> tuple[str, ...]:
    gaps = (block.gap for block in (ours, theirs) if block)
    return next((gap for gap in gaps if gap is not None), ("",))
