"""What the schema engine reports, in the engine's own terms."""

from collections.abc import Mapping
from dataclasses import dataclass

from handoff.model.span import Pointer


@dataclass(frozen=True, slots=True)
class Violation:
    """One way in which a value does not satisfy its schema.

    Attributes:
        pointer: the value.
        keyword: the JSON Schema keyword that refused it.
        value: what was found.
        detail: what the keyword allows; for missing and unexpected fields, their names.
        schema: the schema object that holds the keyword.
    """

    pointer: Pointer
    keyword: str
    value: object
    detail: object
    schema: Mapping[str, object]
