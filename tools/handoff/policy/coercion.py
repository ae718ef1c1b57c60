"""From text to numbers, where the schema's own type says so.

The reader keeps every scalar as text, so that `0123`, `no` and `12:30` are never
silently something else. Only a field whose schema says `integer` or `boolean` becomes
one, and only from the one spelling each value has; any other text stays text and is
refused by validation.
"""

import re
from collections.abc import Callable, Iterator, Mapping

Schema = Mapping[str, object]
Resolve = Callable[[str], Schema]
"""Gives the schema that a `$ref` names."""

_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,17}")
_BOOLEANS = {"true": True, "false": False}
_CONVERSIONS: Mapping[object, Callable[[str], object]] = {
    "integer": lambda text: int(text) if _INTEGER.fullmatch(text) else text,
    "boolean": lambda text: _BOOLEANS.get(text, text),
}


class Coercion:
    """Converts the scalars of values that follow a schema, compiled as it is used."""

    __slots__ = ("_convert", "_known", "_parts", "_resolve")

    def __init__(self, schemas: tuple[Schema, ...], resolve: Resolve) -> None:
        self._resolve = resolve
        self._parts = tuple(p for s in schemas for p in schema_parts(s, resolve))
        types = (_CONVERSIONS.get(part.get("type")) for part in self._parts)
        self._convert = next(filter(None, types), None)
        self._known: dict[str | None, Coercion | None] = {}

    def apply(self, value: object) -> object:
        """Return `value` with its numbers converted, sharing what does not change."""
        if isinstance(value, str):
            return self._convert(value) if self._convert else value
        if isinstance(value, list):
            inner = self._inner(None)
            return [inner.apply(entry) for entry in value] if inner else value
        return self._fields(value) if isinstance(value, dict) else value

    def _fields(self, value: dict[str, object]) -> dict[str, object]:
        changed: dict[str, object] = {}
        known = self._known
        for key, entry in value.items():
            if inner := known[key] if key in known else self._inner(key):
                changed[key] = inner.apply(entry)
        return {**value, **changed} if changed else value

    def _inner(self, key: str | None) -> "Coercion | None":
        """Give the coercion of a field, or of list entries for `None`."""
        if key not in self._known:
            schemas = tuple(inner_schemas(self._parts, key))
            wanted = _has_numbers(schemas, self._resolve, set())
            self._known[key] = Coercion(schemas, self._resolve) if wanted else None
        return self._known[key]


def schema_parts(schema: Schema, resolve: Resolve) -> Iterator[Schema]:
    """Give the schema and every other one that may apply to the same value."""
    yield schema
    for part in _alternatives(schema):
        yield from schema_parts(part, resolve)
    if isinstance(reference := schema.get("$ref"), str):
        yield from schema_parts(resolve(reference), resolve)


def _alternatives(schema: Schema) -> Iterator[Schema]:
    for keyword in ("then", "else"):
        if isinstance(part := schema.get(keyword), Mapping):
            yield part
    for keyword in ("allOf", "anyOf"):
        listed = schema.get(keyword)
        yield from listed if isinstance(listed, list) else ()


def inner_schemas(parts: tuple[Schema, ...], key: str | None) -> Iterator[Schema]:
    """Give what describes a field, or the entries of a list for `None`."""
    for part in parts:
        named = part.get("properties")
        if key is None:
            found = part.get("items")
        elif isinstance(named, Mapping) and key in named:
            found = named[key]
        else:
            found = part.get("additionalProperties")
        if isinstance(found, Mapping):
            yield found


def _has_numbers(schemas: tuple[Schema, ...], resolve: Resolve, seen: set[int]) -> bool:
    """Tell whether anything below is converted, so that the rest is not walked."""
    new = [s for s in schemas if id(s) not in seen]
    seen.update(map(id, new))
    parts = tuple(part for schema in new for part in schema_parts(schema, resolve))
    if any(part.get("type") in _CONVERSIONS for part in parts):
        return True
    below = [part.get("items") for part in parts]
    below += [part.get("additionalProperties") for part in parts]
    named = [part.get("properties") for part in parts]
    below += [s for n in named if isinstance(n, Mapping) for s in n.values()]
    inner = tuple(s for s in below if isinstance(s, Mapping))
    return bool(inner) and _has_numbers(inner, resolve, seen)
