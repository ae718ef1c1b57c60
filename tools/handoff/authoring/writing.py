"""A new record as bytes: what is known, and headings for what is not."""

from collections.abc import Iterable, Mapping, Sequence

from handoff.authoring.questions import place_at
from handoff.document.editing import SetSection, apply_edits
from handoff.document.rendering import render_record
from handoff.model.span import Pointer
from handoff.policy.schemas import CompiledSchema


def write_record(
    schema: CompiledSchema,
    header: Mapping[str, object],
    titles: Iterable[str],
    sections: Mapping[str, str],
) -> bytes:
    """Write a record; what is unknown is left out, for a check to name.

    Args:
        schema: of the header, which gives fields their order and type.
        header: what is known.
        titles: headings to write, whether or not there is text for them.
        sections: text by title.
    """
    body = "\n".join(f"## {title}\n" for title in titles)
    whole = schema.coerce(ordered(schema, header))
    content = render_record(whole, body).encode()
    order = tuple(titles)
    edits = [SetSection(title, text, order) for title, text in sections.items()]
    return apply_edits(content, edits)


def ordered(
    schema: CompiledSchema, header: Mapping[str, object]
) -> Mapping[str, object]:
    """Give a header with its fields in the order of the schema."""
    return {
        name: _ordered(schema, (name,), header[name])
        for name, _ in schema.fields(())
        if name in header
    }


def _ordered(schema: CompiledSchema, pointer: Pointer, value: object) -> object:
    if isinstance(value, list):
        return [_ordered(schema, (*pointer, 0), entry) for entry in value]
    if not isinstance(value, Mapping):
        return value
    known: Sequence[str] = tuple(place_at(schema, pointer).get("properties", ()))
    names = sorted(value, key=lambda n: known.index(n) if n in known else len(known))
    return {name: _ordered(schema, (*pointer, name), value[name]) for name in names}
