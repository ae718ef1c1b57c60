"""The data of a header, and the same with one thing changed."""

from collections.abc import Callable, Mapping, Sequence
from typing import cast

from handoff.document.characters import forbidden_in
from handoff.document.document import Document
from handoff.document.edit_refusals import forbidden_text
from handoff.document.rendering import render_scalar
from handoff.model.span import Pointer

Data = str | list["Data"] | dict[str, "Data"]
"""What a reader makes of YAML: every leaf is text."""


def data_of(document: Document) -> Data:
    """Give the header as what it is: the reader builds nothing else."""
    return cast("Data", document.header)


def as_read(value: object) -> Data:
    """Give a new value as the reader will: numbers are text.

    Raises:
        CannotEditError: if a text holds what no record may hold.
        TypeError: for other types, a mistake of the caller.
    """
    match value:
        case str():
            if found := forbidden_in(value):
                raise forbidden_text(found[0])
            return value
        case int():
            return render_scalar(value)
        case Mapping():
            return {str(key): as_read(item) for key, item in value.items()}
        case Sequence():
            return [as_read(item) for item in value]
    message = f"cannot write {type(value).__name__} into a record"
    raise TypeError(message)


def child(data: Data, key: str | int) -> Data | None:
    """Give a field or item; `None` if there is none."""
    if isinstance(data, dict):
        return data.get(key) if isinstance(key, str) else None
    if isinstance(data, list) and isinstance(key, int):
        return data[key] if 0 <= key < len(data) else None
    return None


def find(data: Data, pointer: Pointer) -> Data | None:
    """Give the value at a pointer; `None` if there is none."""
    found: Data | None = data
    for key in pointer:
        found = None if found is None else child(found, key)
    return found


def changed(data: Data, pointer: Pointer, change: Callable[[Data], Data]) -> Data:
    """Give `data` with what stands at `pointer` changed, which must be there."""
    if not pointer:
        return change(data)
    match data, pointer[0]:
        case dict(), str(key):
            return {**data, key: changed(data[key], pointer[1:], change)}
        case list(), int(at):
            return [*data[:at], changed(data[at], pointer[1:], change), *data[at + 1 :]]
    raise KeyError(pointer)


def with_entry(group: Data, key: str | int, value: Data) -> Data:
    """Give a mapping with one more field, or a list with one more item at its end."""
    match group, key:
        case dict(), str(name):
            return {**group, name: value}
        case list(), int():
            return [*group, value]
    raise KeyError(key)


def without_entry(group: Data, key: str | int) -> Data:
    """Give a mapping or list without one entry."""
    match group, key:
        case dict(), str():
            return {name: value for name, value in group.items() if name != key}
        case list(), int(at):
            return [*group[:at], *group[at + 1 :]]
    raise KeyError(key)
