"""Changing one section of the body and no line outside it."""

import re
from collections.abc import Sequence

from handoff.document import outline
from handoff.document.characters import forbidden_in
from handoff.document.document import Document, read_document
from handoff.document.edit_lines import Lines
from handoff.document.edit_refusals import breaks_outline, forbidden_text
from handoff.document.edits import AppendToSection, SectionEdit, SetSection, neighbours
from handoff.document.outline import Section, read_sections
from handoff.model.span import line_span

_MARKER = re.compile(r"[-*+] |[0-9]+[.)] ")

_Said = list[tuple[str, str | None]]
"""Title and visible text of each section, in order; `None` is never right."""


def make_section(lines: Lines, document: Document, edit: SectionEdit) -> Lines:
    """Make an edit on a file that reads as `document`.

    Raises:
        CannotEditError: if the text would change another section.
    """
    text = edit.text.replace("\r\n", "\n").strip("\n")
    if found := forbidden_in(text):
        raise forbidden_text(found[0])
    rows = text.split("\n") if text.strip() else []
    section = next((s for s in document.sections if s.title == edit.title), None)
    if section is None:
        way, intended = _added(lines, document, edit, rows)
    elif _is_said(section, edit, rows):
        return lines
    else:
        way, intended = _changed(lines, document, section, edit, rows)
    if _means(way, document, intended):
        return way
    number = section.span.line if section else document.body_line - 1
    raise breaks_outline(edit.title, line_span(number, document.line(number)))


def _is_said(section: Section, edit: SectionEdit, rows: Sequence[str]) -> bool:
    """Tell whether an edit leaves a section as it is."""
    if isinstance(edit, AppendToSection):
        return not rows
    return section.text == _alone(rows)


def _means(lines: Lines, before: Document, intended: _Said) -> bool:
    """Tell whether a file has the header it had and says what is intended."""
    after, _ = read_document("", lines.content)
    return (
        after is not None and after.header == before.header and _said(after) == intended
    )


def _said(document: Document) -> _Said:
    return [(section.title, section.text) for section in document.sections]


def _alone(rows: Sequence[str]) -> str | None:
    """Give what is visible of a section's lines; `None` if they are not one section.

    The heading below them shows whether a code block or comment is left open.
    """
    body = "\n".join(["## x", "", *rows, "", "## x"])
    sections = read_sections(body, 1)
    is_one = len(_tops(body)) == len(sections) == 2  # noqa: PLR2004 - it and the other
    return sections[0].text if is_one else None


def _tops(body: str) -> list[int]:
    """Find the headings that start or end a section; lines of the body from 0."""
    rows = body.split("\n")
    is_plain = outline.is_plain(body, rows)
    found = outline.scan(rows) if is_plain else outline.parse(body)
    return [each.line for each in found.headings if each.level <= 2]  # noqa: PLR2004 - h2


def _added(
    lines: Lines, document: Document, edit: SectionEdit, rows: Sequence[str]
) -> tuple[Lines, _Said]:
    """Add a section, apart from what is around it."""
    at = _place(lines, document, edit)
    above = [""] if lines.texts[at - 1].strip() else []
    below = [""] if at < len(lines.texts) else []
    new = [*above, f"## {edit.title}", *(["", *rows] if rows else []), *below]
    said = _said(document)
    index = sum(section.span.line <= at for section in document.sections)
    said.insert(index, (edit.title, _alone(rows)))
    return lines.replaced(at, at, new), said


def _place(lines: Lines, document: Document, edit: SectionEdit) -> int:
    """Find the line, from 0, in front of which a missing section goes."""
    known = {section.title: section for section in reversed(document.sections)}
    before, after = neighbours(edit.title, edit.order, known)
    if before:
        return _end(lines, document, known[before])
    return known[after].span.line - 1 if after else len(lines.texts)


def _end(lines: Lines, document: Document, section: Section) -> int:
    """Find the line, from 0, of the next heading of level 1 or 2, or the file's end."""
    tops = (top + document.body_line - 1 for top in _tops(document.body))
    return next((top for top in tops if top >= section.line - 1), len(lines.texts))


def _changed(
    lines: Lines,
    document: Document,
    section: Section,
    edit: SectionEdit,
    rows: Sequence[str],
) -> tuple[Lines, _Said]:
    """Replace or extend the lines of a section."""
    start, end = section.line - 1, _end(lines, document, section)
    lead, old, trail = _trimmed(lines.texts[start:end])
    new = rows
    if old and rows and (isinstance(edit, AppendToSection) or not section.text):
        new = [*old, *([] if _is_next_entry(old, rows[0]) else [""]), *rows]
    if not old:
        lead, trail = [""], [""] if end < len(lines.texts) else []
    if not new:
        lead = []
    said = _said(document)
    text = (
        _alone(rows) if isinstance(edit, SetSection) else _extended(section, rows, new)
    )
    said[document.sections.index(section)] = (section.title, text)
    return lines.replaced(start, end, [*lead, *new, *trail]), said


def _extended(
    section: Section, added: Sequence[str], rows: Sequence[str]
) -> str | None:
    """Give the visible text of an extended section, if both parts are whole in it."""
    text, end = _alone(rows), _alone(added)
    if text is None or end is None:
        return None
    is_whole = text.startswith(section.text) and text.endswith(end)
    return text if is_whole and len(text) >= len(section.text) + len(end) else None


def _trimmed(rows: Sequence[str]) -> tuple[list[str], list[str], list[str]]:
    """Cut off the blank lines above and below."""
    filled = [number for number, row in enumerate(rows) if row.strip()]
    first, stop = (filled[0], filled[-1] + 1) if filled else (0, 0)
    return list(rows[:first]), list(rows[first:stop]), list(rows[stop:])


def _is_next_entry(old: Sequence[str], row: str) -> bool:
    """Tell whether a line goes on with a list whose entries have no blank between."""
    blanks = [number for number, each in enumerate(old) if not each.strip()]
    last = old[blanks[-1] + 1] if blanks else old[0]
    above = old[blanks[-1] - 1] if blanks else ""
    is_entry = _MARKER.match(row) and _MARKER.match(last)
    return bool(is_entry) and not _MARKER.match(above)
