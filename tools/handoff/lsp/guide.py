"""What the schema of a file says about one place in it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from handoff.lsp.place import Place
from handoff.model.span import Pointer
from handoff.policy.coercion import Schema, inner_schemas
from handoff.policy.schemas import CompiledSchema, SchemaSet

_BOOLEANS = ("true", "false")


@dataclass(frozen=True, slots=True)
class Field:
    """What may stand at a place, gathered from every schema that applies there.

    Attributes:
        name: its key.
        is_required: whether it must be there.
        parts: the schemas.
    """

    name: str
    is_required: bool
    parts: tuple[Schema, ...]

    def text(self, keyword: str) -> str:
        """Give what the schemas say under a keyword, in one line; empty if nothing."""
        found = (part[keyword] for part in self.parts if keyword in part)
        return str(next(found, ""))

    @property
    def values(self) -> tuple[str, ...]:
        """The allowed values, where they are a fixed list."""
        for part in self.parts:
            if isinstance(listed := part.get("enum"), list):
                return tuple(str(value) for value in listed)
            if "const" in part:
                return (str(part["const"]),)
        return _BOOLEANS if self.text("type") == "boolean" else ()

    @property
    def examples(self) -> tuple[str, ...]:
        """Examples that fit on one line."""
        lists = (part.get("examples") for part in self.parts)
        listed = next((entry for entry in lists if isinstance(entry, list)), [])
        return tuple(str(entry) for entry in listed if isinstance(entry, str | int))


class Guide:
    """Answers for one kind of file; conditions of the schema are followed.

    Args:
        schemas: of the policy.
        reference: path of the file's schema below the bundle, as in `opportunity`.
    """

    def __init__(self, schemas: SchemaSet, reference: str) -> None:
        self._schemas = schemas
        self._schema = schemas.schema(reference)
        self._root = self._schema.resolve(f"#/$defs/{reference}")
        self._conditions: dict[int, CompiledSchema] = {}

    def group(self, place: Place) -> Field:
        """Describe the group or field that a place's pointer leads to."""
        return self.field(place.pointer, place.groups)

    def field(
        self, pointer: Pointer, groups: Sequence[Mapping[str, object]] = ()
    ) -> Field:
        """Describe a field.

        Args:
            pointer: which one.
            groups: the plain fields of each group on the way, which decide what the
                conditions of the schema say; missing ones count as empty.
        """
        values = [*groups, *({} for _ in range(len(pointer) + 1 - len(groups)))]
        parts = tuple(self._applying(self._root, values[0]))
        is_required = False
        for step, value in zip(pointer, values[1:], strict=False):
            key = step if isinstance(step, str) else None
            is_required = any(key in _names(part, "required") for part in parts)
            inner = inner_schemas(parts, key)
            parts = tuple(p for s in inner for p in self._applying(s, value))
        name = next((s for s in reversed(pointer) if isinstance(s, str)), "")
        return Field(name, is_required, parts)

    def fields(self, group: Field) -> tuple[Field, ...]:
        """List the fields of a group, in the order of the schema."""
        names = dict.fromkeys(n for p in group.parts for n in _names(p, "properties"))
        required = {n for p in group.parts for n in _names(p, "required")}
        return tuple(
            Field(name, name in required, self._below(group, name)) for name in names
        )

    def entry(self, group: Field) -> Field:
        """Describe the entries of a list."""
        return Field(group.name, is_required=False, parts=self._below(group, None))

    def _below(self, group: Field, name: str | None) -> tuple[Schema, ...]:
        inner = inner_schemas(group.parts, name)
        return tuple(part for s in inner for part in self._applying(s, {}))

    def _applying(
        self, schema: Schema, value: Mapping[str, object]
    ) -> Iterator[Schema]:
        """Give a schema and all others that apply to a value with it."""
        yield schema
        if isinstance(reference := schema.get("$ref"), str):
            yield from self._applying(self._schema.resolve(reference), value)
        for keyword in ("allOf", "anyOf"):
            listed = schema.get(keyword)
            for part in listed if isinstance(listed, list) else ():
                yield from self._applying(part, value)
        if isinstance(condition := schema.get("if"), Mapping):
            branch = schema.get("then" if self._holds(condition, value) else "else")
            if isinstance(branch, Mapping):
                yield from self._applying(branch, value)

    def _holds(self, condition: Schema, value: Mapping[str, object]) -> bool:
        """Tell whether a condition holds; it is compiled once, as schemas live on."""
        key = id(condition)
        if key not in self._conditions:
            self._conditions[key] = self._schemas.fragment(condition)
        return self._conditions[key].accepts(dict(value))


def _names(schema: Schema, keyword: str) -> tuple[str, ...]:
    named = schema.get(keyword)
    return tuple(named) if isinstance(named, list | Mapping) else ()
