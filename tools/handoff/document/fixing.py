"""Mechanical repairs of a header: what a person meant, written the way it is read.

Each repair is made on the lines themselves and read again before it counts: unless
the header then says the same, but for the values that were to be repaired, the lines
stay as they were. Nothing outside the header is touched.
"""

from handoff.document.document import read_document
from handoff.document.edit_layout import Layout
from handoff.document.edit_lines import read_lines
from handoff.document.fixing_form import Form
from handoff.document.fixing_layout import in_order, without_tabs, without_trailing
from handoff.document.fixing_values import quoted, spelt_out

__all__ = ["Form", "fix"]


def fix(content: bytes, form: Form) -> bytes:
    """Make every mechanical repair of a record's header.

    Tabs that indent, blanks at the ends of lines, values cut off by ` #`, days and
    instants that lack a zero, seconds or the `T`, and the order of top-level fields.
    Done again it changes nothing.

    Args:
        content: any bytes; what cannot be read is given back as it is.
        form: of this kind of record.
    """
    content = without_tabs(content)
    document, _ = read_document("", content)
    if document is None:
        return content
    layout = Layout(read_lines(content), document)
    layout = quoted(without_trailing(layout), form)
    return in_order(spelt_out(layout, form), form).lines.content
