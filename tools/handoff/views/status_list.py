"""Where all deals stand, a line each, for people at a terminal."""

from collections.abc import Iterable
from itertools import groupby

from handoff.evaluation.report import Frame
from handoff.views.cards import DAY, Card, Hand, Tally, age, closing, due_cell
from handoff.views.columns import Cell, Shrink, align
from handoff.views.escaping import terminal
from handoff.views.states import STRONG
from handoff.views.style import Style

_ID, _COMPANY, _OWNER, _DAYS, _MISSING = range(5)
_SHRINK: tuple[Shrink, ...] = (
    (_COMPANY, 12),
    (_OWNER, 8),
    (_DAYS, 0),
    (_OWNER, 0),
    (_COMPANY, 0),
    (_MISSING, 0),
    (_ID, 10),
)


def render(frame: Frame, hands: Iterable[Hand], style: Style) -> str:
    """Write a line for each deal, under the names of their stages.

    Args:
        frame: what was asked.
        hands: the deals, some at a time, in any order.
        style: of the terminal.
    """
    cards: list[Card] = []
    tally = Tally()
    for hand in hands:
        cards += hand.cards
        tally += hand.tally
    stages = frame.policy.pipeline.stages
    cards.sort(key=lambda card: (stages[card.stage].position, card.id))
    rows = [_row(card, frame) for card in cards]
    lines = iter(align(rows, style, _SHRINK, indent=2))
    blocks: list[str] = []
    for stage, group in groupby(cards, key=lambda card: card.stage):
        below = [next(lines) for _ in group]
        heading = f"{style.paint(stage, STRONG)} ({len(below):,})"
        blocks.append("\n".join((heading, *below)))
    return "\n\n".join((*blocks, "\n".join(closing(frame, tally)))) + "\n"


def _row(card: Card, frame: Frame) -> tuple[Cell, ...]:
    missing = f"{len(card.missing):,} missing" if card.next_stage else ""
    return (
        Cell(card.id),
        Cell(card.title),
        Cell(terminal(card.owner)),
        Cell(age(card, frame)),
        Cell(missing),
        due_cell(card, frame, DAY),
    )
