"""Repairs of single values: quotes around a `#`, and days and instants spelt out."""

import re

from handoff.document.edit_data import changed
from handoff.document.edit_layout import Layout
from handoff.document.fixing_form import Form, accepted, texts
from handoff.document.rendering import render_scalar
from handoff.model.instant import parse_date, parse_instant
from handoff.model.span import Pointer, Span

_CUT_OFF = re.compile(r" #[^\s#].*")
_QUOTES = "\"'|>"
_DAYS = frozenset({"date", "date-or-instant", "date-or-unknown"})
_INSTANTS = frozenset({"date-time", "date-or-instant"})
_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_INSTANT = re.compile(
    rf"(?P<day>{_DAY.pattern})(?:[Tt]| +)(?P<hour>[0-9]{{1,2}}):(?P<minute>[0-9]{{2}})"
    r"(?P<seconds>:[0-9]{2}(?:\.[0-9]{1,6})?)? ?(?P<offset>[Zz]|[+-][0-9]{2}:[0-9]{2})"
)


def quoted(layout: Layout, form: Form) -> Layout:
    """Put values in quotes of which ` #` cuts off a part, as in `Suite #4`.

    A comment as people write it has a blank behind the `#`, or two before it, and a
    value of which the schema refuses the rest is left alone.
    """
    refused = form.refused(layout.document.header).keys()
    for pointer, text in reversed(list(texts(layout.data))):
        span = layout.document.span(pointer)
        row = layout.texts[span.line - 1]
        rest = row[span.end_column - 1 :].rstrip()
        if not _is_plain(span, row) or not _CUT_OFF.fullmatch(rest):
            continue
        whole = text + rest
        typed = row[: span.column - 1] + render_scalar(whole)
        made = _with(layout, pointer, whole, typed)
        if not form.refused(made.document.header).keys() - refused:
            layout = made
    return layout


def _is_plain(span: Span, row: str) -> bool:
    first = row[span.column - 1 : span.end_column - 1][:1]
    return span.line == span.end_line and bool(first) and first not in _QUOTES


def spelt_out(layout: Layout, form: Form) -> Layout:
    """Write out the days and instants that lack a zero, the seconds or the `T`."""
    refused = form.refused(layout.document.header)
    for pointer, text in reversed(list(texts(layout.data))):
        if new := spelt(text, refused.get(pointer, "")):
            span = layout.document.span(pointer)
            row = layout.texts[span.line - 1]
            start, end = span.column - 1, span.end_column - 1
            typed = row[:start] + row[start:end].replace(text, new) + row[end:]
            layout = _with(layout, pointer, new, typed)
    return layout


def spelt(text: str, wanted: str) -> str:
    """Spell out a day or an instant.

    Args:
        text: as typed.
        wanted: the format that the field asks for.

    Returns:
        The same day or instant as that format wants it; empty if there is none.
    """
    if wanted in _DAYS and (found := _DAY.fullmatch(text)):
        day = _padded(found)
        return day if parse_date(day) else ""
    if wanted not in _INSTANTS or not (found := _INSTANT.fullmatch(text)):
        return ""
    day = _DAY.sub(_padded, found["day"])
    time = f"{found['hour']:0>2}:{found['minute']}{found['seconds'] or ':00'}"
    instant = f"{day}T{time}{found['offset'].upper()}"
    return instant if parse_instant(instant) else ""


def _padded(day: re.Match[str]) -> str:
    return f"{day[1]}-{day[2]:0>2}-{day[3]:0>2}"


def _with(layout: Layout, pointer: Pointer, value: str, row: str) -> Layout:
    """Give the header with another value on its line, if it is then read so."""
    at = layout.document.span(pointer).line - 1
    header = changed(layout.data, pointer, lambda _: value)
    return accepted(layout, layout.lines.replaced(at, at + 1, [row]), header)
