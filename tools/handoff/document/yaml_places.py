"""Where keys and values stand, from the same events, when somebody asks.

A second pass over the text: most files are fine, and nobody asks for places in them.
"""

from dataclasses import dataclass, field

from handoff.document.yaml_parser import (
    Event,
    MappingEndEvent,
    MappingStartEvent,
    Mark,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    Source,
    end_of,
    is_placeholder,
    read_events,
    span_between,
    start_of,
)
from handoff.model.span import Pointer, Span

Places = dict[Pointer, tuple[Span, Span]]


def locate(text: str, first_line: int) -> Places:
    """Find what `strict_yaml.locate` describes in a text that has been read."""

    def read(source: Source) -> Places:
        locator = _Locator(source, text, first_line, text.split("\n"))
        source.get_event()
        source.get_event()
        locator.value(source.get_event(), ())
        return locator.places

    return read_events(text, read)


@dataclass(slots=True)
class _Locator:
    """Walks the events of one document; trusts that they have been checked."""

    source: Source
    text: str
    first_line: int
    rows: list[str]
    places: Places = field(default_factory=dict)

    def value(self, event: Event, pointer: Pointer) -> Mark:
        """Record what is inside the value that starts with `event`; give its end."""
        if isinstance(event, MappingStartEvent):
            return self.mapping(event, pointer)
        if isinstance(event, SequenceStartEvent):
            return self.sequence(event, pointer)
        return end_of(event)

    def mapping(self, start: MappingStartEvent, pointer: Pointer) -> Mark:
        """Record the fields of a mapping."""
        known = len(self.places)
        end = end_of(start)
        while not isinstance(key := self.source.get_event(), MappingEndEvent):
            name = key.value if isinstance(key, ScalarEvent) else ""
            where = span_between(start_of(key), end_of(key), self.first_line)
            end = self.record((*pointer, name), where)
        if not start.flow_style:
            return end
        if is_placeholder(self.text[start_of(start).index : end_of(key).index]):
            while len(self.places) > known:
                self.places.popitem()
        return end_of(key)

    def sequence(self, start: SequenceStartEvent, pointer: Pointer) -> Mark:
        """Record the items of a list."""
        end, index = end_of(start), 0
        while not isinstance(item := self.source.get_event(), SequenceEndEvent):
            end = self.record((*pointer, index), None, item)
            index += 1
        return end_of(item) if start.flow_style else end

    def record(
        self, pointer: Pointer, key: Span | None, event: Event | None = None
    ) -> Mark:
        """Record one value, by default the next one.

        An empty value has no place of its own and stands where its key does.
        """
        event = event or self.source.get_event()
        start = start_of(event)
        first = key or self.first_row(start)
        self.places[pointer] = (first, first)
        end = self.value(event, pointer)
        if end.index > start.index:
            self.places[pointer] = (first, self.trimmed(start, end))
        return end

    def first_row(self, start: Mark) -> Span:
        """Give the span from `start` to the end of its line."""
        end = max(len(self.rows[start.line].rstrip()), start.column)
        line = self.first_line + start.line
        return Span(line, start.column + 1, line, end + 1)

    def trimmed(self, start: Mark, end: Mark) -> Span:
        """Give the span of a value without the line breaks that end a block text."""
        if end.column or end.line == start.line:
            return span_between(start, end, self.first_line)
        line = end.line - 1
        while line > start.line and not self.rows[line].strip():
            line -= 1
        return Span(
            self.first_line + start.line,
            start.column + 1,
            self.first_line + line,
            len(self.rows[line].rstrip()) + 1,
        )
