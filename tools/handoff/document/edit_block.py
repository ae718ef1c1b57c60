"""Steps on what takes lines of its own, and on values behind a colon or dash."""

import re
from collections.abc import Iterator, Sequence

from handoff.document.edit_data import Data, find
from handoff.document.edit_layout import Layout, Slot, is_comment, margin
from handoff.document.edit_lines import Lines
from handoff.document.edit_plan import Cut, Insert, Put, Step
from handoff.document.edit_style import (
    Style,
    entry_lines,
    indent_of,
    indented,
    is_group,
    item_lines,
    value_lines,
)
from handoff.document.edits import neighbours
from handoff.model.span import Pointer

_BLOCK_TEXT = re.compile(r"[|>][-+0-9]*")


def in_block(layout: Layout, step: Step, style: Style) -> Iterator[Lines]:
    """Give the file with a step made, in one or two ways."""
    match step:
        case Put(pointer, value):
            slot = layout.slot(pointer)
            if slot:
                new = _put(layout, slot, pointer, value, style)
                yield layout.lines.replaced(slot.at[0], slot.end[0] + 1, new)
        case Insert(pointer, value, order):
            if isinstance(pointer[-1], str):
                yield from _insert_field(layout, pointer, value, order, style)
            else:
                yield from _insert_item(layout, pointer, value, style)
        case Cut(pointer):
            yield _cut(layout, pointer)


def _put(
    layout: Layout, slot: Slot, pointer: Pointer, value: object, style: Style
) -> Sequence[str]:
    """Write the lines of a key or dash with a new value.

    What stands between the key and a value on further lines stays below the key.
    """
    head = layout.texts[slot.at[0]][: slot.after]
    tail = _tail(layout, slot, pointer)
    between = layout.texts[slot.at[0] + 1 : slot.start[0]]
    lines = value_lines(value, style)
    if slot.is_item and not slot.is_on_line:
        return [head + tail, *between, *indented(lines, slot.start[1])]
    if slot.is_item or not is_group(value):
        line = layout.texts[slot.at[0]]
        gap = line[slot.after : slot.start[1]] if slot.is_on_line else ""
        first = head + (gap or " ")
        column = slot.at[1] + style.step if not slot.is_item else len(first)
        return [first + lines[0] + tail, *indented(lines[1:], column), *between]
    column = slot.at[1] + indent_of(value, style)
    if not slot.is_on_line and _is_alike(find(layout.data, pointer), value):
        column = slot.start[1]
    return [(head + tail).rstrip(), *between, *indented(lines, column)]


def _is_alike(old: Data | None, value: object) -> bool:
    """Tell whether both are lists, or both mappings."""
    return isinstance(old, list) == isinstance(value, list | tuple) and bool(old)


def _tail(layout: Layout, slot: Slot, pointer: Pointer) -> str:
    """Give the comment that is to stay behind a new value, and the blanks before it."""
    line = layout.texts[slot.start[0]]
    before = "" if slot.is_on_line else layout.texts[slot.at[0]][slot.after :]
    behind = layout.texts[slot.end[0]][slot.end[1] :]
    if block := _BLOCK_TEXT.match(line, slot.start[1]):
        behind = line[block.end() :]
    elif layout.is_block(pointer):
        behind = ""
    tail = before + behind
    return tail if tail.strip() or slot.start < slot.end else ""


def _insert_field(
    layout: Layout, pointer: Pointer, value: object, order: Sequence[str], style: Style
) -> Iterator[Lines]:
    """Add a field to a mapping, at the place that `order` gives it."""
    siblings = layout.siblings(pointer)
    at, column = _place(layout, siblings, str(pointer[-1]), order)
    lines = list(indented(entry_lines(str(pointer[-1]), value, style), column))
    yield from _inserted(layout, at, lines)


def _place(
    layout: Layout, siblings: Sequence[Pointer], name: str, order: Sequence[str]
) -> tuple[int, int]:
    """Find the line in front of which a new field goes, and its column."""
    known = {str(pointer[-1]): pointer for pointer in siblings}
    before, after = neighbours(name, order, known)
    column = layout.holder(siblings[0])[1]
    if after and not before:
        line = layout.holder(known[after])[0]
        if not layout.texts[line][:column].strip():
            return _above_comments(layout, line, column), column
        before = after
    return layout.line_after(known[before] if before else siblings[-1]), column


def _above_comments(layout: Layout, line: int, column: int) -> int:
    """Give the first of the comments directly above a key, as far left as it is."""
    above = layout.texts[line - 1]
    while is_comment(above) and margin(above) == column:
        line, above = line - 1, layout.texts[line - 2]
    return line


def _insert_item(
    layout: Layout, pointer: Pointer, value: object, style: Style
) -> Iterator[Lines]:
    """Add an item behind the last one, apart from it if that is apart from another."""
    siblings = layout.siblings(pointer)
    column = layout.start(pointer[:-1])[1]
    apart = [""] if _is_apart(layout, siblings[-2:]) else []
    lines = list(indented(item_lines(value, style), column))
    yield from _inserted(layout, layout.line_after(pointer[:-1]), [*apart, *lines])


def _is_apart(layout: Layout, pair: Sequence[Pointer]) -> bool:
    """Tell whether a blank line stands between two items."""
    if len(pair) == 1:
        return False
    start, stop = layout.end(pair[0])[0] + 1, layout.holder(pair[1])[0]
    return any(not text.strip() for text in layout.texts[start:stop])


def _inserted(layout: Layout, at: int, new: Sequence[str]) -> Iterator[Lines]:
    """Add lines, first directly below what is there, then below blank lines.

    Blank lines can be part of the text above them (`|+`).
    """
    yield layout.lines.replaced(at, at, new)
    while not layout.texts[at].strip():
        at += 1
    yield layout.lines.replaced(at, at, new)


def _cut(layout: Layout, pointer: Pointer) -> Lines:
    """Remove an entry; one behind a dash gives its place to the next."""
    (line, column), end = layout.holder(pointer), layout.end(pointer)[0]
    prefix = layout.texts[line][:column]
    if not prefix.strip():
        return layout.lines.replaced(line, end + 1, [])
    siblings = layout.siblings(pointer)
    following = siblings[siblings.index(pointer) + 1 :]
    below = layout.holder(following[0]) if following else (end + 2, 0)
    if below[0] > end + 1:
        return layout.lines.replaced(line, end + 1, [prefix.rstrip()])
    text = prefix + layout.texts[below[0]][below[1] :]
    return layout.lines.replaced(line, below[0] + 1, [text])
