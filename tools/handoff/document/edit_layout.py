"""Where the keys, dashes and values of a header stand; lines and columns from 0."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from handoff.document.document import Document
from handoff.document.edit_data import Data, data_of, find
from handoff.document.edit_lines import Lines
from handoff.document.edit_style import Style
from handoff.document.strict_yaml import Place, locate
from handoff.model.span import Pointer, Span

_COMMENT = re.compile(r"(?:^|(?<=[ \t]))#")
_PLAIN_NUMBER = re.compile(r": [0-9]+[ \t]*$", re.MULTILINE)

At = tuple[int, int]
"""A line and a column."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A key or dash, and the value that it holds.

    Attributes:
        at: where the key or dash starts.
        after: the column behind the colon or dash, on the line of `at`.
        start: where the value starts; behind colon or dash if it is empty.
        end: where it ends, likewise.
        is_item: whether a dash holds it.
    """

    at: At
    after: int
    start: At
    end: At
    is_item: bool

    @property
    def is_on_line(self) -> bool:
        """Whether the value starts on the line of its key or dash."""
        return self.start[0] == self.at[0]


@dataclass(frozen=True)
class Layout:
    """A header as it is typed, beside what it means."""

    lines: Lines
    document: Document

    @property
    def texts(self) -> Sequence[str]:
        """The lines of the file."""
        return self.lines.texts

    @cached_property
    def data(self) -> Data:
        """What the header means."""
        return data_of(self.document)

    @cached_property
    def places(self) -> Mapping[Pointer, Place]:
        """The spans of all keys and values."""
        return locate(self._header, self.document.header_line)

    @property
    def _header(self) -> str:
        first, end = self.document.header_line - 1, self.document.body_line - 2
        return "\n".join(self.texts[first:end]) + "\n"

    def siblings(self, pointer: Pointer) -> list[Pointer]:
        """Give the pointers of all entries of the group an entry is, or will be, in."""
        above = pointer[:-1]
        group = find(self.data, above)
        keys = range(len(group)) if isinstance(group, list) else group or ()
        return [(*above, key) for key in keys]

    def key(self, pointer: Pointer) -> At:
        """Give the start of a key, or of a list item behind its dash."""
        return _start(self.places[pointer][0])

    def start(self, pointer: Pointer) -> At:
        """Give the start of a value."""
        return _start(self.places[pointer][1])

    def end(self, pointer: Pointer) -> At:
        """Give the end of a value."""
        return _end(self.places[pointer][1])

    def line_of(self, pointer: Pointer) -> int:
        """Give the line of an entry, or of the nearest one above that is there."""
        above = (pointer[:length] for length in range(len(pointer), 0, -1))
        found = (self.places[each][0] for each in above if each in self.places)
        return next((span.line - 1 for span in found), 0)

    def opening(self, pointer: Pointer) -> str:
        """Give the first character of a value."""
        line, column = self.start(pointer)
        return self.texts[line][column : column + 1]

    def is_block(self, pointer: Pointer) -> bool:
        """Tell whether a value is a list or mapping on lines of its own."""
        value = find(self.data, pointer)
        has_entries = isinstance(value, list | dict) and bool(value)
        return has_entries and self.opening(pointer) not in {"[", "{"}

    def is_in_brackets(self, pointer: Pointer) -> bool:
        """Tell whether an entry stands inside `[...]` or `{...}`."""
        above = (pointer[:length] for length in range(1, len(pointer)))
        return any(self.opening(each) in {"[", "{"} for each in above)

    def holder(self, pointer: Pointer) -> At:
        """Give the start of the key, or of the dash, that holds a value.

        A dash may stand on a line above its value.
        """
        if isinstance(pointer[-1], str):
            return self.key(pointer)
        top, column = self.start(pointer[:-1])
        line = self.start(pointer)[0]
        while line > top and self.texts[line][column : column + 1] != "-":
            line -= 1
        return line, column

    def slot(self, pointer: Pointer) -> Slot | None:
        """Find an entry outside brackets; `None` if its colon stands elsewhere."""
        at, is_item = self.holder(pointer), isinstance(pointer[-1], int)
        end = self.places[pointer][0].end_column - 1
        after = (at[1] if is_item else self.texts[at[0]].find(":", end)) + 1
        if not after:
            return None
        if self._is_nothing(pointer):
            return Slot(at, after, (at[0], after), (at[0], after), is_item)
        return Slot(at, after, self.start(pointer), self.end(pointer), is_item)

    def line_after(self, pointer: Pointer) -> int:
        """Give the first line below an entry and its own comments.

        Comments directly below are its own if they stand further right.
        """
        line, column = self.end(pointer)[0] + 1, self.holder(pointer)[1]
        while is_comment(self.texts[line]) and margin(self.texts[line]) > column:
            line += 1
        return line

    def comments(self) -> Iterator[str]:
        """Yield the comments, on lines of their own or behind values."""
        texts = [self._typed_text(pointer) for pointer in self.places]
        for line in range(self.document.header_line - 1, self.document.body_line - 2):
            for found in _COMMENT.finditer(self.texts[line]):
                at = (line, found.start())
                if not any(start <= at < end for start, end in texts):
                    yield self.texts[line][found.start() :]
                    break

    def _typed_text(self, pointer: Pointer) -> tuple[At, At]:
        """Give where a text stands, for `|` and `>` without the line of that sign."""
        start, end = self.start(pointer), self.end(pointer)
        if not isinstance(find(self.data, pointer), str):
            return start, start
        return (start[0] + 1, 0) if self.opening(pointer) in {"|", ">"} else start, end

    def style(self, line: int) -> Style:
        """Find how the values nearest to a line are laid out."""
        samples = sorted(self._samples(), key=lambda each: -abs(each[0] - line))
        nearest = {name: columns for _, name, columns in samples}
        return Style(
            nearest.get("step", 2),
            nearest.get("dash", 2),
            nearest.get("width", 2),
            _PLAIN_NUMBER.search(self._header) is not None,
        )

    def _samples(self) -> Iterator[tuple[int, str, int]]:
        """Yield line, attribute of `Style`, and columns of every group."""
        for pointer, (key, value) in self.places.items():
            if not self.is_block(pointer) or self.is_in_brackets(pointer):
                continue
            if isinstance(pointer[-1], str):
                is_list = isinstance(find(self.data, pointer), list)
                name = "dash" if is_list else "step"
                yield key.line - 1, name, value.column - key.column
            elif self.holder(pointer)[0] == value.line - 1:
                columns = value.column - 1 - self.holder(pointer)[1]
                yield value.line - 1, "width", columns

    def _is_nothing(self, pointer: Pointer) -> bool:
        """Tell whether nothing is typed where the value should stand."""
        if isinstance(pointer[-1], str):
            key, value = self.places[pointer]
            return key == value
        signs = ("'", '"', "|", ">")
        return find(self.data, pointer) == "" and self.opening(pointer) not in signs


def _start(span: Span) -> At:
    return span.line - 1, span.column - 1


def _end(span: Span) -> At:
    return span.end_line - 1, span.end_column - 1


def is_comment(text: str) -> bool:
    """Tell whether a line outside of texts is a comment."""
    return text.lstrip(" ").startswith("#")


def margin(text: str) -> int:
    """Count the blanks at the start of a line."""
    return len(text) - len(text.lstrip(" "))
