"""The open next actions of all deals, as a list of tasks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from handoff.evaluation.report import Frame
from handoff.evaluation.status import NextAction
from handoff.model.instant import format_instant
from handoff.model.intervals import FOREVER
from handoff.views.cards import Card, Hand
from handoff.views.columns import Cell, Shrink, align
from handoff.views.escaping import json_text, terminal
from handoff.views.states import ALARM
from handoff.views.style import Style
from handoff.views.words import action_due, count

_DUE, _ACTION, _OWNER, _ID = range(4)
_SHRINK: tuple[Shrink, ...] = ((_ACTION, 20), (_ID, 12), (_OWNER, 8), (_ID, 0))


@dataclass(frozen=True, slots=True)
class Task:
    """One next action of one open deal."""

    record: str
    company: str
    action: NextAction
    is_overdue: bool
    is_on_hold: bool

    @property
    def order(self) -> tuple[datetime, str]:
        """Sort key: by due instant, then record."""
        return (self.action.due_at or FOREVER, self.record)


def in_order(hands: Iterable[Hand], owner: str | None) -> tuple[Task, ...]:
    """List the open next actions, those due first on top.

    Args:
        hands: the deals, some at a time, in any order.
        owner: handle of the one person wanted, or `None` for everybody.
    """
    found = (_task(card) for hand in hands for card in hand.cards)
    wanted = (t for t in found if t and owner in (None, t.action.owner))
    return tuple(sorted(wanted, key=lambda task: task.order))


def render_text(tasks: Iterable[Task], frame: Frame, style: Style) -> str:
    """Write a line for each task, and how many there are."""
    listed = tuple(tasks)
    rows = [_row(task, frame) for task in listed]
    lines = align(rows, style, _SHRINK)
    late = sum(task.is_overdue for task in listed)
    overdue = f", {late:,} overdue" if late else ""
    return "\n".join((*lines, f"{count(len(listed), 'task')}{overdue}")) + "\n"


def render_json(tasks: Iterable[Task], frame: Frame) -> str:
    """Write the tasks as JSON, version 1."""
    return json_text(
        {
            "version": 1,
            "now": format_instant(frame.now),
            "rev": frame.rev,
            "tasks": [_entry(task) for task in tasks],
        }
    )


def _task(card: Card) -> Task | None:
    if card.next is None:
        return None
    late, held = card.is_overdue, card.is_on_hold
    return Task(card.id, card.company, card.next, late, held)


def _row(task: Task, frame: Frame) -> tuple[Cell, ...]:
    until = terminal(action_due(task.action, frame.policy.zone))
    due = Cell("on hold" if task.is_on_hold else f"due {until}")
    due = Cell(f"OVERDUE {until}", ALARM) if task.is_overdue else due
    action, owner = terminal(task.action.action), terminal(task.action.owner)
    return (due, Cell(action), Cell(owner), Cell(task.record))


def _entry(task: Task) -> Mapping[str, object]:
    due = task.action.due_at
    return {
        "opportunity": task.record,
        "company": task.company,
        "action": task.action.action,
        "owner": task.action.owner,
        "due": task.action.due,
        "due_at": format_instant(due) if due else None,
        "overdue": task.is_overdue,
        "on_hold": task.is_on_hold,
    }
