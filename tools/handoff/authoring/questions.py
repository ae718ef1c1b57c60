"""What a schema asks: fields with their titles, descriptions, choices and examples."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from handoff.authoring.paths import put_top
from handoff.model.span import Pointer
from handoff.policy.coercion import Schema
from handoff.policy.schemas import CompiledSchema
from handoff.policy.violation import Violation

_ID = "id"


class Form(Enum):
    """How an answer is typed."""

    LINE = auto()
    LIST = auto()
    ENTRY = auto()


@dataclass(frozen=True, slots=True)
class Question:
    """One field that has no value yet.

    Attributes:
        pointer: the field; of a new entry of a list its first field to be typed.
        about: what belongs in it, from the schema.
        example: one value, or empty.
        choices: the only values allowed, or empty.
        form: one line, a list of lines, or the first field of one more entry.
        is_needed: whether a check names it while it is missing.
    """

    pointer: Pointer
    title: str
    about: str
    example: str
    choices: tuple[str, ...]
    form: Form
    is_needed: bool


def place_at(schema: CompiledSchema, pointer: Pointer) -> Mapping[str, Any]:
    """Give what the schema says about a field, references followed."""
    place: Schema = schema.describe(pointer)
    while "$ref" in place:
        own = {key: value for key, value in place.items() if key != "$ref"}
        place = {**schema.resolve(str(place["$ref"])), **own}
    return place


def question(
    schema: CompiledSchema,
    pointer: Pointer,
    *,
    is_needed: bool,
    form: Form | None = None,
) -> Question:
    """Make the question for one field."""
    place = place_at(schema, pointer)
    examples = place.get("examples", ())
    example = examples[0] if examples else ""
    is_list = place.get("type") == "array"
    if is_list and isinstance(example, list):
        example = example[0] if example else ""
    return Question(
        pointer=pointer,
        title=_title(schema, pointer),
        about=str(place.get("description", "")),
        example=str(example) if isinstance(example, str | int) else "",
        choices=tuple(place.get("enum", ())),
        form=form or (Form.LIST if is_list else Form.LINE),
        is_needed=is_needed,
    )


def open_questions(
    schema: CompiledSchema, header: Mapping[str, object], names: Sequence[str]
) -> Iterator[Question]:
    """Give the questions that a header leaves open, in the order of the schema.

    Args:
        schema: of the whole header.
        header: what is known.
        names: the top-level fields to ask about.
    """
    needed = {name for name, is_needed in schema.fields(()) if is_needed}
    for name, _ in schema.fields(()):
        if name in names:
            yield from _below(schema, (name,), header.get(name), name in needed)


def known_questions(
    schema: CompiledSchema, pointer: Pointer, value: object
) -> Iterator[Question]:
    """Give the questions that a value answers already, in the order of the schema."""
    place = place_at(schema, pointer)
    if isinstance(value, Mapping):
        for name in place.get("properties", ()):
            if name in value and name != _ID:
                yield from known_questions(schema, (*pointer, name), value[name])
    elif "properties" in place_at(schema, (*pointer, 0)):
        for index, entry in enumerate(value if isinstance(value, list) else ()):
            yield from known_questions(schema, (*pointer, index), entry)
    elif "const" not in place:
        yield question(schema, pointer, is_needed=True)


def missing_names(violations: Sequence[Violation]) -> tuple[str, ...]:
    """Name the top-level fields that are required and not there."""
    found = (v for v in violations if v.keyword == "required" and not v.pointer)
    return tuple(dict.fromkeys(str(v.detail) for v in found))


def next_id(schema: CompiledSchema, pointer: Pointer, header: object) -> str:
    """Give a new entry of a list its id: the letter of the example, the next number."""
    example = str(place_at(schema, (*pointer, 0, _ID)).get("examples", ("N1",))[0])
    first = place_at(schema, pointer).get("examples", ((),))[0]
    entry = first[0] if first else {}
    letter = str(entry.get(_ID, example) if isinstance(entry, Mapping) else example)[0]
    taken = set(_ids(header))
    return next(f"{letter}{n}" for n in range(1, 1000) if f"{letter}{n}" not in taken)


def has_ids(schema: CompiledSchema, pointer: Pointer) -> bool:
    """Tell whether the entries of a list have ids."""
    return _ID in place_at(schema, (*pointer, 0)).get("properties", ())


def with_ids(
    schema: CompiledSchema, header: Mapping[str, object]
) -> Mapping[str, object]:
    """Give the entries of top-level lists their ids, where they have none yet."""
    for name, _ in schema.fields(()):
        entries = header.get(name)
        for at, entry in enumerate(entries if isinstance(entries, list) else ()):
            is_nameless = isinstance(entry, Mapping) and _ID not in entry
            if is_nameless and has_ids(schema, (name,)):
                made = put_top(entry, (_ID,), next_id(schema, (name,), header))
                header = put_top(header, (name, at), made)
    return header


def _title(schema: CompiledSchema, pointer: Pointer) -> str:
    """Name a field with the groups around it: `Milestones 2, On`."""
    words: list[str] = []
    for at, step in enumerate(pointer, 1):
        if isinstance(step, int):
            words[-1] += f" {step + 1}"
        else:
            words.append(str(place_at(schema, pointer[:at]).get("title", step)))
    return ", ".join(words)


def _ids(data: object) -> Iterator[str]:
    entries: Iterable[object] = ()
    if isinstance(data, Mapping):
        yield from (str(value) for name, value in data.items() if name == _ID)
        entries = data.values()
    elif isinstance(data, list):
        entries = data
    for entry in entries:
        yield from _ids(entry)


def _below(
    schema: CompiledSchema,
    pointer: Pointer,
    value: object,
    is_needed: bool,  # noqa: FBT001 - a fact about the field, passed on
) -> Iterator[Question]:
    place = place_at(schema, pointer)
    if "properties" in place:
        yield from _group(schema, pointer, value, place, is_needed)
    elif "properties" in place_at(schema, (*pointer, 0)):
        yield from _entries(schema, pointer, value, is_needed)
    elif value is None and "const" not in place:
        yield question(schema, pointer, is_needed=is_needed)


def _group(
    schema: CompiledSchema,
    pointer: Pointer,
    value: object,
    place: Mapping[str, Any],
    is_needed: bool,  # noqa: FBT001 - a fact about the field, passed on
) -> Iterator[Question]:
    """Ask for the fields of a group; for one nobody needs, first for its first."""
    known = value if isinstance(value, Mapping) else {}
    needed, waiting = _needed_now(place, known)
    names = [n for n in place["properties"] if n not in waiting and n != _ID]
    for name in names if known or is_needed else names[:1]:
        is_part_needed = name in needed and bool(known or is_needed)
        yield from _below(schema, (*pointer, name), known.get(name), is_part_needed)


def _entries(
    schema: CompiledSchema,
    pointer: Pointer,
    value: object,
    is_needed: bool,  # noqa: FBT001 - a fact about the field, passed on
) -> Iterator[Question]:
    """Ask to complete the entries of a list, then for one more."""
    entries = value if isinstance(value, list) else []
    for index, entry in enumerate(entries):
        yield from _below(schema, (*pointer, index), entry, is_needed=True)
    names = place_at(schema, (*pointer, 0))["properties"]
    first = next(name for name in names if name != _ID)
    place = (*pointer, len(entries), first)
    is_first_needed = is_needed and value is None
    yield question(schema, place, is_needed=is_first_needed, form=Form.ENTRY)


def _needed_now(
    place: Mapping[str, Any], known: Mapping[str, object]
) -> tuple[set[str], set[str]]:
    """Name what a group needs as far as it is known, and what only another one needs.

    Of `if`, only the values it compares with are looked at: that is all that schemas
    of records use.
    """
    needed = set(place.get("required", ()))
    if "if" not in place:
        return needed, set()
    compared = place["if"].get("properties", {})
    holds = all(known.get(name) == part["const"] for name, part in compared.items())
    now, other = ("then", "else") if holds else ("else", "then")
    wanted = set(place.get(now, {}).get("required", ()))
    return needed | wanted, set(place.get(other, {}).get("required", ())) - wanted
