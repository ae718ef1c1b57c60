"""Where the header ends and the body begins."""

import re
from dataclasses import dataclass

from handoff.model.diagnostic import Finding
from handoff.model.span import line_span

_OPENING = re.compile(r"---[ \t]*(?:\n|\Z)")
_CLOSING = re.compile(r"\n---[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The header's text and the first line after its closing `---`.

    Attributes:
        header: the lines between the two `---`; they start at line 2 of the file.
        body_line: line of the file, from 1, where the body starts.
    """

    header: str
    body_line: int


def split(text: str) -> FrontMatter | Finding:
    """Cut the header out of a record, or say why that is impossible.

    Only the first two lines `---` count; later ones are text.
    """
    opening = _OPENING.match(text)
    if not opening:
        return _missing(text)
    closing = _CLOSING.search(text, opening.end() - 1)
    if not closing:
        return _unterminated(text)
    header = text[opening.end() : closing.start() + 1]
    return FrontMatter(header, header.count("\n") + 3)


def _missing(text: str) -> Finding:
    first = text.split("\n", 1)[0]
    late = _OPENING.match(text.lstrip(" \t\n"))
    return Finding(
        "missing-front-matter",
        line_span(1, first),
        "the first line is not `---`, so there is no header",
        "Delete everything above the first line `---`."
        if late
        else "Start the file with a line `---`, then the fields, then a line `---`.",
    )


def _unterminated(text: str) -> Finding:
    return Finding(
        "unterminated-front-matter",
        line_span(1, text.split("\n", 1)[0]),
        "the header that starts here never ends, expected a second line `---`",
        "Add a line that is exactly `---`, not indented, after the last field.",
    )
