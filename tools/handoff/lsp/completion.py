"""What can be typed at a place: fields, values, names of things, headings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from handoff.document.outline import read_sections
from handoff.lsp.desk import View
from handoff.lsp.guide import Field
from handoff.lsp.place import Place, place_at
from handoff.lsp.references import Known, entries, opportunities, people
from handoff.lsp.sketch import header_rows
from handoff.lsp.text import Change, Point, line_at

_HEADING = re.compile(r"(?:#{1,6}(?:[ \t].*)?)?$")


class Sort(Enum):
    """What kind of thing is offered."""

    FIELD = "field"
    VALUE = "value"
    REFERENCE = "reference"
    HEADING = "heading"


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be typed.

    Attributes:
        label: as it is shown, and what typing is compared with.
        detail: a word beside it.
        about: markdown that explains it.
        change: what choosing it writes.
        is_first: whether it is needed, and so comes before the others.
    """

    label: str
    sort: Sort
    detail: str
    about: str
    change: Change
    is_first: bool = False


def complete(view: View, cursor: Point) -> tuple[Choice, ...]:
    """Offer what can be typed at a place, best first."""
    is_whole = view.kind is None
    if cursor.line not in header_rows(view.lines, is_whole=is_whole):
        return tuple(_headings(view, cursor))
    place = place_at(view.lines, cursor, is_whole=is_whole)
    if place is None:
        return ()
    found = (*_names(view, place), *_values(view, place))
    return tuple(sorted(found, key=lambda choice: not choice.is_first))


def documentation(field: Field) -> str:
    """Explain a field in markdown: what it is, what it may be, an example."""
    parts = [field.text("description")]
    if field.values:
        parts.append("One of: " + ", ".join(f"`{value}`" for value in field.values))
    elif field.examples:
        parts.append(f"For example: `{field.examples[0]}`")
    parts.append(field.text("x-hint"))
    return "\n\n".join(part for part in parts if part)


def allowed(view: View, place: Place) -> Known:
    """List what a value may be, with a word about each; nothing if it is free text."""
    field = view.guide.group(place)
    if field.values:
        meaning = view.policy.schemas.event_meaning
        is_kind = place.pointer[-1:] == ("event",)
        return tuple((v, meaning(v) if is_kind else "") for v in field.values)
    formats = {"person": people, "opportunity-id": opportunities}
    known = formats.get(field.text("format"))
    return known(view) if known else entries(view, place)


def _names(view: View, place: Place) -> Iterator[Choice]:
    if not place.is_name:
        return
    group = view.guide.group(place)
    fields, dash = view.guide.fields(group), ""
    if not fields and not place.is_flow:
        fields, dash = view.guide.fields(view.guide.entry(group)), "- "
    present = place.groups[-1]
    for field in fields:
        if field.name == place.name or field.name not in present:
            yield _field(place, field, dash)


def _field(place: Place, field: Field, dash: str) -> Choice:
    has_colon = bool(place.name)
    is_group = field.text("type") in {"object", "array"}
    colon = "" if has_colon else ":" if is_group else ": "
    needed = "required" if field.is_required else "optional"
    return Choice(
        label=field.name,
        sort=Sort.FIELD,
        detail=f"{field.text('title')} ({needed})",
        about=documentation(field),
        change=_instead(place, f"{dash}{field.name}{colon}"),
        is_first=field.is_required,
    )


def _values(view: View, place: Place) -> Iterator[Choice]:
    if place.is_name and not (place.pointer and isinstance(place.pointer[-1], int)):
        return
    known = allowed(view, place)
    sort = Sort.VALUE if view.guide.group(place).values else Sort.REFERENCE
    if known and view.guide.group(place).text("type") == "array":
        every = f"[{', '.join(name for name, _ in known)}]"
        yield Choice(every, sort, "all of them", "", _instead(place, every))
        return
    for name, about in known:
        yield Choice(name, sort, about, about, _instead(place, name))


def _instead(place: Place, text: str) -> Change:
    """Write a text in place of the word that is being typed."""
    return Change(Point(place.line, place.start), Point(place.line, place.end), text)


def _headings(view: View, cursor: Point) -> Iterator[Choice]:
    """Offer the sections that are not there yet, on an empty line or a heading."""
    text = line_at(view.lines, cursor.line)
    if view.kind is None or not _HEADING.match(text):
        return
    others = (*view.lines[: cursor.line], "", *view.lines[cursor.line + 1 :])
    body = header_rows(others, is_whole=False).stop + 1
    present = {s.title for s in read_sections("\n".join(others[body:]), body + 1)}
    whole = Point(cursor.line, 0), Point(cursor.line, len(text))
    for title in view.policy.pipeline.sections[view.kind]:
        if title not in present:
            heading = f"## {title}"
            change = Change(*whole, heading)
            yield Choice(heading, Sort.HEADING, "section", "", change)
