"""What waits on somebody, for people at a terminal."""

from collections.abc import Iterable, Iterator

from handoff.evaluation.inbox import Waiting
from handoff.evaluation.report import Frame
from handoff.views.columns import Cell, Shrink, align
from handoff.views.escaping import terminal
from handoff.views.states import ALARM
from handoff.views.style import Style
from handoff.views.words import count, due

_DUE, _COMPANY, _ID, _WHO = range(4)
_SHRINK: tuple[Shrink, ...] = ((_ID, 12), (_COMPANY, 8), (_WHO, 8), (_ID, 0))
_INDENT = "  "


def render(waiting: Iterable[Waiting], frame: Frame, style: Style) -> str:
    """Write each thing, what is to be done below it, and how many there are."""
    listed = tuple(waiting)
    rows = align([_row(each, frame) for each in listed], style, _SHRINK)
    lines = [
        line
        for row, each in zip(rows, listed, strict=True)
        for line in (row, *_below(each))
    ]
    late = sum(each.is_overdue for each in listed)
    overdue = f", {late:,} overdue" if late else ""
    total = (
        f"{count(len(listed), 'thing')} to do{overdue}" if listed else "nothing waits"
    )
    return "\n".join((*lines, total)) + "\n"


def _row(each: Waiting, frame: Frame) -> tuple[Cell, ...]:
    until = due(each.due, frame.policy.zone) if each.due else "on hold"
    word = f"OVERDUE {until}" if each.is_overdue else f"due {until}"
    text = word if each.due else until
    role = f" (told as {each.told_as})" if each.told_as else ""
    return (
        Cell(text, ALARM if each.is_overdue else ""),
        Cell(terminal(each.company)),
        Cell(terminal(each.record)),
        Cell(terminal(f"{each.who}{role}")),
    )


def _below(each: Waiting) -> Iterator[str]:
    lines = (each.what, *each.more, each.packet)
    yield from (f"{_INDENT}{terminal(line)}" for line in lines if line)
