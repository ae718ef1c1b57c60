"""Making one step on the lines of a header.

Each step is tried in a few ways, the one that touches least first, and taken if the
reader then finds exactly what was intended. So a way may be simple and wrong for odd
layouts: nothing wrong comes out.
"""

from collections.abc import Iterator
from dataclasses import replace

from handoff.document.document import Document, read_document
from handoff.document.edit_block import in_block
from handoff.document.edit_brackets import in_brackets
from handoff.document.edit_data import Data, data_of, find
from handoff.document.edit_layout import Layout
from handoff.document.edit_lines import Lines
from handoff.document.edit_plan import Put, Step, outcome
from handoff.document.edit_refusals import unusual_layout


def make_step(layout: Layout, step: Step) -> Lines:
    """Make a step on a header.

    Raises:
        CannotEditError: if no way gives what was intended and keeps every comment.
    """
    intended = outcome(layout.data, step)
    for way in _ways(layout, step):
        if _read_as(way, intended, layout.document.body):
            return way
    comments = sorted(layout.comments())
    for way in _rewritings(layout, step, intended):
        document = _read_as(way, intended, layout.document.body)
        if document and sorted(Layout(way, document).comments()) == comments:
            return way
    raise unusual_layout(step.pointer, layout.document.key_span(step.pointer))


def _read_as(lines: Lines, header: Data, body: str) -> Document | None:
    """Read a file; `None` if it does not say what is intended."""
    document, _ = read_document("", lines.content)
    is_right = document and data_of(document) == header and document.body == body
    return document if is_right else None


def _rewritings(layout: Layout, step: Step, intended: Data) -> Iterator[Lines]:
    """Give the file with the groups around a step written anew, smallest first."""
    for length in range(len(step.pointer), 0, -1):
        above = step.pointer[:length]
        value = find(intended, above)
        if above in layout.places and value is not None:
            yield from _ways(layout, Put(above, value))


def _ways(layout: Layout, step: Step) -> Iterator[Lines]:
    """Give the file with a step made, in the ways that may be right."""
    if not step.pointer:
        return
    style = layout.style(layout.line_of(step.pointer))
    for each in (style, replace(style, has_blocks=False)):
        if layout.is_in_brackets(step.pointer):
            yield from in_brackets(layout, step, each)
        else:
            yield from in_block(layout, step, each)
