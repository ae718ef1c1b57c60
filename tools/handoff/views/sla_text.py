"""Clock readings for people at a terminal, most urgent first."""

from collections import Counter
from collections.abc import Iterable, Iterator

from handoff.evaluation.reading import Reading
from handoff.evaluation.report import Report
from handoff.views.columns import Cell, Shrink, align
from handoff.views.escaping import terminal
from handoff.views.states import (
    BREACHED,
    LOOKS,
    balance,
    look_of,
    needs_eyes,
    urgency,
)
from handoff.views.status_text import closing
from handoff.views.style import Style
from handoff.views.words import due

_WIDE, _NARROW = 110, 60
"""Columns from which one line holds a reading; below which lines stand alone."""

_ONE_LINE: tuple[Shrink, ...] = ((4, 20), (2, 20), (5, 8), (2, 8))
_UPPER: tuple[Shrink, ...] = ((2, 19), (1, 8), (2, 8))
_LOWER: tuple[Shrink, ...] = ((2, 8), (2, 0), (0, 8))

_LABELS = tuple(look.label for look in (BREACHED, *LOOKS.values()))


def render(report: Report, style: Style, *, show_all: bool) -> str:
    """Write the readings of a report.

    Args:
        report: its `readings` are what is shown.
        style: below 110 columns a reading takes two lines.
        show_all: whether to show clocks that need nobody any more, or count them.
    """
    wanted = [r for r in report.readings if show_all or needs_eyes(r)]
    rows = [_row(reading, report) for reading in sorted(wanted, key=urgency)]
    table = _one_line(rows, style) if style.width >= _WIDE else _two_lines(rows, style)
    counts = _counts(report.readings, show_all=show_all)
    ending = (*counts, *_in_shadow(report), *closing(report))
    return "\n".join((*table, *([""] if table else []), *ending)) + "\n"


def _row(reading: Reading, report: Report) -> tuple[Cell, ...]:
    look = look_of(reading)
    return (
        Cell(look.label, look.colour),
        Cell(reading.clock.name),
        Cell(reading.record),
        Cell(due(reading.due, report.policy.zone) if reading.due else ""),
        Cell(terminal(balance(reading)), look.colour),
        Cell(terminal(reading.owner)),
    )


def _one_line(rows: list[tuple[Cell, ...]], style: Style) -> list[str]:
    return align(rows, style, _ONE_LINE)


def _two_lines(rows: list[tuple[Cell, ...]], style: Style) -> list[str]:
    """Write what burns first: state, clock and time; then deal, due and owner."""
    tables = [rows] if style.width >= _NARROW else [[row] for row in rows]
    lines: list[str] = []
    for table in tables:
        upper = [(state, clock, left) for state, clock, _, _, left, _ in table]
        lower = [(deal, until, owner) for _, _, deal, until, _, owner in table]
        pairs = zip(
            align(upper, style, _UPPER),
            align(lower, style, _LOWER, indent=2),
            strict=True,
        )
        lines += (line for pair in pairs for line in pair)
    return lines


def _counts(readings: Iterable[Reading], *, show_all: bool) -> Iterator[str]:
    """Count the readings by how they look: those shown, then those left out."""
    shown = Counter(look_of(r).label for r in readings if show_all or needs_eyes(r))
    hidden = Counter(look_of(r).label for r in readings) - shown
    yield f"clocks: {_listed(shown)}" if shown else "no clock is running"
    if hidden:
        yield f"{_listed(hidden)}: --all shows them"


def _in_shadow(report: Report) -> Iterator[str]:
    """Count apart the clocks that policy only tries out."""
    live = sum(needs_eyes(reading) for reading in report.shadow)
    if live:
        yield f"{live:,} more in the shadow: --shadow shows what policy tries out"


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{counts[label]:,} {label}" for label in _LABELS if counts[label])
