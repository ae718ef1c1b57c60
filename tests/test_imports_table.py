"""CSV files as they come: delimiters, marks, quotes, broken rows."""

import codecs

import pytest

from handoff.imports.note import RowNote
from handoff.imports.table import Table, read_table


def _table(content: bytes) -> Table:
    table = read_table(content)
    assert isinstance(table, Table)
    return table


def _problem(content: bytes) -> RowNote:
    problem = read_table(content)
    assert isinstance(problem, RowNote)
    return problem


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_the_delimiter_is_found_in_the_header(sign: str) -> None:
    text = f'Id{sign}"Name, first; last"{sign}Stage\n1{sign}Zed{sign}Won\n'
    table = _table(text.encode())
    assert table.columns == ("Id", "Name, first; last", "Stage")
    assert table.rows[0].cells["Stage"] == "Won"


def test_a_byte_order_mark_and_carriage_returns_mean_nothing() -> None:
    plain = _table(b"Id,Note\n1,ok\n")
    assert _table(codecs.BOM_UTF8 + b"Id,Note\r\n1,ok\r\n") == plain
    assert _table(b"Id,Note\r1,ok\r") == plain


def test_line_breaks_in_cells_become_line_feeds_and_rows_count_as_in_a_sheet() -> None:
    table = _table(b'Id,Note\r\n1,"a\r\nb\rc"\r\n\r\n2,"d"\r\n')
    assert [row.number for row in table.rows] == [2, 4]
    assert table.rows[0].cells["Note"] == "a\nb\nc"


def test_formulas_are_text() -> None:
    cells = _table(b"Id,A,B,C,D\n1,=1+1,+1,-1,@x\n").rows[0].cells
    assert list(cells.values()) == ["1", "=1+1", "+1", "-1", "@x"]


def test_a_row_may_be_short_and_its_surplus_is_told() -> None:
    short, empty, long = _table(b"Id,A,B\n1,x\n2,x,y,\n3,x,y,z\n").rows
    assert (short.width, dict(short.cells)) == (2, {"Id": "1", "A": "x"})
    assert empty.surplus == ()
    assert long.surplus == ("z",)


def test_a_column_without_a_name_gets_its_number() -> None:
    assert _table(b"Id,,Stage\n1,2,3\n").columns == ("Id", "column 2", "Stage")


@pytest.mark.parametrize(
    ("content", "row", "says"),
    [
        ("Id,Note\n".encode("utf-16"), 1, "the file is UTF-16, expected UTF-8"),
        (b"Id,Note\n1,caf\xe9\n", 2, "byte 0xE9 is not UTF-8"),
        (b"Id,Note\n1,a\0b\n", 2, "found U+0000"),
        (b"Id,Note,Note\n1,a,b\n", 1, "the header names `Note` 2 times"),
        (b"", 1, "row 1 is empty"),
        (b"\nId,Note\n", 1, "row 1 is empty"),
        (b'Id,Note\n1,ok\n2,"never closed\n3,x\n', 3, "not readable as CSV"),
    ],
)
def test_what_is_no_table_is_refused(content: bytes, row: int, says: str) -> None:
    problem = _problem(content)
    assert problem.row == row
    assert says in problem.message
    assert problem.hint
