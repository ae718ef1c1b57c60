"""Handles must be in the roster."""

from collections.abc import Iterator
from difflib import get_close_matches

from handoff.evaluation.rules.rule import Context, RecordRule, at, error
from handoff.model.diagnostic import Finding
from handoff.model.instant import Moment
from handoff.model.span import Pointer, format_pointer
from handoff.records.record import Opportunity, Record

_DEFECT = error(
    "unknown-person",
    "a handle is not in the roster",
    "Owners, filers and receivers are named by handle, so that clocks and escalations "
    "reach a real person. Handles are listed in schemas/policy/people.yaml. Facts from "
    "before enforcement may name people who left.",
)
_FIELDS = frozenset({"owner", "by", "new_owner", "made_by"})
_TOP_FIELDS = frozenset({"owner", "onboarding_owner", "delivery_owner"})


def _check(record: Record, context: Context) -> Iterator[Finding]:
    people = context.policy.roster.people
    for pointer, handle in _handles(record, context):
        if handle not in people:
            near = get_close_matches(handle, people, n=1)
            hint = f"Did you mean `{near[0]}`?" if near else ""
            hint = hint or (
                "Use a handle from schemas/policy/people.yaml; a new colleague is "
                "added there first."
            )
            message = f"`{format_pointer(pointer)}` is `{handle}`, who is not known"
            yield at(record, pointer, _DEFECT, message, hint)


def _handles(record: Record, context: Context) -> Iterator[tuple[Pointer, str]]:
    if isinstance(record, Opportunity):
        current = [f for f in record.events if _is_enforced(record, f.moment, context)]
        if not current:
            return
        for fact in current:
            yield from _below(fact.fields, fact.pointer)
    rest = {k: v for k, v in record.header.items() if k not in {"events", "contact"}}
    for field in _TOP_FIELDS & rest.keys():
        yield (field,), str(rest.pop(field))
    yield from _below(rest, ())


def _is_enforced(record: Opportunity, moment: Moment, context: Context) -> bool:
    return context.policy.is_enforced(moment, record.identity.day)


def _below(value: object, pointer: Pointer) -> Iterator[tuple[Pointer, str]]:
    if isinstance(value, dict):
        for key, entry in value.items():
            if not isinstance(entry, str):
                yield from _below(entry, (*pointer, key))
            elif key in _FIELDS:
                yield (*pointer, key), entry
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for index, entry in enumerate(value):
            yield from _below(entry, (*pointer, index))


RULE = RecordRule(_DEFECT, _check)
