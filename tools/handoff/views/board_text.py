"""Deals as cards under their stages, fitted to the terminal."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, zip_longest
from textwrap import wrap

from handoff.evaluation.report import Frame
from handoff.model.intervals import FOREVER
from handoff.views.cards import DAY, Card, Hand, Tally, age, closing, due_cell
from handoff.views.columns import GAP, Cell
from handoff.views.escaping import terminal
from handoff.views.states import ALARM, FAINT, STRONG
from handoff.views.style import Style

_NARROWEST, _WIDEST = 22, 40
"""Columns of a card: fewer cannot be read, more would tear the board apart."""


def render(frame: Frame, hands: Iterable[Hand], style: Style, *, limit: int) -> str:
    """Write deals as a board.

    Args:
        frame: what was asked.
        hands: the cards, some at a time, in any order.
        style: stages stand side by side where the terminal is wide enough for two.
        limit: cards shown per stage; the others are counted.
    """
    stacks, tally = _stacks(frame, hands, limit)
    per_row, width = _grid(len(stacks), style.width)
    columns = [tuple(stack.cells(frame, width)) for stack in stacks]
    rows = [
        "\n".join(_side_by_side(columns[n : n + per_row], width, style))
        for n in range(0, len(columns), per_row)
    ]
    ending = (*_nobody(stacks, frame, style), *closing(frame, tally))
    return "\n\n".join((*rows, "\n".join(ending))) + "\n"


def fewer(hands: Iterable[Hand], limit: int) -> list[Hand]:
    """Put hands into one without the cards that are not among the first of a stage.

    Args:
        hands: of some deals.
        limit: cards kept per stage; the others are counted.
    """
    stacks: dict[str, list[Card]] = {}
    more: Counter[str] = Counter()
    tally = Tally()
    for hand in hands:
        more.update(hand.more)
        tally += hand.tally
        for card in hand.cards:
            stacks.setdefault(card.stage, []).append(card)
    more.update({stage: max(len(s) - limit, 0) for stage, s in stacks.items()})
    first = (sorted(stack, key=_order)[:limit] for stack in stacks.values())
    return [Hand(tuple(chain.from_iterable(first)), tally, more)]


@dataclass(frozen=True, slots=True)
class _Stack:
    """The first cards of a stage, in order, and how many more there are."""

    stage: str
    cards: tuple[Card, ...]
    more: int

    def cells(self, frame: Frame, width: int) -> Iterator[Cell]:
        yield Cell(f"{self.stage} ({len(self.cards) + self.more:,})", STRONG)
        yield Cell("─" * width, FAINT)
        for number, card in enumerate(self.cards):
            yield from (Cell(""),) if number else ()
            yield from _card(card, frame)
        if self.more:
            yield Cell("")
            yield Cell(f"… and {self.more:,} more", FAINT)


def _order(card: Card) -> tuple[bool, datetime, str]:
    is_late = card.is_overdue or bool(card.breaches)
    return not is_late, card.since or FOREVER, card.id


def _stacks(
    frame: Frame, hands: Iterable[Hand], limit: int
) -> tuple[list[_Stack], Tally]:
    """Stack cards by stage, in the order of the pipeline, without empty stages."""
    hand = Hand((), Tally())
    for each in hands:
        (hand,) = fewer((hand, each), limit)
    stacks = [
        _Stack(name, tuple(c for c in hand.cards if c.stage == name), hand.more[name])
        for name in frame.policy.pipeline.stages
        if name in hand.more
    ]
    return stacks, hand.tally


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
