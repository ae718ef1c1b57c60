"""A record or policy file as text with a header, places, and sections."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from handoff.document import front_matter, intake, outline, strict_yaml
from handoff.document.characters import hidden_characters
from handoff.document.outline import Section
from handoff.document.strict_yaml import Place
from handoff.model.diagnostic import Finding
from handoff.model.span import Pointer, Span, line_span


@dataclass(frozen=True)
class Document:
    """One file that could be read; places and sections are computed when asked for.

    Attributes:
        path: path in the repository.
        text: the whole file, without byte-order mark, lines ended by line feeds.
        header: the fields; mappings, lists and, at the leaves, always `str`.
        header_line: line of the file, from 1, where the header's fields start.
        body_line: line of the file where the body starts.
    """

    path: str
    text: str
    header: Mapping[str, object]
    header_line: int
    body_line: int

    def __hash__(self) -> int:
        """Go by path and text, from which all else follows."""
        return hash((self.path, self.text))

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines of the file, without line feeds."""
        return tuple(self.text.split("\n"))

    @cached_property
    def body(self) -> str:
        """The text after the header."""
        above = self.body_line - 1
        parts = self.text.split("\n", above)
        return parts[above] if len(parts) > above else ""

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The parts of the body under level-2 headings, in order."""
        return outline.read_sections(self.body, self.body_line)

    @cached_property
    def _places(self) -> Mapping[Pointer, Place]:
        end = self.body_line - self.header_line
        header = "\n".join(self.lines[self.header_line - 1 : end])
        return strict_yaml.locate(header, self.header_line)

    def line(self, number: int) -> str:
        """Give a source line, counted from 1; empty past the end."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def span(self, pointer: Pointer) -> Span:
        """Find a value; if it is missing, the key of what should hold it.

        The place of the whole header, and so of a missing top-level field, is the
        file's first line.
        """
        place = self._places.get(pointer)
        return place[1] if place else self.key_span(pointer)

    def key_span(self, pointer: Pointer) -> Span:
        """Find a key, or the nearest one above it; a list item's is its first line."""
        for length in range(len(pointer), 0, -1):
            place = self._places.get(pointer[:length])
            if place:
                return place[0]
        return line_span(1, self.line(1))


Reading = tuple[Document | None, tuple[Finding, ...]]


def read_document(path: str, content: bytes) -> Reading:
    """Read a record: a header between two lines `---`, then markdown.

    Args:
        path: path in the repository, for findings.
        content: any bytes.

    Returns:
        The document and what is odd about it, or nothing and the one finding that
        says why it cannot be read.
    """
    text = intake.decode(content)
    if isinstance(text, Finding):
        return None, (text,)
    parts = front_matter.split(text)
    if isinstance(parts, Finding):
        return None, (parts,)
    body = text.split("\n", parts.body_line - 1)[-1]
    if refusal := outline.too_many_headings(body, parts.body_line):
        return None, (refusal,)
    return _assemble(path, text, parts.header, (2, parts.body_line))


def read_yaml_file(path: str, content: bytes) -> Reading:
    """Read a policy file, which is YAML as a whole, like `read_document`."""
    text = intake.decode(content)
    if isinstance(text, Finding):
        return None, (text,)
    return _assemble(path, text, text, (1, text.count("\n") + 2))


def _assemble(path: str, text: str, yaml: str, lines: tuple[int, int]) -> Reading:
    """Parse the YAML part, whose lines and whose end are given, into a document."""
    header, findings = strict_yaml.read_mapping(yaml, lines[0], path=path)
    if header is None:
        return None, findings
    return Document(path, text, header, *lines), (*findings, *hidden_characters(text))
