"""Rows of cells in aligned columns that fit the terminal."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from handoff.views.style import Style
from handoff.views.width import display_width, fit, pad

GAP = "  "

Shrink = tuple[int, int]
"""A column, from 0, and the width it may be cut to; 0 leaves the column out."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Text made safe by `escaping.terminal`, and its colour or none."""

    text: str
    colour: str = ""

    def shown(self, width: int, style: Style) -> str:
        """Cut the text to a width and fill up with spaces, which get no colour."""
        text = fit(self.text, width)
        return paint(self, text, style) + " " * (width - display_width(text))


def paint(cell: Cell, text: str, style: Style) -> str:
    """Give text the colour of a cell, if it has one."""
    return style.paint(text, cell.colour) if cell.colour and text else text


def align(
    rows: Sequence[tuple[Cell, ...]],
    style: Style,
    shrink: Iterable[Shrink] = (),
    indent: int = 0,
) -> list[str]:
    """Write rows so that cells of a column stand below each other.

    Args:
        rows: all of the same length.
        style: its width is the room there is.
        shrink: what gives way, in that order, while the rows are too wide; where it
            names nothing, nothing is cut.
        indent: blank columns before each row.

    Returns:
        One line per row, without trailing blanks.
    """
    widths = fitted(_natural(rows), shrink, style.width - indent)
    return [pad("", indent) + _line(row, widths, style) for row in rows]


def fits(
    rows: Sequence[tuple[Cell, ...]], style: Style, shrink: Iterable[Shrink] = ()
) -> bool:
    """Tell whether rows stand on one line each, cut as `align` may."""
    return total(fitted(_natural(rows), shrink, style.width)) <= style.width


def _natural(rows: Sequence[tuple[Cell, ...]]) -> list[int]:
    """Give the width of the widest cell of each column."""
    columns = zip(*rows, strict=True)
    return [max(display_width(cell.text) for cell in column) for column in columns]


def fitted(natural: Sequence[int], shrink: Iterable[Shrink], room: int) -> list[int]:
    """Shrink columns, in the order given, until they and their gaps fit.

    A column left out can free more room than was needed; it goes to those that were
    cut, the last of them first.
    """
    widths, steps = list(natural), tuple(shrink)
    for column, least in steps if widths else ():
        excess = total(widths) - room
        if excess > 0:
            cut = max(widths[column] - excess, least) if least else 0
            widths[column] = min(widths[column], cut)
    for column, _ in reversed(steps if widths else ()):
        if 0 < widths[column] < natural[column]:
            spare = max(room - total(widths), 0)
            widths[column] = min(widths[column] + spare, natural[column])
    return widths


def total(widths: Sequence[int]) -> int:
    """Add the widths of columns that are there, and the gaps between them."""
    shown = [width for width in widths if width]
    return sum(shown) + len(GAP) * max(len(shown) - 1, 0)


def _line(row: tuple[Cell, ...], widths: Sequence[int], style: Style) -> str:
    cells = zip(row, widths, strict=True)
    return GAP.join(c.shown(width, style) for c, width in cells if width).rstrip()
