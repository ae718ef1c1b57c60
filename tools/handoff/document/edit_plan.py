"""From an edit to the smallest steps that make it, and what each does to the data."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from handoff.document.document import Document
from handoff.document.edit_data import (
    Data,
    as_read,
    changed,
    child,
    data_of,
    find,
    with_entry,
    without_entry,
)
from handoff.document.edit_refusals import wrong_kind
from handoff.document.edits import Append, FieldEdit, Remove, SetValue
from handoff.model.span import Pointer


@dataclass(frozen=True, slots=True)
class Put:
    """Replace the value that is there."""

    pointer: Pointer
    value: object


@dataclass(frozen=True, slots=True)
class Insert:
    """Add a field to a mapping that has others, or an item behind those of a list."""

    pointer: Pointer
    value: object
    order: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Cut:
    """Remove a field or item that has others beside it."""

    pointer: Pointer


Step = Put | Insert | Cut


def plan(edit: FieldEdit, document: Document) -> Iterator[Step]:
    """Give the steps of an edit, none if the record says so already.

    Raises:
        CannotEditError: if a value on the way is of another kind.
    """
    match edit:
        case SetValue():
            return _set(document, edit)
        case Append():
            return _append(document, edit)
        case Remove(pointer):
            return _remove(data_of(document), pointer)


def outcome(header: Data, step: Step) -> Data:
    """Make a step on the data of a header."""
    pointer = step.pointer
    if isinstance(step, Put):
        value = as_read(step.value)
        return changed(header, pointer, lambda _: value)
    group, key = pointer[:-1], pointer[-1]
    if isinstance(step, Cut):
        return changed(header, group, lambda data: without_entry(data, key))
    value = as_read(step.value)
    return changed(header, group, lambda data: with_entry(data, key, value))


def _set(document: Document, edit: SetValue) -> Iterator[Step]:
    """Replace what differs, or add the topmost thing that is missing."""
    at = data_of(document)
    for depth, key in enumerate(edit.pointer):
        inner = child(at, key)
        if inner is None:
            yield _addition(document, at, edit, depth)
            return
        at = inner
    yield from _differences(edit.pointer, at, edit.value)


def _addition(document: Document, group: Data, edit: SetValue, depth: int) -> Step:
    """Add the field at `depth` of the pointer, and what is below it, to `group`."""
    above, (key, *below) = edit.pointer[:depth], edit.pointer[depth:]
    if isinstance(group, list) or (isinstance(group, str) and group):
        expected = "a group of fields" if isinstance(key, str) else "a list that long"
        raise wrong_kind(above, document.span(above), expected)
    if not all(isinstance(each, str) for each in (key, *below)):
        raise wrong_kind(edit.pointer, document.key_span(above), "in a list")
    value = edit.value
    for each in reversed(below):
        value = {each: value}
    return (
        Insert((*above, key), value, edit.order) if group else Put(above, {key: value})
    )


def _append(document: Document, edit: Append) -> Iterator[Step]:
    match find(data_of(document), edit.pointer):
        case [_, *_] as items:
            yield Insert((*edit.pointer, len(items)), edit.value)
        case None:
            yield from _set(document, SetValue(edit.pointer, [edit.value], edit.order))
        case "" | []:
            yield Put(edit.pointer, [edit.value])
        case _:
            raise wrong_kind(edit.pointer, document.span(edit.pointer), "a list")


def _remove(header: Data, pointer: Pointer) -> Iterator[Step]:
    """Remove an entry; the last one of a group leaves the group empty."""
    if find(header, pointer) is None:
        return
    group = find(header, pointer[:-1])
    if pointer[:-1] and group is not None and len(group) == 1:
        yield Put(pointer[:-1], without_entry(group, pointer[-1]))
    else:
        yield Cut(pointer)


def _differences(pointer: Pointer, old: Data, value: object) -> Iterator[Step]:
    """Find the steps from an old value to a new one that leave alone what they share.

    Additions come before removals, so that no group is empty in between.
    """
    new = as_read(value)
    match old, new, value:
        case _ if old == new:
            return
        case dict(), dict(), Mapping() if old.keys() & new.keys():
            yield from _field_differences(pointer, old, value)
        case list(), list(), Sequence() if len(old) == len(new):
            for at, item in enumerate(value):
                yield from _differences((*pointer, at), old[at], item)
        case list(), list(), Sequence() if old and new[: len(old)] == old:
            for at in range(len(old), len(new)):
                yield Insert((*pointer, at), value[at])
        case _:
            yield Put(pointer, value)


def _field_differences(
    pointer: Pointer, old: Mapping[str, Data], value: Mapping[str, object]
) -> Iterator[Step]:
    order = tuple(value)
    for key, item in value.items():
        if key in old:
            yield from _differences((*pointer, key), old[key], item)
        else:
            yield Insert((*pointer, key), item, order)
    for key in old:
        if key not in value:
            yield Cut((*pointer, key))
