"""A merged header as lines, each taken as it is from the side it comes from."""

from collections.abc import Mapping

from handoff.document.merge_fields import Clash, Group, Outcome
from handoff.document.merge_lines import SIDES, Conflict, Lines, Side, resolve
from handoff.document.merge_nodes import Node, UnusualError, is_blank


def weave_entries(group: Group) -> Lines:
    """Give the lines of the fields or items of a group that is not in brackets.

    Raises:
        UnusualError: a group in brackets has comments in it.
    """
    indent = group.ours.children[0].indent
    lines: list[str | Conflict] = []
    for entry in group.entries:
        lines += (*entry.lead, *_weave(entry.outcome, indent))
    return tuple(lines)


def _weave(outcome: Outcome, indent: int) -> Lines:
    if isinstance(outcome, Node):
        return outcome.lines_at(indent)
    if isinstance(outcome, Clash):
        sides = (outcome.ours, outcome.theirs)
        return (Conflict(*(node.lines_at(indent) if node else () for node in sides)),)
    return _weave_flow(outcome) if outcome.ours.is_flow else _weave_block(outcome)


def _weave_block(group: Group) -> Lines:
    """Give the lines of a group; it must stay one whichever side is chosen."""
    lines = weave_entries(group)
    first = _first(lines)
    # The first field of an item holds the dash, so a side must not remove it alone.
    vital = lines if group.ours.name else lines[first : first + 1]
    if all(_has_entry(resolve(vital, side)) for side in SIDES):
        return _closed(group, lines)
    chosen = (_closed(group, resolve(lines, side)) for side in SIDES)
    return _undecided(*(resolve(side, "ours") for side in chosen))


def _first(lines: Lines) -> int:
    """Find the first line, or conflict, that is no comment."""
    for number, line in enumerate(lines):
        if isinstance(line, Conflict) or not is_blank(line):
            return number
    return len(lines)


def _has_entry(lines: Lines) -> bool:
    return _first(lines) < len(lines)


def _closed(group: Group, lines: Lines) -> Lines:
    """Put lines below their key, or behind their dash."""
    first = _first(lines)
    node, is_empty = group.ours, first == len(lines)
    nothing = "{}" if isinstance(node.value, Mapping) else "[]"
    if node.name:
        head = group.head
        return (*lines, f"{head} {nothing}") if is_empty else (head, *lines)
    if is_empty:
        return (*lines, f"{' ' * node.indent}- {nothing}")
    return (*lines[:first], _dashed(lines[first], node.indent), *lines[first + 1 :])


def _dashed(line: str | Conflict, indent: int) -> str | Conflict:
    if isinstance(line, str):
        return f"{line[:indent]}-{line[indent + 1 :]}"
    sides = (line.ours, line.theirs)
    return Conflict(*((f"{s[0][:indent]}-{s[0][indent + 1 :]}", *s[1:]) for s in sides))


def _undecided(ours: tuple[str, ...], theirs: tuple[str, ...]) -> Lines:
    return ours if ours == theirs else (Conflict(ours, theirs),)


def _weave_flow(group: Group) -> Lines:
    """Give the lines of a group in brackets, as a whole if there is a conflict."""
    texts = (group.ours.before + _flow(group, side) + group.after for side in SIDES)
    return _undecided(*(tuple(text.split("\n")) for text in texts))


def _flow(group: Group, side: Side) -> str:
    """Write a group in brackets with our spacing inside them."""
    text = group.ours.text
    if any(
        "#" in node.text and "\n" in node.text for node in (group.ours, group.theirs)
    ):
        raise UnusualError
    parts = (_flow_entry(entry.outcome, side) for entry in group.entries)
    inner = ", ".join(part for part in parts if part)
    blank = " " if inner and text[1:2] == " " and text[-2:-1] == " " else ""
    return text[0] + blank + inner + blank + text[-1]


def _flow_entry(outcome: Outcome, side: Side) -> str:
    if isinstance(outcome, Group):
        return outcome.ours.before + _flow(outcome, side)
    if isinstance(outcome, Clash):
        chosen = outcome.ours if side == "ours" else outcome.theirs
        return chosen.source if chosen else ""
    return outcome.source
