"""Where one deal stands, with all that is known about it, for people at a terminal."""

from collections.abc import Iterator, Mapping

from handoff.evaluation.reading import Reading
from handoff.evaluation.report import Report
from handoff.evaluation.status import Status
from handoff.views.cards import Card, age, closing, due_cell, hand_of
from handoff.views.columns import Cell, align, paint
from handoff.views.escaping import terminal
from handoff.views.states import FAINT, STRONG, balance, look_of, needs_eyes, urgency
from handoff.views.style import Style
from handoff.views.words import due


def render(report: Report, style: Style) -> str:
    """Write a block for each deal of a report.

    Args:
        report: its `statuses` are what is shown.
        style: of the terminal.
    """
    statuses = sorted(report.statuses, key=lambda s: (s.stage.position, s.id))
    readings, hand = _by_record(report.readings), hand_of(report)
    cards = {card.id: card for card in hand.cards}
    blocks = [
        "\n".join(_block(s, cards[s.id], readings.get(s.id, []), report, style))
        for s in statuses
    ]
    ending = "\n".join(closing(report.frame, hand.tally))
    return "\n\n".join((*blocks, ending)) + "\n"


def _by_record(readings: tuple[Reading, ...]) -> Mapping[str, list[Reading]]:
    found: dict[str, list[Reading]] = {}
    for reading in readings:
        if needs_eyes(reading):
            found.setdefault(reading.record, []).append(reading)
    return found


def _block(
    status: Status,
    card: Card,
    readings: list[Reading],
    report: Report,
    style: Style,
) -> Iterator[str]:
    frame, owner = report.frame, terminal(card.owner)
    yield f"{style.paint(card.title, STRONG)}  {card.id}"
    stage = style.paint(card.stage, STRONG)
    yield f"  {stage} for {age(card, frame)}, cycle {status.cycle}, owner {owner}"
    if branch := frame.branch_of(status.deal):
        yield f"  on branch {terminal(branch)}, not merged yet"
    yield from _next_lines(card, report, style)
    yield from _missing_lines(status)
    yield from _clock_lines(readings, report, style)


def _next_lines(card: Card, report: Report, style: Style) -> Iterator[str]:
    cell = due_cell(card, report.frame)
    mark = paint(cell, cell.text, style)
    if card.next:
        action, owner = terminal(card.next.action), terminal(card.next.owner)
        yield f"  next: {action}, by {owner}, {mark}"
    elif mark:
        yield f"  {mark}"


def _missing_lines(status: Status) -> Iterator[str]:
    if status.upcoming is None:
        return
    yield f"  To reach `{status.upcoming.name}`, still missing:"
    yield from (f"    - {terminal(missing.message)}" for missing in status.missing)


def _clock_lines(
    readings: list[Reading],
    report: Report,
    style: Style,
) -> Iterator[str]:
    """Write the open clocks of one deal, most urgent first, a line each."""
    if readings:
        rows = [
            _clock_row(reading, report) for reading in sorted(readings, key=urgency)
        ]
        yield "  Clocks:"
        yield from align(rows, style, indent=4)


def _clock_row(reading: Reading, report: Report) -> tuple[Cell, ...]:
    look = look_of(reading)
    until = f"due {due(reading.due, report.policy.zone)}" if reading.due else ""
    return (
        Cell(look.label, look.colour),
        Cell(reading.clock.name),
        Cell(terminal(balance(reading)), look.colour),
        Cell(until),
        Cell(terminal(reading.owner), FAINT),
    )
