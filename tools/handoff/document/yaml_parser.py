"""The one door to PyYAML: parsers that give events, and their complaints.

The C parser reads; where it gives up, the Python one reads again and has the last
word, so that what is accepted and what is said do not depend on whether the C
library was there.
"""

from collections.abc import Callable
from typing import Protocol, TypeVar

import yaml
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from handoff.document.malformed import Failure
from handoff.model.span import Span

__all__ = [
    "AliasEvent",
    "DocumentEndEvent",
    "DocumentStartEvent",
    "Event",
    "MalformedError",
    "MappingEndEvent",
    "MappingStartEvent",
    "Mark",
    "ScalarEvent",
    "SequenceEndEvent",
    "SequenceStartEvent",
    "Source",
    "StreamEndEvent",
    "end_of",
    "is_placeholder",
    "read_events",
    "span_between",
    "start_of",
]

T = TypeVar("T")

_BREAKDOWNS = (ArithmeticError, LookupError, RecursionError, ValueError)
"""What PyYAML raises by accident, for `"\\U00110000"` or `%YAML 1.99...9`."""


class Mark(Protocol):
    """A place in the text, everything from 0."""

    index: int
    line: int
    column: int


def start_of(event: Event) -> Mark:
    """Give the place where an event starts."""
    return event.start_mark  # type: ignore[return-value] # parsers always set it


def end_of(event: Event) -> Mark:
    """Give the place after an event."""
    return event.end_mark  # type: ignore[return-value] # parsers always set it


def span_between(start: Mark, end: Mark, first_line: int) -> Span:
    """Turn two marks of a text that starts on `first_line` into a span."""
    return Span(
        first_line + start.line,
        start.column + 1,
        first_line + end.line,
        end.column + 1,
    )


def is_placeholder(source: str) -> bool:
    """Tell whether a flow mapping with entries is template text like `{name}`."""
    return ":" not in source


class Source(Protocol):
    """A parser as the readers use it."""

    def get_event(self) -> Event:
        """Give the next event; nobody asks after the end of the stream."""


class MalformedError(Exception):
    """The text is no YAML; never leaves this layer."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.problem)
        self.failure = failure


class PurePython(yaml.BaseLoader):
    """PyYAML's own parser, taught to take tabs between values as libyaml does."""

    def scan_to_next_token(self) -> None:
        """Skip white space; a tab counts where it cannot be indentation."""
        super().scan_to_next_token()
        while self.peek() == "\t" and (self.flow_level or not self.allow_simple_key):
            self.forward()
            super().scan_to_next_token()

    def scan_plain_spaces(self, indent: int, start_mark: Mark) -> list[str] | None:
        """Keep blanks between two words, tabs among them."""
        length = 0
        while self.peek(length) in {" ", "\t"}:
            length += 1
        blanks: str = self.prefix(length)
        if "\t" not in blanks:
            return super().scan_plain_spaces(indent, start_mark)
        self.forward(length)
        if self.peek() == "\n":
            return super().scan_plain_spaces(indent, start_mark)
        return [blanks]


try:
    from yaml import CBaseLoader as FastParser
except ImportError:  # PyYAML was built without libyaml
    FastParser = PurePython  # type: ignore[misc, assignment]


def read_events(text: str, read: Callable[[Source], T]) -> T:
    """Run `read` over the events of `text`.

    Raises:
        MalformedError: if no parser can read it.
    """
    try:
        return read(FastParser(text))  # type: ignore[arg-type] # see `get_event`
    except (yaml.YAMLError, *_BREAKDOWNS):
        return _read_purely(text, read)


def _read_purely(text: str, read: Callable[[Source], T]) -> T:
    """Read with the Python parser and translate its complaints."""
    source = PurePython(text)
    try:
        return read(source)
    except yaml.MarkedYAMLError as error:
        raise MalformedError(_failure(error, source.get_mark())) from error
    except (yaml.YAMLError, *_BREAKDOWNS) as error:
        here = source.get_mark()
        failure = Failure(
            "", "double-quoted", here.line, here.column, here.line, here.column
        )
        raise MalformedError(failure) from error


def _failure(error: yaml.MarkedYAMLError, here: Mark) -> Failure:
    """Take from PyYAML's complaint what explains it."""
    end: Mark = error.problem_mark or here
    start: Mark = error.context_mark or end
    return Failure(
        error.problem or "",
        error.context or "",
        end.line,
        end.column,
        start.line,
        start.column,
    )
