"""Ids are unique within their list."""

from collections.abc import Iterator

from handoff.evaluation.rules.rule import Context, RecordRule, at, error
from handoff.model.diagnostic import Finding
from handoff.model.span import Pointer, format_pointer
from handoff.records.record import Record

_DEFECT = error(
    "duplicate-id",
    "two entries of a list have the same id",
    "Promises, risks, scope items, line items and milestones are referred to by id. "
    "Two entries with one id make every reference to it ambiguous. Give the newer one "
    "an id that was never used.",
)


def _check(record: Record, context: Context) -> Iterator[Finding]:  # noqa: ARG001 - one signature for all checks
    for pointer, entries in _lists(record.header, ()):
        seen: set[object] = set()
        for index, entry in enumerate(entries):
            if (name := entry.get("id")) in seen:
                place = (*pointer, index, "id")
                message = f"`{name}` is used twice in `{format_pointer(pointer)}`"
                hint = "Give this entry an id that was never used before."
                yield at(record, place, _DEFECT, message, hint)
            seen.add(name)


def _lists(
    value: object,
    pointer: Pointer,
) -> Iterator[tuple[Pointer, list[dict[str, object]]]]:
    """Give every list of entries with ids, with its place."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        if "id" in value[0]:
            yield pointer, value
    elif isinstance(value, dict):
        for key, entry in value.items():
            if not isinstance(entry, str):
                yield from _lists(entry, (*pointer, key))


RULE = RecordRule(_DEFECT, _check)
