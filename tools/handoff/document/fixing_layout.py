"""Repairs of how a header is laid out: tabs, blanks at line ends, order of fields."""

from collections.abc import Iterator, Sequence

from handoff.document.document import read_document
from handoff.document.edit_layout import Layout, is_comment, margin
from handoff.document.edit_lines import Lines, read_lines
from handoff.document.fixing_form import Form, accepted, texts
from handoff.document.front_matter import FrontMatter, split
from handoff.document.intake import decode
from handoff.model.diagnostic import Finding

_TAB_WIDTHS = (2, 4, 8)


def without_tabs(content: bytes) -> bytes:
    """Indent with spaces where tabs keep a header from being read.

    How wide a tab was meant is not known: the header must say the same at any width
    at which it can be read.
    """
    text = decode(content)
    parts = text if isinstance(text, Finding) else split(text)
    if not isinstance(parts, FrontMatter) or "\t" not in parts.header:
        return content
    if read_document("", content)[0]:
        return content
    lines, end = read_lines(content), parts.body_line - 2
    ways = [_indented(lines, end, width).content for width in _TAB_WIDTHS]
    read = [(way, read_document("", way)[0]) for way in ways]
    good = [(way, document.header) for way, document in read if document]
    is_clear = good and all(header == good[0][1] for _, header in good)
    return good[0][0] if is_clear else content


def _indented(lines: Lines, end: int, width: int) -> Lines:
    """Replace the tabs before the first character of each line up to `end`."""
    rests = [(text, text.lstrip(" \t")) for text in lines.texts[1:end]]
    made = [
        text[: len(text) - len(rest)].replace("\t", " " * width) + rest
        for text, rest in rests
    ]
    return lines.replaced(1, end, made)


def without_trailing(layout: Layout) -> Layout:
    """Cut blanks at the ends of lines, but in texts of several lines."""
    first, end = _rows(layout)
    kept = set(_rows_of_texts(layout))
    cut = [
        text if row in kept else text.rstrip(" \t")
        for row, text in enumerate(layout.texts[first:end], first)
    ]
    return accepted(layout, layout.lines.replaced(first, end, cut), layout.data)


def _rows_of_texts(layout: Layout) -> Iterator[int]:
    for pointer, _ in texts(layout.data):
        span = layout.document.span(pointer)
        if span.end_line > span.line:
            yield from range(span.line - 1, span.end_line)


def in_order(layout: Layout, form: Form) -> Layout:
    """Bring top-level fields into their order, each with the comments above it.

    A field that is not known stays behind the one it stands behind.
    """
    keys = list(layout.document.header)
    ranks = list(_ranks(keys, form.order))
    spans = [layout.document.key_span((key,)) for key in keys]
    if ranks == sorted(ranks) or any(span.column != 1 for span in spans):
        return layout
    first, end = (_top(layout, spans[0].line - 1), _rows(layout)[1])
    tops = [first, *(_top(layout, span.line - 1) for span in spans[1:])]
    blocks = list(zip(tops, [*tops[1:], end], strict=True))
    order = sorted(range(len(keys)), key=ranks.__getitem__)
    moved = [row for index in order for row in range(*blocks[index])]
    rows = [*range(first), *moved, *range(end, len(layout.texts))]
    return accepted(layout, _picked(layout.lines, rows), layout.data)


def _picked(lines: Lines, rows: Sequence[int]) -> Lines:
    """Give the lines of a file in another order, each with its ending."""
    endings = tuple(lines.endings[row] for row in rows)
    return Lines(lines.mark, tuple(lines.texts[row] for row in rows), endings)


def _top(layout: Layout, row: int) -> int:
    """Give the first line of the comments right above a field."""
    while is_comment(layout.texts[row - 1]) and not margin(layout.texts[row - 1]):
        row -= 1
    return row


def _ranks(keys: Sequence[str], order: Sequence[str]) -> Iterator[int]:
    rank = -1
    for key in keys:
        rank = order.index(key) if key in order else rank
        yield rank


def _rows(layout: Layout) -> tuple[int, int]:
    """Give the header's first line, and the line of the `---` below it, from 0."""
    return layout.document.header_line - 1, layout.document.body_line - 2
