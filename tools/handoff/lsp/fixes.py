"""Quick fixes: for what the check finds, the change that satisfies it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from handoff.document.document import Document, read_document
from handoff.document.editing import CannotEditError, SetSection, SetValue, apply_edits
from handoff.document.edits import Edit
from handoff.lsp.completion import allowed
from handoff.lsp.desk import View
from handoff.lsp.guide import Field
from handoff.lsp.place import place_at
from handoff.lsp.sketch import sketch
from handoff.lsp.text import Change, Point, difference, end_of, line_at, start_of
from handoff.model.diagnostic import Diagnostic
from handoff.model.span import Pointer
from handoff.policy.violation import Violation

_DEPTH = 3
_REQUIRED = "required"


@dataclass(frozen=True, slots=True)
class Fix:
    """One way to satisfy the check.

    Attributes:
        title: what it does, as a button says it.
        change: the text to write.
        diagnostic: what it satisfies.
    """

    title: str
    change: Change
    diagnostic: Diagnostic


_Fixer = Callable[[View, Document, Diagnostic], Iterator[Fix]]


def fixes(view: View, found: Iterable[Diagnostic]) -> tuple[Fix, ...]:
    """Offer a fix for each finding that has an obvious one.

    Args:
        view: a record; for files of policy there are no fixes.
        found: findings about exactly this text.
    """
    content = view.text.encode("utf-8", "surrogatepass")
    document = read_document(view.path, content)[0]
    if view.kind is None or document is None:
        return ()
    made = (
        fix
        for diagnostic in dict.fromkeys(found)
        for fix in _FIXERS.get(diagnostic.rule, _nothing)(view, document, diagnostic)
    )
    return tuple(made)


def _nothing(
    view: View,  # noqa: ARG001 - one signature for all
    document: Document,  # noqa: ARG001 - as above
    diagnostic: Diagnostic,  # noqa: ARG001 - as above
) -> Iterator[Fix]:
    """Offer nothing for rules that need a person's answer."""
    yield from ()


def _rename_field(
    view: View, document: Document, diagnostic: Diagnostic
) -> Iterator[Fix]:
    """Replace an unknown name by the nearest known one that is not there yet."""
    place = place_at(view.lines, start_of(diagnostic.span))
    if place is None or not place.name:
        return
    fields = view.guide.fields(view.guide.group(place))
    free = [f.name for f in fields if f.name not in place.groups[-1]]
    yield from _replace(diagnostic, _text(document, diagnostic), free)


def _nearest_value(
    view: View, document: Document, diagnostic: Diagnostic
) -> Iterator[Fix]:
    """Replace a value by the nearest one that is allowed."""
    place = place_at(view.lines, start_of(diagnostic.span))
    if place is None:
        return
    names = [name for name, _ in allowed(view, place)]
    yield from _replace(diagnostic, _text(document, diagnostic), names)


def _replace(diagnostic: Diagnostic, old: str, names: list[str]) -> Iterator[Fix]:
    near = get_close_matches(old.strip("\"'"), names, n=1)
    change = Change(start_of(diagnostic.span), end_of(diagnostic.span), *near or ("",))
    if near and diagnostic.span.line == diagnostic.span.end_line:
        yield Fix(f"Replace `{old}` by `{near[0]}`", change, diagnostic)


def _text(document: Document, diagnostic: Diagnostic) -> str:
    span = diagnostic.span
    return document.line(span.line)[span.column - 1 : span.end_column - 1]


def _add_field(view: View, document: Document, diagnostic: Diagnostic) -> Iterator[Fix]:
    """Add a missing field, with the fields it needs itself, for somebody to fill in."""
    for violation in _violations(view, document):
        name = str(violation.detail)
        pointer = (*violation.pointer, name)
        is_named = f"`{name}`" in diagnostic.message  # several may be missing here
        if document.span(pointer) != diagnostic.span or not is_named:
            continue
        group = view.guide.field(violation.pointer, _groups(document, pointer[:-1]))
        fields = {field.name: field for field in view.guide.fields(group)}
        if name in fields:
            value = _blank(view, fields[name])
            edit = SetValue(pointer, value, tuple(fields))
            yield from _edited(view, f"Add `{name}`", edit, diagnostic)


