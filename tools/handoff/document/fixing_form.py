"""What a repair goes by, and when it counts."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from handoff.document.document import read_document
from handoff.document.edit_data import Data
from handoff.document.edit_layout import Layout
from handoff.document.edit_lines import Lines
from handoff.model.span import Pointer


@dataclass(frozen=True, slots=True)
class Form:
    """What is known about the header of a kind of record.

    Attributes:
        order: top-level fields in their order.
        refused: gives for a header the places of the values that its schema refuses,
            with the format that was asked for, empty where it was not the format.
    """

    order: Sequence[str]
    refused: Callable[[Mapping[str, object]], Mapping[Pointer, str]]


def accepted(layout: Layout, lines: Lines, header: Data) -> Layout:
    """Take a repair if the file then says what is intended, else the old layout."""
    document, _ = read_document("", lines.content)
    if document is None or document.header != header:
        return layout
    is_whole = document.body == layout.document.body
    return Layout(lines, document) if is_whole else layout


def texts(value: Data, pointer: Pointer = ()) -> Iterator[tuple[Pointer, str]]:
    """Give the place of every text in a header, with the text."""
    match value:
        case str():
            yield pointer, value
        case dict():
            for key, entry in value.items():
                yield from texts(entry, (*pointer, key))
        case list():
            for index, entry in enumerate(value):
                yield from texts(entry, (*pointer, index))
