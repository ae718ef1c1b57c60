"""JSON Schemas compiled for use: the only door to the schema engine.

All documents are bundled into one, so that relative references (which editors follow
from file to file) need neither the network nor a registry here.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

import jsonschema_rs

from handoff.model.errors import HandoffError
from handoff.model.span import Pointer
from handoff.policy.coercion import Coercion, Schema, inner_schemas, schema_parts
from handoff.policy.formats import FORMATS
from handoff.policy.quick_cases import by_case
from handoff.policy.quick_formats import quickened
from handoff.policy.violation import Violation

_SUFFIX = ".schema.json"
_MANY = 100
"""Questions from which on a schema that is slow to compile and quick to ask pays."""


class SchemaSet:
    """All schemas of a snapshot, by the stem of their file name."""

    def __init__(self, sources: Mapping[str, bytes]) -> None:
        """Bundle schema documents.

        Args:
            sources: content by file name, as in `opportunity.schema.json`.

        Raises:
            HandoffError: a document is not JSON, or not a JSON Schema.
        """
        documents = {n.removesuffix(_SUFFIX): _load(n, c) for n, c in sources.items()}
        self._defs = {stem: _bundled(doc, stem) for stem, doc in documents.items()}
        self._near: dict[str, frozenset[str]] = {}
        self._compiled: dict[str, CompiledSchema] = {}

    def schema(self, reference: str) -> "CompiledSchema":
        """Compile, once, the schema at a path below the bundle, as in `opportunity`."""
        if reference not in self._compiled:
            pointer = f"#/$defs/{reference}"
            root = {
                "$ref": pointer,
                "$defs": self._reached(reference.partition("/")[0]),
            }
            self._compiled[reference] = CompiledSchema(root)
        return self._compiled[reference]

    def _reached(self, stem: str) -> dict[str, Any]:
        """Give the documents that one refers to, itself included.

        The engine looks at every document it is given, used or not.
        """
        reached, waiting = {stem}, [stem]
        while waiting:
            stem = waiting.pop()
            if stem not in self._near:
                self._near[stem] = frozenset(_stems(self._defs.get(stem)))
            found = self._near[stem] - reached
            reached |= found
            waiting += found
        return {stem: doc for stem, doc in self._defs.items() if stem in reached}

    def resolve(self, stem: str) -> Schema:
        """Give one document of the bundle."""
        schema: Schema = self._defs[stem]
        return schema

    def event_meaning(self, kind: str) -> str:
        """Say in one sentence what a kind of event means; empty if it is none."""
        kinds = self._defs["event"]["$defs"]
        return str(kinds[kind]["description"]) if kind in kinds else ""

    def event_kinds(self) -> tuple[str, ...]:
        """Name every kind of event."""
        return tuple(self._defs["event"]["$defs"])

    def fragment(self, schema: Schema) -> "CompiledSchema":
        """Compile a schema of policy that stands on its own."""
        return CompiledSchema(schema)


class CompiledSchema:
    """One schema: coerces, judges and describes values."""

    def __init__(self, root: Schema) -> None:
        self._root = root
        self._coercion = Coercion((root,), self.resolve)
        self._asked = 0

    @cached_property
    def _validator(self) -> jsonschema_rs.Draft202012Validator:
        return _compile(dict(self._root))

    @cached_property
    def _quick(self) -> jsonschema_rs.Draft202012Validator:
        return _compile(quickened(dict(self._root)))

    @cached_property
    def _quickest(self) -> jsonschema_rs.Draft202012Validator:
        quick = quickened(dict(self._root))
        try:
            return _compile(by_case(quick, quick))
        except HandoffError:  # something refers into a list of cases
            return self._quick

    def coerce(self, value: object) -> Any:  # noqa: ANN401 - shape is the schema's
        """Return the value with its numbers converted."""
        return self._coercion.apply(value)

    def accepts(self, value: object) -> bool:
        """Tell whether the value satisfies the schema."""
        if not self._root:
            return True
        self._asked += 1
        quick = self._quick if self._asked < _MANY else self._quickest
        if quick.is_valid(value):
            return True
        return self._validator.is_valid(value)

    def narrow(self, value: Mapping[str, object]) -> Mapping[str, object]:
        """Keep the fields that a schema of nothing but fields speaks of.

        Handing a whole header to the engine costs more than judging it.
        """
        wanted = self._wanted
        return value if wanted is None else {n: value[n] for n in wanted if n in value}

    @cached_property
    def _wanted(self) -> tuple[str, ...] | None:
        """Name the fields of a schema that speaks of nothing else."""
        if self._root.keys() - {"required", "properties"}:
            return None
        properties = self._root.get("properties")
        named = properties.keys() if isinstance(properties, Mapping) else ()
        return (*self.required_names(), *named)

    def violations(self, value: object) -> tuple[Violation, ...]:
        """List every way in which the value does not satisfy the schema."""
        return tuple(
            Violation(
                pointer=tuple(error.instance_path),
                keyword=error.kind.name,
                value=error.instance,
                detail=next(iter(error.kind.as_dict().values()), None),
                schema=self._at(tuple(error.schema_path[:-1])),
            )
            for error in self._validator.iter_errors(value)
        )

    def describe(self, pointer: Pointer) -> Schema:
        """Give the schema that describes a field: its title, description, examples."""
        parts = tuple(schema_parts(self._root, self.resolve))
        for token in pointer:
            key = token if isinstance(token, str) else None
            inner = inner_schemas(parts, key)
            parts = tuple(p for s in inner for p in schema_parts(s, self.resolve))
        return next((part for part in parts if "description" in part), {})

    def fields(self, pointer: Pointer) -> Iterator[tuple[str, bool]]:
        """Name the fields below a place, lists entered, and whether each is required.

        Fields of a conditional branch are left out: they have a page of their own.
        """
        place = self._plain(self._root)
        for step in pointer:
            place = self._plain(place["properties"][step])
        required = place.get("required", ())
        yield from ((name, name in required) for name in place.get("properties", ()))

    def required_names(self) -> tuple[str, ...]:
        """Name the fields that the schema itself requires."""
        required = self._root.get("required")
        return tuple(required) if isinstance(required, list) else ()

    def _plain(self, place: Any) -> Any:  # noqa: ANN401 - JSON
        """Follow references and enter lists until fields can be seen."""
        while "$ref" in place or "items" in place:
            reference = place.get("$ref")
            place = self.resolve(reference) if reference else place["items"]
        return place

    def resolve(self, reference: str) -> Schema:
        """Give the schema that a reference inside the bundle names."""
        return self._at(tuple(reference.removeprefix("#/").split("/")))

    def declared(self, value: object, schema: Schema) -> frozenset[str]:
        """Name the fields that a schema knows for this very object.

        `unevaluatedProperties` forgets the fields of a branch in which anything else
        is wrong; this does not, so that one broken thing stays one message.
        """
        named = schema.get("properties")
        found = frozenset(named if isinstance(named, Mapping) else ())
        branches = self._branches(value, schema)
        return found.union(*(self.declared(value, branch) for branch in branches))

    def _branches(self, value: object, schema: Schema) -> Iterator[Schema]:
        if "$ref" in schema:
            yield self.resolve(str(schema["$ref"]))
        parts = schema.get("allOf")
        yield from parts if isinstance(parts, list) else ()
        if isinstance(condition := schema.get("if"), Mapping):
            holds = jsonschema_rs.is_valid(dict(condition), value)
            branch = schema.get("then" if holds else "else")
            yield from (branch,) if isinstance(branch, Mapping) else ()

    def _at(self, path: Pointer) -> Schema:
        place: Any = self._root
        for step in path:
            while "$ref" in place and step not in place:
                place = self.resolve(place["$ref"])
            place = self.resolve(place["$ref"]) if step == "$ref" else place[step]
        return place if isinstance(place, Mapping) else {}


def _compile(root: dict[str, Any]) -> jsonschema_rs.Draft202012Validator:
    try:
        return jsonschema_rs.Draft202012Validator(
            root,
            validate_formats=True,
            formats=dict(FORMATS),
        )
    except (jsonschema_rs.ValidationError, ValueError) as error:
        message = f"schemas/ holds something that is not a JSON Schema: {error}"
        raise HandoffError(message, "Correct the schema it names.") from None


def _load(name: str, content: bytes) -> Any:  # noqa: ANN401 - JSON
    try:
        return json.loads(content)
    except ValueError as error:
        message = f"schemas/{name} is not JSON: {error}"
        hint = "Restore the file from an earlier commit."
        raise HandoffError(message, hint) from None


def _bundled(value: Any, stem: str) -> Any:  # noqa: ANN401 - JSON
    """Rewrite references between files to references inside the bundle."""
    if isinstance(value, list):
        return [_bundled(entry, stem) for entry in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _reference(entry, stem) if key == "$ref" else _bundled(entry, stem)
        for key, entry in value.items()
        if key != "$schema"
    }


def _stems(value: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    """Name the documents that the references in a bundled schema lead to."""
    if isinstance(value, dict) and "$ref" in value:
        yield str(value["$ref"]).removeprefix("#/$defs/").split("/")[0]
    inner = value.values() if isinstance(value, dict) else value
    for entry in inner if isinstance(inner, Iterable) else ():
        if isinstance(entry, dict | list):
            yield from _stems(entry)


def _reference(reference: str, stem: str) -> str:
    document, _, inner = reference.partition("#")
    target = document.removesuffix(_SUFFIX) or stem
    return f"#/$defs/{target}{inner}"
