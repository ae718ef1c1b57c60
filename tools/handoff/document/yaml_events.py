"""From YAML events to plain data, refusing what a person would not expect.

Refused (YAML 1.2 chapters in brackets): tags, anchors and aliases (6.9), directives
(6.8), merge keys, several documents (9), keys that are no text, duplicate keys,
nesting and sizes that only an attack needs. Counting happens on events, before
anything is built.
"""

from dataclasses import dataclass, field
from typing import NoReturn

from handoff.document import yaml_findings
from handoff.document.characters import forbidden_in, hidden_character, hidden_in
from handoff.document.malformed import directive, explain
from handoff.document.yaml_parser import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MalformedError,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    Source,
    StreamEndEvent,
    end_of,
    is_placeholder,
    read_events,
    span_between,
    start_of,
)
from handoff.model.diagnostic import Finding, Related
from handoff.model.span import Span

DEPTH_LIMIT = 20
"""How many mappings and lists may stand in one another, the header included."""

NODE_LIMIT = 20_000
"""How many keys, values, mappings and lists a header may have."""

Outcome = tuple[dict[str, object] | None, tuple[Finding, ...]]

_QUOTE_HINT = 'If this is meant as text, put the whole value in double quotes: "...".'


class _RefusalError(Exception):
    """Unwinds the builder; never leaves this module."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


def build(text: str, first_line: int, path: str) -> Outcome:
    """Read `text` as a mapping, as `strict_yaml.read_mapping` describes."""

    def read(source: Source) -> Outcome:
        builder = _Builder(source, text, first_line, path)
        return builder.document(), tuple(builder.findings)

    try:
        return read_events(text, read)
    except _RefusalError as refusal:
        return None, (refusal.finding,)
    except MalformedError as error:
        return None, (explain(error.failure, text.split("\n"), first_line),)


@dataclass(slots=True)
class _Builder:
    """Builds one document; one method per kind of node."""

    source: Source
    text: str
    first_line: int
    path: str
    findings: list[Finding] = field(default_factory=list)
    nodes: int = 0
    rows: list[str] = field(init=False)

    def __post_init__(self) -> None:
        """Split the text only if some value may be followed by a comment."""
        may_lose = " #" in self.text or "\t#" in self.text
        self.rows = self.text.split("\n") if may_lose else []

    def document(self) -> dict[str, object]:
        """Read the only document of the text."""
        get = self.source.get_event
        get()
        start = get()
        if isinstance(start, StreamEndEvent):
            raise _RefusalError(yaml_findings.empty_header(self.first_line))
        if isinstance(start, DocumentStartEvent) and (start.version or start.tags):
            line = self.first_line + start_of(start).line
            raise _RefusalError(directive(line, "%"))
        top = get()
        if not isinstance(top, MappingStartEvent):
            self.refuse_top(top)
        header = self.value(top, 0)
        self.end(get())
        if not isinstance(header, dict):
            raise _RefusalError(self.findings[-1])
        if not header:
            raise _RefusalError(yaml_findings.empty_header(self.first_line))
        return header

    def end(self, end: Event) -> None:
        """Check that the document ends where the text ends."""
        if isinstance(end, DocumentEndEvent) and end.explicit:
            self.refuse(end, "found `...`, which ends the fields", "Delete this line.")
        after = self.source.get_event()
        if not isinstance(after, StreamEndEvent):
            self.refuse(
                after,
                "found a second YAML document, expected one",
                "Delete this line `---` and what does not belong to the first part.",
            )

    def value(self, event: Event, depth: int) -> object:
        """Read the value that starts with `event` inside `depth` others."""
        if isinstance(event, ScalarEvent):
            return self.scalar(event)
        self.count(event)
        self.check_properties(event)
        if depth == DEPTH_LIMIT:
            raise _RefusalError(yaml_findings.too_deep(self.span(event), DEPTH_LIMIT))
        if isinstance(event, MappingStartEvent):
            return self.mapping(event, depth + 1)
        return self.sequence(depth + 1)

    def scalar(self, event: ScalarEvent) -> str:
        """Read a text; whatever it looks like, it stays text."""
        self.count(event)
        if event.anchor is not None or event.tag is not None:
            self.check_properties(event)
        text: str = event.value
        if not event.style:
            if self.rows and text:
                self.check_comment(event)
        elif event.style == '"' and not text.isprintable():
            self.check_escapes(event)
        return text

    def sequence(self, depth: int) -> list[object]:
        """Read the items of a list."""
        items: list[object] = []
        get = self.source.get_event
        while not isinstance(event := get(), SequenceEndEvent):
            items.append(self.value(event, depth))
        return items

    def mapping(self, start: MappingStartEvent, depth: int) -> object:
        """Read the fields of a mapping; template text stays the text it is."""
        data: dict[str, object] = {}
        keys: dict[str, ScalarEvent] = {}
        get = self.source.get_event
        while not isinstance(event := get(), MappingEndEvent):
            key = self.key(event)
            name = key.value
            if name in keys:
                first = Related(self.path, self.span(keys[name]), "first given here")
                raise _RefusalError(
                    yaml_findings.duplicate_key(name, self.span(key), first)
                )
            keys[name] = key
            value = get()
            data[name] = (
                self.scalar(value)
                if isinstance(value, ScalarEvent)
                else self.value(value, depth)
            )
        if start.flow_style and data:
            source = self.text[start_of(start).index : end_of(event).index]
            if is_placeholder(source):
                span = span_between(start_of(start), end_of(event), self.first_line)
                self.findings.append(yaml_findings.placeholder_text(span))
                return source
        return data

    def key(self, event: Event) -> ScalarEvent:
        """Check that a key is one line of text."""
        if not isinstance(event, ScalarEvent):
            self.refuse_key(event)
        text = self.scalar(event)
        if not text or "\n" in text:
            message = "found a field without a name on one line"
            self.refuse(event, message, "Write the field as `name: value`.")
        if text == "<<" and not event.style:
            message = "found the merge key `<<`, expected the fields themselves"
            self.refuse(event, message, "Write out the fields here.")
        return event

    def refuse_key(self, event: Event) -> NoReturn:
        """Refuse a key that is no text; in braces it is left from a template."""
        self.check_properties(event)
        if isinstance(event, MappingStartEvent) and event.flow_style:
            raise _RefusalError(yaml_findings.placeholder_text(self.span(event)))
        self.refuse(event, "found a list or mapping as a field's name", _QUOTE_HINT)

    def count(self, event: Event) -> None:
        """Count one more node; stop before the header gets too large."""
        self.nodes += 1
        if self.nodes > NODE_LIMIT:
            raise _RefusalError(yaml_findings.too_large(self.span(event), NODE_LIMIT))

    def check_properties(self, event: Event) -> None:
        """Refuse aliases, anchors and tags."""
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if isinstance(event, AliasEvent):
            self.refuse(event, f"found the alias `*{anchor}`", _QUOTE_HINT)
        if anchor is not None:
            self.refuse(event, f"found the anchor `&{anchor}`", _QUOTE_HINT)
        if tag is not None:
            self.refuse(event, "found a tag, which starts with `!`", _QUOTE_HINT)

    def check_comment(self, event: ScalarEvent) -> None:
        """Warn about a comment on the line where a plain value ends."""
        end = end_of(event)
        row = self.rows[end.line]
        rest = row[end.column :].lstrip(" \t")
        if rest.startswith("#"):
            line = self.first_line + end.line
            span = Span(line, len(row) - len(rest) + 1, line, len(row) + 1)
            self.findings.append(yaml_findings.text_lost_to_comment(span))

    def check_escapes(self, event: ScalarEvent) -> None:
        r"""Judge characters written as codes, like `\u2028`, as if typed."""
        typed = self.text[start_of(event).index : end_of(event).index]
        span = self.span(event)
        found = forbidden_in(event.value)
        if found:
            raise _RefusalError(yaml_findings.forbidden_code(span, found[0]))
        hidden = next((c[0] for c in hidden_in(event.value) if c[0] not in typed), "")
        if hidden:
            self.findings.append(hidden_character(span, hidden))

    def refuse_top(self, event: Event) -> NoReturn:
        """Refuse a header that has no fields."""
        self.check_properties(event)
        if isinstance(event, ScalarEvent) and not event.value and not event.style:
            raise _RefusalError(yaml_findings.empty_header(self.first_line))
        found = "a text" if isinstance(event, ScalarEvent) else "a list"
        message = f"found {found}, expected fields such as `company: Acme`"
        hint = "Write one field on each line, with a space after the colon."
        span = self.span(event)
        raise _RefusalError(Finding("header-not-a-mapping", span, message, hint))

    def refuse(self, event: Event, message: str, hint: str) -> NoReturn:
        """Refuse YAML that is legal elsewhere."""
        raise _RefusalError(Finding("forbidden-yaml", self.span(event), message, hint))

    def span(self, event: Event) -> Span:
        """Give the place of an event in the file."""
        return span_between(start_of(event), end_of(event), self.first_line)
