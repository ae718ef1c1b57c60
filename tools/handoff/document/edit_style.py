"""Writing new values as the lines around them are written."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from handoff.document.rendering import render_mapping, render_scalar

_NUMBER = re.compile(r"0|[1-9][0-9]{0,14}")
_FLOW_MARKS = re.compile(r"[,\[\]{}]")


@dataclass(frozen=True, slots=True)
class Style:
    """How a header is laid out.

    Attributes:
        step: columns by which a group or text stands to the right of its key.
        dash: columns by which a list does.
        width: columns of a dash and the blanks behind it.
        has_plain_numbers: whether this header writes digits without quotes, so that
            a number may come as text.
        has_blocks: whether texts of several lines may be written under `|`.
    """

    step: int
    dash: int
    width: int
    has_plain_numbers: bool
    has_blocks: bool = True


def is_group(value: object) -> bool:
    """Tell whether a value takes lines of its own: a list or mapping with entries."""
    return bool(value) and _is_container(value)


def leaf_lines(value: object, style: Style) -> list[str]:
    """Write a text, number or empty group: what stands behind the key, then the rest.

    The rest is not indented.
    """
    if isinstance(value, str) and style.has_plain_numbers and _NUMBER.fullmatch(value):
        return [value]
    if isinstance(value, str) and not style.has_blocks:
        return [render_scalar(value)]
    first, *rest = render_mapping({"k": value}).removesuffix("\n").split("\n")
    return [first.removeprefix("k: "), *(line.removeprefix("  ") for line in rest)]


def flow_leaf(value: object, style: Style) -> str | None:
    """Write a value inside brackets; `None` for what needs lines of its own."""
    if is_group(value):
        return None
    text = leaf_lines(value, replace(style, has_blocks=False))[0]
    if isinstance(value, str) and text == value and _FLOW_MARKS.search(text):
        return "'" + text.replace("'", "''") + "'"
    return text


def group_lines(value: object, style: Style) -> Iterator[str]:
    """Write the entries of a list or mapping, not indented."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from entry_lines(key, item, style)
    elif isinstance(value, Sequence):
        for each in value:
            yield from item_lines(each, style)


def value_lines(value: object, style: Style) -> Sequence[str]:
    """Write any value, not indented."""
    if is_group(value):
        return list(group_lines(value, style))
    return leaf_lines(value, style)


def entry_lines(key: str, value: object, style: Style) -> Iterator[str]:
    """Write one field of a mapping."""
    name = render_mapping({key: ""}).removesuffix(' ""\n')
    if is_group(value):
        yield name
        yield from indented(group_lines(value, style), indent_of(value, style))
        return
    first, *rest = leaf_lines(value, style)
    yield f"{name} {first}"
    yield from indented(rest, style.step)


def item_lines(value: object, style: Style) -> Iterator[str]:
    """Write one item of a list."""
    first, *rest = value_lines(value, style)
    yield "-".ljust(style.width) + first
    yield from indented(rest, style.width)


def indent_of(value: object, style: Style) -> int:
    """Tell how far to the right of its key a group stands."""
    return style.step if isinstance(value, Mapping) else style.dash


def indented(lines: Iterable[str], columns: int) -> Iterator[str]:
    """Move lines to the right; blank ones stay blank."""
    return (" " * columns + line if line else "" for line in lines)


def _is_container(value: object) -> bool:
    return isinstance(value, Mapping | Sequence) and not isinstance(value, str)
