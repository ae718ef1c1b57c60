"""Plain words for a header that is no YAML: what broke, and what to type instead."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from handoff.model.diagnostic import Finding
from handoff.model.span import Span

_CONTENT = re.compile(r"\s*[^\s#]")
_OPEN_QUOTE = re.compile(r"""[^"'#]*?(?:: +|- +)(?:"(?:[^"\\]|\\.)*|'(?:[^']|'')*)$""")
_FIELD = re.compile(r"""\s*(?:- +)*(?P<key>[^\s:"'#][^:]*):\s""")
_GLUED = re.compile(r"\s*(?:- +)*(?P<key>[A-Za-z_][\w-]*):\S")
_KEY_HINT = 'Put the whole value in double quotes: `{key}: "..."`.'


@dataclass(frozen=True, slots=True)
class Cause:
    """One explanation: where (line and column from 0), what, and what to do."""

    line: int
    column: int
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Failure:
    """What a YAML parser says when it gives up; lines and columns from 0.

    Attributes:
        problem: what it found.
        context: what it was reading.
        line: where it gave up.
        column: likewise.
        start_line: where what it was reading starts.
        start_column: likewise.
    """

    problem: str
    context: str
    line: int
    column: int
    start_line: int
    start_column: int

    def here(self, message: str, hint: str) -> Cause:
        """Explain the failure by what stands where the parser gave up."""
        return Cause(self.line, self.column, message, hint)

    def start(self, message: str, hint: str) -> Cause:
        """Explain the failure by what stands where the parser began."""
        return Cause(self.start_line, self.start_column, message, hint)


def explain(failure: Failure, lines: Sequence[str], first_line: int) -> Finding:
    """Turn a parser's complaint about `lines` into a finding.

    Args:
        failure: the complaint.
        lines: the lines of the YAML text.
        first_line: line of the file on which `lines` starts.
    """
    top = next((n for n, text in enumerate(lines) if _CONTENT.match(text)), 0)
    if lines[top].startswith("%"):
        return directive(first_line + top, lines[top])
    causes = (probe(failure, lines) for probe in _PROBES)
    cause = next((cause for cause in causes if cause), _unknown(failure))
    line, column = cause.line + first_line, cause.column + 1
    span = Span(line, column, line, column + 1)
    return Finding("malformed-yaml", span, cause.message, cause.hint)


def directive(line: int, text: str) -> Finding:
    """Report a line such as `%YAML 1.1`, which changes the meaning of all others."""
    return Finding(
        "forbidden-yaml",
        Span(line, 1, line, len(text) + 1),
        "found a YAML directive, expected a field",
        "Delete this line.",
    )


def _key_at(line: str) -> str:
    """Give the key of a line, for use in a hint."""
    found = _FIELD.match(line + " ")
    return found["key"].strip() if found else "field"


def _row(lines: Sequence[str], number: int) -> str:
    """Give a line, or nothing past the end, where parsers like to complain."""
    return lines[number] if number < len(lines) else ""


def _escape(failure: Failure, lines: Sequence[str]) -> Cause | None:
    """Find a backslash that means nothing inside double quotes."""
    row = _row(lines, failure.line)
    backslash = row.rfind("\\", 0, failure.column + 1)
    if "double-quoted" not in failure.context or backslash < 0:
        return None
    return Cause(
        failure.line,
        backslash,
        "a backslash in double quotes starts a code, and this is none",
        "Put the value in single quotes, or write two backslashes.",
    )


def _open_quote(failure: Failure, lines: Sequence[str]) -> Cause | None:
    """Find the quote that is never closed, or closed by a later field's quote."""
    if "quoted scalar" in failure.context:
        return _unclosed_quote(failure.start_line, failure.start_column)
    if "<scalar>" not in failure.problem:
        return None
    for number in range(min(failure.line, len(lines)) - 1, -1, -1):
        if _OPEN_QUOTE.match(lines[number]):
            quotes = (lines[number].find(": ") + 2, lines[number].find("- ") + 2)
            return _unclosed_quote(number, max(quotes))
    return None


def _unclosed_quote(line: int, column: int) -> Cause:
    return Cause(
        line,
        column,
        "the quote that opens here is never closed",
        "Write the same quote once more at the end of the value.",
    )


def _after_quote(failure: Failure, lines: Sequence[str]) -> Cause | None:
    """Find text that goes on after the closing quote."""
    before = _row(lines, failure.line)[: failure.column].rstrip()
    if not before.endswith(('"', "'")) or before.endswith((': "', ": '")):
        return None
    return failure.here(
        "the value goes on after its closing quote",
        'Put the whole value in one pair of double quotes, and write `\\"` for a '
        "double quote inside it.",
    )


def _tab(failure: Failure, lines: Sequence[str]) -> Cause | None:
    """Find a tab where only spaces indent."""
    row = _row(lines, failure.line)
    margin = row[: len(row) - len(row.lstrip())]
    if "\t" not in margin:
        return None
    return Cause(
        failure.line,
        margin.index("\t"),
        "a tab is used for indentation, expected spaces",
        "Delete the tab and type two spaces for each level.",
    )


def _indicator(failure: Failure, lines: Sequence[str]) -> Cause | None:
    """Find a value that starts with a character that YAML keeps for itself."""
    marks = ("cannot start any token", "node content")
    line, column = failure.line, failure.column
    if any(mark in failure.context for mark in ("alias", "anchor", "tag")):
        line, column = failure.start_line, failure.start_column
    elif not any(mark in failure.problem for mark in marks):
        return None
    row = _row(lines, line)
    if not row[column : column + 1].strip():
        return None
    name = "a backquote" if row[column] == "`" else f"`{row[column]}`"
    return Cause(
        line,
        column,
        f"a value cannot start with {name} unless it is quoted",
        _KEY_HINT.format(key=_key_at(row)),
    )


def _colon(failure: Failure, lines: Sequence[str]) -> Cause | None:
    """Find a second `: ` in a value, or a field under one that has a value."""
    if "mapping values are not allowed" not in failure.problem:
        return None
    row = _row(lines, failure.line)
    field = _FIELD.match(row)
    if field and field.end() - 1 <= failure.column:
        return Cause(
            failure.line,
            failure.column,
            "the value has a colon followed by a space",
            _KEY_HINT.format(key=field["key"]),
        )
    return Cause(
        failure.line,
        len(row) - len(row.lstrip()),
        "this line is indented under a field that already has a value",
        "Indent it like the fields of its group, or quote the value above if it "
        "goes on here.",
    )


def _list_item(failure: Failure, _lines: Sequence[str]) -> Cause | None:
    """Find a list item on the line of its key, or a dash after a bracket."""
    if "sequence entries are not allowed" not in failure.problem:
        return None
    return failure.here(
        "a list item stands where a list cannot start",
        "Start each item on a line of its own with `- `, or quote the value if "
        "the dash is part of a text.",
    )


def _lonely_text(failure: Failure, lines: Sequence[str]) -> Cause | None:
    """Find a line that is neither a field nor an item."""
    if "simple key" not in failure.context:
        return None
    row = _row(lines, failure.start_line)
    glued = _GLUED.match(row)
    hint = (
        f"Type a space after the colon of `{glued['key']}:`."
        if glued
        else "Write it as `field: value`, or indent it under the field it belongs to."
    )
    return failure.start("found text that belongs to no field", hint)


def _open_bracket(failure: Failure, lines: Sequence[str]) -> Cause | None:
    """Find a bracket that is never closed."""
    if "flow" not in failure.context:
        return None
    row = _row(lines, failure.start_line)
    bracket = row[failure.start_column : failure.start_column + 1]
    return failure.start(
        f"the bracket `{bracket}` that opens here is not closed as it should be",
        "Close it on the same line; if the value is a text that starts with a "
        "bracket, put the whole value in double quotes.",
    )


def _block_text(failure: Failure, lines: Sequence[str]) -> Cause | None:
    """Find text on the line of `|` or `>`."""
    if "block scalar" not in failure.context:
        return None
    key = _key_at(_row(lines, failure.start_line))
    return failure.start(
        "a value that starts with `|` or `>` must start on the next line",
        f'Put the whole value in double quotes: `{key}: "..."`; or type the text on '
        "the lines below, indented.",
    )


def _nameless(failure: Failure, lines: Sequence[str]) -> Cause | None:
    """Find a colon with nothing before it."""
    row = _row(lines, failure.line)
    if not row[failure.column :].startswith(":") or row[: failure.column].strip(" -"):
        return None
    return failure.here(
        "a field has no name before its colon",
        "Type the name of the field, or quote the text if it starts with a colon.",
    )


def _indentation(failure: Failure, lines: Sequence[str]) -> Cause | None:
    """Find a line whose indentation fits nothing above it."""
    row = _row(lines, failure.line)
    margin = len(row) - len(row.lstrip())
    if margin != failure.column or not row.strip():
        return None
    return failure.here(
        f"this line, indented by {margin} spaces, does not fit the lines above it",
        "Indent fields of one group alike, and items of one list alike.",
    )


def _unknown(failure: Failure) -> Cause:
    return failure.here(
        "the header cannot be read from here on",
        "Write one `field: value` on each line, and put a value with special "
        "characters in double quotes.",
    )


_PROBES: tuple[Callable[[Failure, Sequence[str]], Cause | None], ...] = (
    _escape,
    _open_quote,
    _tab,
    _indicator,
    _colon,
    _list_item,
    _lonely_text,
    _open_bracket,
    _block_text,
    _after_quote,
    _nameless,
    _indentation,
)
