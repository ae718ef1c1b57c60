"""Cases that one field tells apart, found like words in a dictionary.

An event is described by one `if`/`then` for each kind, and asking all of them about
every event costs ten times the rest of the schema. Here the kinds are halved until one
is left, and that one is closed by name where only names are added. What this accepts
the original accepts: `test_policy_quick_cases.py` shows it.
"""

from typing import Any

Json = dict[str, Any]
_NAMES_ONLY = frozenset(
    {"title", "description", "examples", "properties", "required"},
)


def by_case(schema: Any, root: Json) -> Any:  # noqa: ANN401 - JSON
    """Give a part of a root schema with every list of cases turned into a search."""
    if isinstance(schema, list):
        return [by_case(entry, root) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: by_case(value, root) for key, value in schema.items()}
    parts = inner.get("allOf")
    found = [(_case(p), p) for p in (parts if isinstance(parts, list) else ())]
    cases = {case: part["then"] for case, part in found if case}
    fields = {field for field, _ in cases}
    is_sure = inner.get("type") == "object" and fields <= {*inner.get("required", ())}
    is_clear = len(cases) == sum(case is not None for case, _ in found)
    if len(fields) != 1 or not (is_sure and is_clear):
        return inner
    rest = {**inner, "allOf": [part for case, part in found if not case]}
    leaves = [(word, _leaf(rest, cases[f, word], root)) for f, word in sorted(cases)]
    search = _search(fields.pop(), leaves, _leaf(rest, {}, root))
    return {"$defs": inner.get("$defs", {}), **search}


def _case(part: Any) -> tuple[str, str] | None:  # noqa: ANN401 - JSON
    """Read `if FIELD is there and WORD then …`, with nothing else in it."""
    match part:
        case {"if": {"properties": dict(named), "required": [str(field)], **more}}:
            is_bare = part.keys() == {"if", "then"} and not more
            constant = named.get(field) if [*named] == [field] else None
            is_sure = is_bare and isinstance(part["then"], dict)
            match constant:
                case {"const": str(word), **other} if is_sure and not other:
                    return field, word
    return None


def _leaf(base: Json, then: Json, root: Json) -> Json:
    """Give the schema of one case, closed by name where only names are added."""
    branch = _named(then["$ref"], root) if then.keys() == {"$ref"} else then
    known, added = base.get("properties", {}), branch.get("properties", {})
    is_closed = base.get("unevaluatedProperties") is False
    if is_closed and branch.keys() <= _NAMES_ONLY and known.keys().isdisjoint(added):
        required = (*base.get("required", ()), *branch.get("required", ()))
        rest = {k: v for k, v in base.items() if k != "unevaluatedProperties"}
        return {
            **rest,
            "properties": {**known, **added},
            "required": list(dict.fromkeys(required)),
            "additionalProperties": False,
        }
    return {**base, "allOf": [*base["allOf"], then]}


def _search(field: str, leaves: list[tuple[str, Json]], other: Json) -> Json:
    """Halve the cases until one is left; a word of none of them is `other`."""
    half = len(leaves) // 2
    if half:
        words: Json = {"enum": [word for word, _ in leaves[:half]]}
        holds = _search(field, leaves[:half], other)
        fails = _search(field, leaves[half:], other)
    else:
        words, holds, fails = {"const": leaves[0][0]}, leaves[0][1], other
    return {"if": {"properties": {field: words}}, "then": holds, "else": fails}


def _named(reference: str, root: Json) -> Json:
    """Give what a reference inside the root names, or the reference itself."""
    place: Any = root
    for step in reference.removeprefix("#/").split("/"):
        place = place.get(step) if isinstance(place, dict) else None
    return place if isinstance(place, dict) else {"$ref": reference}
