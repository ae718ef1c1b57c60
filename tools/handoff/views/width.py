"""Columns that text takes on a terminal; the only door to wcwidth.

All functions expect text made safe by `escaping.terminal`.
"""

from bisect import bisect_right
from collections.abc import Callable

ELLIPSIS = "…"
DENSEST = 16
"""Code points that one column may hold; a pile of marks above that is cut."""


def display_width(text: str) -> int:
    """Count terminal columns: two for wide characters, none for combining ones."""
    if text.isascii():
        return len(text)
    from wcwidth import wcswidth  # noqa: PLC0415 - most text is ASCII and needs none

    return max(wcswidth(text), 0)


def fit(text: str, columns: int) -> str:
    """Cut the end of text that needs more columns, marking the cut with `…`."""
    if columns <= 0 or _fits(text, columns):
        return text if columns > 0 else ""
    return text[: _longest(columns - 1, lambda size: text[:size])] + ELLIPSIS


def fit_tail(text: str, columns: int) -> str:
    """Cut the start of text that needs more columns, marking the cut with `…`."""
    if columns <= 0 or _fits(text, columns):
        return text if columns > 0 else ""
    end = len(text)

    def tail(size: int) -> str:
        return _whole(text[max(end - size, 0) :])

    return ELLIPSIS + tail(_longest(columns - 1, tail))


def pad(text: str, columns: int) -> str:
    """Cut or fill text with spaces to exactly that many columns."""
    shown = fit(text, columns)
    return shown + " " * (columns - display_width(shown))


def _fits(text: str, columns: int) -> bool:
    return len(text) <= DENSEST * columns and display_width(text) <= columns


def _longest(columns: int, piece: Callable[[int], str]) -> int:
    """Find the largest size of piece that fits, by halving."""
    sizes = range(DENSEST * columns + 1)
    return bisect_right(sizes, columns, key=lambda n: display_width(piece(n))) - 1


def _whole(tail: str) -> str:
    """Drop combining marks and joiners whose base character was cut off."""
    start = next((n for n, char in enumerate(tail) if display_width(char)), len(tail))
    return tail[start:]
