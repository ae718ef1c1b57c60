"""The shipped schemas as plain JSON, with references followed by hand."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import jsonschema_rs

from support.records import ROOT

FOLDER = ROOT / "schemas"
NAMES = tuple(sorted(p.name.split(".")[0] for p in FOLDER.glob("*.schema.json")))
Part = Mapping[str, Any]
"""A piece of a schema."""


@cache
def schema(name: str) -> dict[str, Any]:
    """Read one schema as it stands in its file."""
    loaded = json.loads((FOLDER / f"{name}.schema.json").read_text("utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def follow(part: Part, home: str) -> tuple[Part, str]:
    """Give what a piece of the schema `home` refers to, if it does, and its home."""
    if "$ref" not in part:
        return part, home
    document, _, pointer = part["$ref"].partition("#")
    home = document.split(".")[0] or home
    place: Any = schema(home)
    for step in pointer.split("/")[1:]:
        place = place[step]
    return follow(place, home)


def branches(part: Part, value: object) -> Iterator[Part]:
    """Give the pieces of a schema that apply to a value."""
    yield part
    for other in part.get("allOf", ()):
        yield from branches(other, value)
    if "if" in part:
        holds = jsonschema_rs.is_valid(part["if"], value)
        yield from branches(part.get("then" if holds else "else", {}), value)


def described(part: Part, at: str) -> Iterator[tuple[str, Part]]:
    """Give each piece of a schema that describes a field, with its JSON pointer."""
    groups = ("properties", "$defs")
    for group, (name, entry) in (
        (g, e) for g in groups for e in part.get(g, {}).items()
    ):
        yield f"{at}/{group}/{name}", entry
        yield from described(entry, f"{at}/{group}/{name}")
    if "items" in part:
        yield f"{at}/items", part["items"]
        yield from described(part["items"], f"{at}/items")
    for index, entry in enumerate(part.get("allOf", ())):
        yield from described(entry, f"{at}/allOf/{index}")
