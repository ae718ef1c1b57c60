"""Deals as cards under their stages, fitted to the terminal."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import zip_longest
from textwrap import wrap

from handoff.evaluation.report import Frame
from handoff.model.intervals import FOREVER
from handoff.views.cards import DAY, Card, Hand, Tally, age, closing, due_cell
from handoff.views.columns import GAP, Cell
from handoff.views.escaping import terminal
from handoff.views.states import ALARM, FAINT, STRONG
from handoff.views.style import Style

_SPARE = 100  # cards of a stage that may pile up before they are sorted
_NARROWEST, _WIDEST = 22, 40
"""Columns of a card: fewer cannot be read, more would tear the board apart."""


def render(frame: Frame, hands: Iterable[Hand], style: Style, *, limit: int) -> str:
    """Write deals as a board.

    Args:
        frame: what was asked.
        hands: the cards, some at a time, in any order; few of them are kept.
        style: stages stand side by side where the terminal is wide enough for two.
        limit: cards shown per stage; the others are counted.
    """
    stacks, tally = _stacks(frame, hands, limit)
    per_row, width = _grid(len(stacks), style.width)
    columns = [tuple(stack.cells(frame, limit, width)) for stack in stacks]
    rows = [
        "\n".join(_side_by_side(columns[n : n + per_row], width, style))
        for n in range(0, len(columns), per_row)
    ]
    ending = (*_nobody(stacks, frame, style), *closing(frame, tally))
    return "\n\n".join((*rows, "\n".join(ending))) + "\n"


@dataclass(slots=True)
class _Stack:
    """The cards of one stage: how many there are, and at least the first of them."""

    stage: str
    size: int = 0
    cards: list[Card] = field(default_factory=list)

    def add(self, card: Card, limit: int) -> None:
        self.size += 1
        self.cards.append(card)
        if len(self.cards) > _SPARE + 2 * limit:
            self.cards = self.first(limit)

    def first(self, limit: int) -> list[Card]:
        """Give what is late, then what is longest in its stage."""
        return sorted(self.cards, key=_order)[:limit]

    def cells(self, frame: Frame, limit: int, width: int) -> Iterator[Cell]:
        yield Cell(f"{self.stage} ({self.size:,})", STRONG)
        yield Cell("─" * width, FAINT)
        for number, card in enumerate(self.first(limit)):
            yield from (Cell(""),) if number else ()
            yield from _card(card, frame)
        if self.size > limit:
            yield Cell("")
            yield Cell(f"… and {self.size - limit:,} more", FAINT)


def _order(card: Card) -> tuple[bool, datetime, str]:
    is_late = card.is_overdue or bool(card.breaches)
    return not is_late, card.since or FOREVER, card.id


def _stacks(
    frame: Frame, hands: Iterable[Hand], limit: int
) -> tuple[list[_Stack], Tally]:
    """Stack cards by stage, in the order of the pipeline, without empty stages."""
    stacks = {name: _Stack(name) for name in frame.policy.pipeline.stages}
    tally = Tally()
    for hand in hands:
        tally += hand.tally
        for card in hand.cards:
            stacks[card.stage].add(card, limit)
    return [stack for stack in stacks.values() if stack.size], tally


def _grid(stacks: int, columns: int) -> tuple[int, int]:
    """Give how many stacks stand side by side, spread evenly, and how wide they are."""
    fitting = max((columns + len(GAP)) // (_NARROWEST + len(GAP)), 1)
    rows = max(-(-stacks // fitting), 1)
    per_row = max(-(-stacks // rows), 1)
    room = (columns - len(GAP) * (per_row - 1)) // per_row
    return per_row, min(room, _WIDEST)


def _card(card: Card, frame: Frame) -> Iterator[Cell]:
    yield Cell(card.title, STRONG)
    yield Cell(f"{age(card, frame)}, {terminal(card.owner)}")
    due = due_cell(card, frame, DAY)
    if due.text:
        yield due
    first, *others = card.breaches or ("",)
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


def _nobody(stacks: Iterable[_Stack], frame: Frame, style: Style) -> list[str]:
    """Name the stages without a deal; their names are plain ASCII, so lines wrap."""
    full = {stack.stage for stack in stacks}
    empty = [name for name in frame.policy.pipeline.stages if name not in full]
    named = f"nobody in: {', '.join(empty)}" if empty else ""
    return wrap(named, style.width, subsequent_indent="  ", break_on_hyphens=False)
