"""Deals as cards under their stages, fitted to the terminal."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from textwrap import wrap

from handoff.evaluation.report import Report
from handoff.evaluation.status import Status
from handoff.model.intervals import FOREVER
from handoff.views.columns import GAP, Cell
from handoff.views.escaping import terminal
from handoff.views.states import ALARM, FAINT, STRONG, is_alarm
from handoff.views.status_text import DAY, closing, company, due_cell
from handoff.views.style import Style
from handoff.views.words import days

_NARROWEST, _WIDEST = 22, 40
"""Columns of a card: fewer cannot be read, more would tear the board apart."""


def render(report: Report, style: Style, *, limit: int) -> str:
    """Write the deals of a report as a board.

    Args:
        report: its `statuses` are the cards.
        style: stages stand side by side where the terminal is wide enough for two.
        limit: cards shown per stage; the others are counted.
    """
    groups = _by_stage(report)
    per_row, width = _grid(len(groups), style.width)
    board = _Board(report, limit, width, _breaches(report))
    stacks = [tuple(_stack(name, group, board)) for name, group in groups.items()]
    rows = [
        "\n".join(_side_by_side(stacks[n : n + per_row], width, style))
        for n in range(0, len(stacks), per_row)
    ]
    ending = (*_nobody(groups, report, style), *closing(report))
    return "\n\n".join((*rows, "\n".join(ending))) + "\n"


@dataclass(frozen=True, slots=True)
class _Board:
    """What cards are drawn from; `breaches` names overdue clocks by deal."""

    report: Report
    limit: int
    width: int
    breaches: Mapping[str, tuple[str, ...]]

    def order(self, status: Status) -> tuple[bool, datetime, str]:
        """Sort key: what is late first, then what is longest in its stage."""
        is_late = status.is_overdue(self.report.now) or status.id in self.breaches
        return not is_late, status.entered_at.instant or FOREVER, status.id


def _by_stage(report: Report) -> Mapping[str, list[Status]]:
    """Group deals by stage, in the order of the pipeline, without empty stages."""
    groups: dict[str, list[Status]] = {
        name: [] for name in report.policy.pipeline.stages
    }
    for status in report.statuses:
        groups[status.stage.name].append(status)
    return {name: group for name, group in groups.items() if group}


def _breaches(report: Report) -> Mapping[str, tuple[str, ...]]:
    """Name the overdue clocks of each deal, but for the one on its next action.

    That one says what the card's due date says already.
    """
    found: dict[str, tuple[str, ...]] = {}
    for reading in report.readings:
        if is_alarm(reading) and reading.clock.due[:1] != ("next",):
            names = found.get(reading.record, ())
            found[reading.record] = (*names, reading.clock.name)
    return found


def _grid(stacks: int, columns: int) -> tuple[int, int]:
    """Give how many stacks stand side by side, spread evenly, and how wide they are."""
    fitting = max((columns + len(GAP)) // (_NARROWEST + len(GAP)), 1)
    rows = max(-(-stacks // fitting), 1)
    per_row = max(-(-stacks // rows), 1)
    room = (columns - len(GAP) * (per_row - 1)) // per_row
    return per_row, min(room, _WIDEST)


def _stack(stage: str, group: list[Status], board: _Board) -> Iterator[Cell]:
    yield Cell(f"{stage} ({len(group):,})", STRONG)
    yield Cell("─" * board.width, FAINT)
    shown = sorted(group, key=board.order)[: board.limit]
    for number, status in enumerate(shown):
        yield from (Cell(""),) if number else ()
        yield from _card(status, board)
    if len(group) > len(shown):
        yield Cell("")
        yield Cell(f"… and {len(group) - len(shown):,} more", FAINT)


def _card(status: Status, board: _Board) -> Iterator[Cell]:
    report = board.report
    age = days(status.days_in_stage(report.now))
    yield Cell(company(status), STRONG)
    yield Cell(f"{age}, {terminal(status.deal.opportunity.owner)}")
    due = due_cell(status, report, DAY)
    if due.text:
        yield due
    first, *others = board.breaches.get(status.id, ("",))
    if first:
        more = f" +{len(others)}" if others else ""
        yield Cell(f"BREACHED{more} {first}", ALARM)


def _side_by_side(
    stacks: Sequence[tuple[Cell, ...]],
    width: int,
    style: Style,
) -> Iterator[str]:
    for cells in zip_longest(*stacks, fillvalue=Cell("")):
        yield GAP.join(cell.shown(width, style) for cell in cells).rstrip()


def _nobody(
    groups: Mapping[str, list[Status]],
    report: Report,
    style: Style,
) -> list[str]:
    """Name the stages without a deal; their names are plain ASCII, so lines wrap."""
    empty = [name for name in report.policy.pipeline.stages if name not in groups]
    named = f"nobody in: {', '.join(empty)}" if empty else ""
    return wrap(named, style.width, subsequent_indent="  ", break_on_hyphens=False)
