"""Steps inside `[...]` and `{...}`: words are spliced into the line."""

from collections.abc import Iterator

from handoff.document.edit_layout import At, Layout
from handoff.document.edit_lines import Lines
from handoff.document.edit_plan import Cut, Insert, Put, Step
from handoff.document.edit_style import Style, flow_leaf
from handoff.model.span import Pointer


def in_brackets(layout: Layout, step: Step, style: Style) -> Iterator[Lines]:
    """Give the file with a step made, if the new value fits into brackets."""
    match step:
        case Cut(pointer):
            yield _cut(layout, pointer)
        case Put(pointer, value):
            text = flow_leaf(value, style)
            if text is not None:
                yield _splice(layout, layout.start(pointer), layout.end(pointer), text)
        case Insert(pointer, value):
            text = flow_leaf(value, style)
            if text is not None:
                yield _insert(layout, pointer, text, style)


def _insert(layout: Layout, pointer: Pointer, text: str, style: Style) -> Lines:
    """Add an entry behind the last one."""
    key = pointer[-1]
    name = f"{flow_leaf(key, style)}: " if isinstance(key, str) else ""
    end = layout.end(layout.siblings(pointer)[-1])
    return _splice(layout, end, end, f", {name}{text}")


def _cut(layout: Layout, pointer: Pointer) -> Lines:
    """Remove an entry up to the next one, or the last one from the end before it."""
    siblings = layout.siblings(pointer)
    at = siblings.index(pointer)
    if pointer != siblings[-1]:
        start, end = layout.key(pointer), layout.key(siblings[at + 1])
    else:
        start, end = layout.end(siblings[at - 1]), layout.end(pointer)
    return _splice(layout, start, end, "")


def _splice(layout: Layout, start: At, end: At, text: str) -> Lines:
    """Put `text` in place of what stands between two places."""
    first, last = layout.texts[start[0]], layout.texts[end[0]]
    line = first[: start[1]] + text + last[end[1] :]
    return layout.lines.replaced(start[0], end[0] + 1, [line])
