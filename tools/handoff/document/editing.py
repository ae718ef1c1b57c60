"""Changing a record and no byte outside the change.

The reader knows where every key and value stands, and the header language is small,
so edits are made on the lines themselves. Each result is read again before it counts:
what cannot be changed safely is refused, never written wrongly.
"""

from collections.abc import Sequence

from handoff.document.document import Document, read_document
from handoff.document.edit_header import make_step
from handoff.document.edit_layout import Layout
from handoff.document.edit_lines import read_lines
from handoff.document.edit_plan import plan
from handoff.document.edit_refusals import CannotEditError, unreadable
from handoff.document.edit_sections import make_section
from handoff.document.edits import (
    Append,
    AppendToSection,
    Edit,
    Remove,
    SetSection,
    SetValue,
)

__all__ = [
    "Append",
    "AppendToSection",
    "CannotEditError",
    "Edit",
    "Remove",
    "SetSection",
    "SetValue",
    "apply_edits",
]


def apply_edits(content: bytes, edits: Sequence[Edit]) -> bytes:
    """Give a record with edits made one after the other.

    Comments, order, quotes, line endings, a byte-order mark, and the line ending at
    the end or its absence stay as they are. New lines look like those around them.

    Args:
        content: a record that can be read.
        edits: what to change; each sees what those before it did.

    Returns:
        The new bytes; the same ones if the record says all of it already.

    Raises:
        CannotEditError: if the file cannot be read, or an edit cannot be made safely.
    """
    for edit in edits:
        content = _edited(content, edit)
    return content


def _edited(content: bytes, edit: Edit) -> bytes:
    document = _read(content)
    lines = read_lines(content)
    if isinstance(edit, SetSection | AppendToSection):
        return make_section(lines, document, edit).content
    for step in plan(edit, document):
        lines = make_step(Layout(lines, _read(lines.content)), step)
    return lines.content


def _read(content: bytes) -> Document:
    document, findings = read_document("", content)
    if document is None:
        raise unreadable(findings[0])
    return document
