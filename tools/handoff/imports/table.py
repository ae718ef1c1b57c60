"""A CSV file as columns and rows of text, or what keeps it from being one."""

import csv
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO

from handoff.imports.note import RowNote

_BOM = "\ufeff"
_DELIMITERS = (",", ";", "\t")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SAVE_AS = (
    "Open the file in a spreadsheet, choose `Save as`, and take the format "
    "`CSV UTF-8 (comma delimited)`."
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row that says something.

    Attributes:
        number: as a spreadsheet counts it: the header is row 1.
        cells: what stands in each column, without surrounding blanks; empty cells
            are left out.
        width: how many cells the row has.
        surplus: cells beyond the last column.
    """

    number: int
    cells: Mapping[str, str]
    width: int
    surplus: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Columns in order, and the rows below them."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_table(content: bytes, delimiter: str = "") -> Table | RowNote:
    """Read a CSV file.

    Args:
        content: the file, UTF-8 with or without byte-order mark.
        delimiter: what separates cells; found in the header if it is empty.
    """
    text = _decode(content)
    if isinstance(text, RowNote):
        return text
    separator = delimiter or _sniff(text)
    try:
        lines = list(csv.reader(StringIO(text, ""), delimiter=separator, strict=True))
    except csv.Error as error:
        message = f"the file is not readable as CSV: {error}"
        hint = "Look for a quotation mark that is opened and never closed. " + _SAVE_AS
        return RowNote(_broken_row(text, separator), "", message, hint)
    if not lines or not any(map(str.strip, lines[0])):
        message = "row 1 is empty, expected the names of the columns"
        return RowNote(1, "", message, "Export again with column names in row 1.")
    return _table(lines)


def _decode(content: bytes) -> str | RowNote:
    if content.startswith(_UTF16):
        return RowNote(1, "", "the file is UTF-16, expected UTF-8", _SAVE_AS)
    try:
        text = content.decode().removeprefix(_BOM)
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        message = f"byte 0x{content[error.start]:02X} is not UTF-8"
        return RowNote(row, "", message, _SAVE_AS)
    if "\0" in text:
        row = text.count("\n", 0, text.index("\0")) + 1
        message = "found U+0000 (null), expected a text file"
        return RowNote(row, "", message, _SAVE_AS)
    return text


def _sniff(text: str) -> str:
    """Take the delimiter that cuts the header into most columns."""
    header = text.lstrip("\r\n").splitlines()[:1]
    return max(
        _DELIMITERS, key=lambda sign: len(next(csv.reader(header, delimiter=sign), ()))
    )


def _broken_row(text: str, separator: str) -> int:
    """Count the rows before the one that cannot be read."""
    rows = csv.reader(StringIO(text, ""), delimiter=separator, strict=True)
    number = 1
    try:
        for number, _ in enumerate(rows, 2):  # noqa: B007 - the last one is wanted
            pass
    except csv.Error:
        return number
    return number


def _table(lines: list[list[str]]) -> Table | RowNote:
    columns = tuple(
        " ".join(name.split()) or f"column {number}"
        for number, name in enumerate(lines[0], 1)
    )
    name, count = Counter(columns).most_common(1)[0]
    if count > 1:
        message = f"the header names `{name}` {count} times, expected once"
        hint = "Rename one of these columns in row 1, or export without it."
        return RowNote(1, name, message, hint)
    rows = (_row(number, columns, line) for number, line in enumerate(lines[1:], 2))
    return Table(columns, tuple(row for row in rows if row.cells or row.surplus))


def _row(number: int, columns: tuple[str, ...], line: list[str]) -> Row:
    texts = [_cell(text) for text in line]
    cells = {c: t for c, t in zip(columns, texts, strict=False) if t}
    surplus = tuple(text for text in texts[len(columns) :] if text)
    return Row(number, cells, len(line), surplus)


def _cell(text: str) -> str:
    """Write line breaks, however a spreadsheet made them, as line feeds."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
