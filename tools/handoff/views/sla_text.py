"""Clock readings for people at a terminal, most urgent first."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter

from handoff.evaluation.reading import Figures
from handoff.evaluation.report import Frame, Report
from handoff.views.cards import Tally, closing, tally_of
from handoff.views.columns import Cell, Shrink, align, fits
from handoff.views.escaping import terminal
from handoff.views.states import (
    BREACHED,
    LOOKS,
    STRONG,
    Urgency,
    balance,
    look_of,
    needs_eyes,
    urgency,
)
from handoff.views.style import Style
from handoff.views.words import due

_NARROW = 60
"""Columns below which lines stand alone."""

_BALANCE = 22
"""Columns of what is left or overdue; a reason may be cut to as many on one line."""

_UPPER: tuple[Shrink, ...] = ((1, 12), (2, 19), (1, 8), (2, 8))

Line = tuple[Urgency, tuple[Cell, ...]]
"""What orders a line of the table, and its cells."""

_LABELS = tuple(look.label for look in (BREACHED, *LOOKS.values()))


@dataclass(frozen=True, slots=True)
class Share:
    """What some deals add to the table.

    Attributes:
        lines: readings to show.
        hidden: how many others there are, by label.
        in_shadow: how many clocks run that policy only tries out.
    """

    lines: tuple[Line, ...]
    hidden: Mapping[str, int]
    in_shadow: int
    tally: Tally


def share_of(report: Report, *, show_all: bool) -> Share:
    """Write the readings of a report.

    Args:
        report: its `readings` are what is shown.
        show_all: whether to show clocks that need nobody any more, or count them.
    """
    shown = [r for r in report.readings if show_all or needs_eyes(r)]
    hidden = (r for r in report.readings if not (show_all or needs_eyes(r)))
    return Share(
        lines=written(shown, report.frame),
        hidden=Counter(look_of(r).label for r in hidden),
        in_shadow=sum(needs_eyes(r) for r in report.shadow),
        tally=tally_of(report),
    )


def written(readings: Iterable[Figures], frame: Frame) -> tuple[Line, ...]:
    """Write lines of the table, in any order."""
    return tuple((urgency(reading), _row(reading, frame)) for reading in readings)


def together(shares: Iterable[Share]) -> list[Share]:
    """Put what some deals add into one."""
    lines: list[Line] = []
    hidden: Counter[str] = Counter()
    in_shadow, tally = 0, Tally()
    for share in shares:
        lines += share.lines
        hidden.update(share.hidden)
        in_shadow += share.in_shadow
        tally += share.tally
    return [Share(tuple(lines), hidden, in_shadow, tally)]


def render(frame: Frame, shares: Iterable[Share], style: Style) -> str:
    """Write readings, the most urgent first.

    Args:
        frame: what was asked.
        shares: of all deals, some at a time, in any order.
        style: where not every reading fits on one line, each takes two.
    """
    (whole,) = together(shares)
    rows = [row for _, row in sorted(whole.lines, key=itemgetter(0))]
    table = _table(rows, style)
    counts = (*_counts(rows, whole.hidden), *_in_shadow(whole.in_shadow))
    ending = (*counts, *closing(frame, whole.tally))
    return "\n".join((*table, *([""] if table else []), *ending)) + "\n"


def _row(reading: Figures, frame: Frame) -> tuple[Cell, ...]:
    look = look_of(reading)
    return (
        Cell(look.label, look.colour),
        Cell(reading.clock.name),
        Cell(reading.record),
        Cell(due(reading.due, frame.policy.zone) if reading.due else ""),
        Cell(terminal(balance(reading)), look.colour),
        Cell(terminal(reading.owner)),
    )


def _table(rows: list[tuple[Cell, ...]], style: Style) -> list[str]:
    """Write the rows on one line or two; a deal that all are of is named above."""
    records = {deal.text for _, _, deal, *_ in rows}
    if len(records) > 1:
        return _lines(rows, style)
    shorter = [(*row[:2], *row[3:]) for row in rows]
    return [*(style.paint(r, STRONG) for r in records), *_lines(shorter, style)]


def _lines(rows: list[tuple[Cell, ...]], style: Style) -> list[str]:
    cut = ((len(rows[0]) - 2, _BALANCE),) if rows else ()
    return align(rows, style, cut) if fits(rows, style, cut) else _two(rows, style)


def _two(rows: list[tuple[Cell, ...]], style: Style) -> list[str]:
    """Write what burns first: state, clock and time; then deal, due and owner."""
    tables = [rows] if style.width >= _NARROW else [[row] for row in rows]
    lines: list[str] = []
    for table in tables:
        upper = [(row[0], row[1], row[-2]) for row in table]
        lower = [(*row[2:-2], row[-1]) for row in table]
        owner = len(lower[0]) - 1
        pairs = zip(
            align(upper, style, _UPPER),
            align(lower, style, ((owner, 8), (owner, 0), (0, 8)), indent=2),
            strict=True,
        )
        lines += (line for pair in pairs for line in pair)
    return lines


def _counts(
    rows: Iterable[tuple[Cell, ...]], hidden: Mapping[str, int]
) -> Iterator[str]:
    """Count the readings by how they look: those shown, then those left out."""
    shown = Counter(row[0].text for row in rows)
    yield f"clocks: {_listed(shown)}" if shown else "no clock is running"
    if hidden:
        yield f"{_listed(hidden)}: --all shows them"


def _in_shadow(live: int) -> Iterator[str]:
    """Count apart the clocks that policy only tries out."""
    if live:
        yield f"{live:,} more in the shadow: --shadow shows what policy tries out"


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(
        f"{counts[label]:,} {label}" for label in _LABELS if counts.get(label)
    )
