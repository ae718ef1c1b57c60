"""Places in a header as people type them, and values put there."""

import re
from collections.abc import Mapping

from handoff.model.span import Pointer

_STEP = re.compile(r"([A-Za-z][A-Za-z0-9_]{0,40})((?:\[[0-9]{1,3}\])*)")


def read_path(text: str) -> Pointer | None:
    """Read `milestones[0].owner` as a pointer; `None` if it is none."""
    pointer: list[str | int] = []
    for part in text.split("."):
        found = _STEP.fullmatch(part)
        if not found:
            return None
        pointer += [found[1], *map(int, re.findall("[0-9]+", found[2]))]
    return tuple(pointer)


def value_at(data: object, pointer: Pointer) -> object:
    """Give the value at a pointer; `None` where there is none."""
    for key in pointer:
        if isinstance(data, Mapping):
            data = data.get(key)
        elif isinstance(data, list) and isinstance(key, int):
            data = data[key] if key < len(data) else None
        else:
            return None
    return data


def can_put(data: object, pointer: Pointer) -> bool:
    """Tell whether every list on the way has, or comes next to, the entry named."""
    return all(
        key <= len(_entries(value_at(data, pointer[:at])))
        for at, key in enumerate(pointer)
        if isinstance(key, int)
    )


def put(data: object, pointer: Pointer, value: object) -> object:
    """Give `data` with a value at a pointer; groups and lists on the way are made."""
    if not pointer:
        return value
    key, rest = pointer[0], pointer[1:]
    if isinstance(key, int):
        entries = _entries(data)
        inner = put(entries[key] if key < len(entries) else None, rest, value)
        return [*entries[:key], inner, *entries[key + 1 :]]
    group = data if isinstance(data, Mapping) else {}
    return {**group, key: put(group.get(key), rest, value)}


def put_top(
    header: Mapping[str, object], pointer: Pointer, value: object
) -> Mapping[str, object]:
    """Do the same with a whole header, which stays one."""
    name = str(pointer[0])
    return {**header, name: put(header.get(name), pointer[1:], value)}


def overlaid(below: object, above: object) -> object:
    """Give `below` with what `above` says on top, group by group."""
    if isinstance(below, Mapping) and isinstance(above, Mapping):
        merged = {name: overlaid(below.get(name), above[name]) for name in above}
        return {**below, **merged}
    return above


def _entries(data: object) -> list[object]:
    return data if isinstance(data, list) else []
