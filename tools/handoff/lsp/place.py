"""Where in a header somebody is: which field, and whether at its name or its value."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from handoff.lsp.sketch import Node, Sketch, sketch
from handoff.lsp.text import Point, line_at, word_at
from handoff.model.span import Pointer

_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_COMMENT = re.compile(r"(?:^|\s)#")


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a header.

    Attributes:
        pointer: the field whose value it is; at a name, the group that the name is in.
        groups: for each step of the pointer, and for its end, the plain fields there.
        is_name: whether a name is, or could be, written here.
        is_flow: whether it lies between brackets.
        name: the name under the cursor, empty if it is not one yet.
        sketch: the header it was found in.
        line: from 0.
        start: column of the word that is being typed.
        end: the column behind it.
    """

    pointer: Pointer
    groups: tuple[Mapping[str, str], ...]
    is_name: bool
    is_flow: bool
    name: str
    sketch: Sketch
    line: int
    start: int
    end: int


def place_at(
    lines: tuple[str, ...], cursor: Point, *, is_whole: bool = False
) -> Place | None:
    """Find the place of a cursor; `None` outside the header, in comments and texts."""
    known = sketch(lines, is_whole=is_whole, cursor=cursor)
    text = line_at(lines, cursor.line)
    before = _QUOTED.sub("", text[: cursor.column])
    if (
        cursor.line not in known.rows
        or cursor.line in known.prose
        or _COMMENT.search(before)
    ):
        return None
    node = _node_at(known.root, cursor)
    return _place(known, node, cursor, text) if node else None


def _node_at(root: Node, cursor: Point) -> Node | None:
    """Find the last entry on a line that starts in front of the cursor."""
    found = None
    for node in root.walk():
        if node.line == cursor.line and node.column <= cursor.column <= node.until:
            found = node
    return found


def _place(known: Sketch, node: Node, cursor: Point, text: str) -> Place:
    is_item = isinstance(node.step, int)
    is_loose = is_item and not node.is_flow
    is_key = not is_item and (node.step == "" or cursor.column <= node.end)
    holder = node.parent if is_key and node.parent else node
    start, end = word_at(text, cursor.column)
    return Place(
        pointer=holder.pointer,
        groups=_groups(holder),
        is_name=is_key or is_loose,
        is_flow=node.is_flow,
        name=str(node.step) if is_key else "",
        sketch=known,
        line=cursor.line,
        start=start,
        end=end,
    )


def _groups(node: Node) -> tuple[Mapping[str, str], ...]:
    above = _groups(node.parent) if node.parent else ()
    return (*above, node.fields)
