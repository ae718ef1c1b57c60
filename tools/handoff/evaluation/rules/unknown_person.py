"""Handles must be in the roster."""

from collections.abc import Container, Iterator, Mapping
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
    for pointer, handle in _strangers(record, context):
        near = get_close_matches(handle, people, n=1)
        hint = f"Did you mean `{near[0]}`?" if near else ""
        hint = hint or (
            "Use a handle from schemas/policy/people.yaml; a new colleague is "
            "added there first."
        )
        message = f"`{format_pointer(pointer)}` is `{handle}`, who is not known"
        yield at(record, pointer, _DEFECT, message, hint)


def _strangers(record: Record, context: Context) -> list[tuple[Pointer, str]]:
    """Give each handle that is not in the roster, with its place."""
    people = context.policy.roster.people
    found: list[tuple[Pointer, str]] = []
    if isinstance(record, Opportunity):
        current = [f for f in record.events if _is_enforced(record, f.moment, context)]
        if not current:
            return found
        for fact in current:
            _search(fact.fields, fact.pointer, people, found)
    rest = {k: v for k, v in record.header.items() if k not in {"events", "contact"}}
    top = [(field, str(rest.pop(field))) for field in _TOP_FIELDS & rest.keys()]
    found += [((field,), handle) for field, handle in top if handle not in people]
    _search(rest, (), people, found)
    return found


def _is_enforced(record: Opportunity, moment: Moment, context: Context) -> bool:
    return context.policy.is_enforced(moment, record.identity.day)


def _search(
    fields: Mapping[str, object],
    pointer: Pointer,
    people: Container[str],
    found: list[tuple[Pointer, str]],
) -> None:
    """Add the handles below some fields that are not in the roster."""
    for key, entry in fields.items():
        if isinstance(entry, str):
            if key in _FIELDS and entry not in people:
                found.append(((*pointer, key), entry))
        elif isinstance(entry, dict):
            _search(entry, (*pointer, key), people, found)
        elif isinstance(entry, list) and entry and isinstance(entry[0], dict):
            for index, inner in enumerate(entry):
                _search(inner, (*pointer, key, index), people, found)


RULE = RecordRule(_DEFECT, _check)
