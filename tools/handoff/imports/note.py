"""What an import has to say about rows, one by one and grouped."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RowNote:
    """One thing about one row, or about a column as seen first in that row.

    Attributes:
        row: as a spreadsheet counts it: the header is row 1.
        column: name of the column, empty where the whole row or file is meant.
        message: what was found and what is expected; lower case, no full stop.
        hint: what to do, full sentences; empty if the message says it.
    """

    row: int
    column: str
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class NoteGroup:
    """The same thing about many rows; `rows` are all of them, in order."""

    column: str
    message: str
    hint: str
    rows: tuple[int, ...]


def group_notes(notes: Iterable[RowNote]) -> tuple[NoteGroup, ...]:
    """Put notes that say the same together, in the order of their first rows."""
    groups: dict[tuple[str, str, str], list[int]] = {}
    for note in notes:
        key = (note.column, note.message, note.hint)
        groups.setdefault(key, []).append(note.row)
    return tuple(NoteGroup(*key, tuple(rows)) for key, rows in groups.items())