def _violations(view: View, document: Document) -> Iterator[Violation]:
    """Give what the schema says is missing."""
    schema = view.policy.schemas.schema(view.kind or "")
    for violation in schema.violations(schema.coerce(document.header)):
        if violation.keyword == _REQUIRED:
            yield violation


def _groups(document: Document, pointer: Pointer) -> tuple[Mapping[str, object], ...]:
    """Give the plain fields of every group on the way to a place."""
    value: object = document.header
    groups = [_plain(value)]
    for step in pointer:
        if isinstance(value, dict) or (isinstance(value, list) and step != ""):
            value = value[step]  # type: ignore[index]  # a pointer of this document
        groups.append(_plain(value))
    return tuple(groups)


def _plain(value: object) -> Mapping[str, object]:
    fields = value.items() if isinstance(value, dict) else ()
    return {key: entry if isinstance(entry, str) else "" for key, entry in fields}


def _blank(view: View, field: Field, depth: int = 0) -> object:
    """Give a value to fill in: empty, or the fields that a group requires."""
    kind = field.text("type")
    if kind == "array":
        inner = view.guide.entry(field)
        is_group = inner.text("type") == "object" and depth < _DEPTH
        return [_blank(view, inner, depth + 1)] if is_group else []
    if kind == "object" and depth < _DEPTH:
        needed = (f for f in view.guide.fields(field) if f.is_required)
        return {f.name: _blank(view, f, depth + 1) for f in needed}
    return field.values[0] if len(field.values) == 1 else ""


def _add_section(
    view: View, document: Document, diagnostic: Diagnostic
) -> Iterator[Fix]:
    """Add the missing section that a finding names, or rename the one meant."""
    order = view.policy.pipeline.sections[view.kind] if view.kind else ()
    present = {section.title: section for section in document.sections}
    for title in order:
        if title in present or f"`{title}`" not in diagnostic.message:
            continue
        strangers = [name for name in present if name not in order]
        for name in get_close_matches(title, strangers, n=1):
            span = present[name].span
            change = Change(start_of(span), end_of(span), f"## {title}")
            yield Fix(f"Rename `{name}` to `{title}`", change, diagnostic)
        edit = SetSection(title, "", order)
        yield from _edited(view, f"Add section `{title}`", edit, diagnostic)


def _edited(
    view: View, title: str, edit: Edit, diagnostic: Diagnostic
) -> Iterator[Fix]:
    """Make an edit of the document; none if its layout does not allow it safely."""
    try:
        content = apply_edits(view.text.encode(), [edit])
    except CannotEditError:  # the finding itself already says what to do by hand
        return
    yield Fix(title, difference(view.text, content.decode()), diagnostic)


def _quote(view: View, document: Document, diagnostic: Diagnostic) -> Iterator[Fix]:  # noqa: ARG001 - one signature for all
    """Put a value and the text behind it in double quotes."""
    line = start_of(diagnostic.span).line
    text = line_at(view.lines, line)
    on_line = [n for n in sketch(view.lines).root.walk() if n.line == line]
    if not on_line or on_line[-1].is_flow or not on_line[-1].value:
        return
    start = on_line[-1].at
    whole = text[start:].rstrip()
    escaped = whole.replace("\\", "\\\\").replace('"', '\\"')
    change = Change(Point(line, start), Point(line, start + len(whole)), f'"{escaped}"')
    yield Fix("Put the whole value in double quotes", change, diagnostic)


_FIXERS: Mapping[str, _Fixer] = {
    "unknown-field": _rename_field,
    "value-not-allowed": _nearest_value,
    "unknown-person": _nearest_value,
    "dangling-reference": _nearest_value,
    "missing-field": _add_field,
    "missing-section": _add_section,
    "text-lost-to-comment": _quote,
}
