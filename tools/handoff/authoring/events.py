"""Events as they are typed: their fields, their time, and writing down late."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from handoff.authoring.questions import (
    Question,
    missing_names,
    place_at,
    question,
)
from handoff.document.edits import Append, Edit, SetValue
from handoff.model.instant import parse_date, parse_instant
from handoff.model.span import Pointer
from handoff.policy.facts import OWNER_CHANGED
from handoff.policy.policy import Policy
from handoff.policy.schemas import CompiledSchema
from handoff.records.fact import read_moment
from handoff.records.record import Opportunity

NEXT = ("action", "owner", "due")
_NOTE = "note"
_LATER = ("next", _NOTE, "recorded_late", "recorded_at")
_FIRST = ("event", "at", "on", "by")


def local(instant: datetime, zone: ZoneInfo) -> str:
    """Write an instant the way people in a zone would, to the second."""
    return instant.astimezone(zone).isoformat(timespec="seconds")


def time_field(typed: str | None, now: datetime, zone: ZoneInfo) -> Mapping[str, str]:
    """Give `at` or, for a day, `on`; now where nothing was typed."""
    if typed is None:
        return {"at": local(now, zone)}
    is_day = parse_date(typed) is not None and parse_instant(typed) is None
    return {"on" if is_day else "at": typed}


def is_late(event: Mapping[str, object], now: datetime, policy: Policy) -> bool:
    """Tell whether an event needs a reason for being written down only now."""
    instant = read_moment(event, policy.zone).instant
    return instant is not None and now - instant > policy.trust.tolerance


def event_question(
    policy: Policy, kind: str, pointer: Pointer, *, is_needed: bool = True
) -> Question:
    """Make the question for one field of an event of some kind."""
    schema = _schema_for(policy, kind, pointer)
    return question(schema, pointer, is_needed=is_needed)


def missing_fields(policy: Policy, event: Mapping[str, object]) -> tuple[str, ...]:
    """Name the required fields that an event does not have yet."""
    schema = policy.schemas.schema("event")
    return missing_names(schema.violations(schema.coerce(event)))


def optional_fields(policy: Policy, event: Mapping[str, object]) -> Mapping[str, str]:
    """Name what an event could say besides, each with what belongs in it."""
    kind = f"event/$defs/{event['event']}"
    own = policy.schemas.schema(kind)
    names = [n for n, is_needed in own.fields(()) if not is_needed and n not in _LATER]
    about = {name: place_at(own, (name,)) for name in names if name not in _FIRST}
    about[_NOTE] = place_at(policy.schemas.schema("event"), (_NOTE,))
    return {
        name: str(place.get("description", ""))
        for name, place in about.items()
        if name not in event
    }


def ordered_event(policy: Policy, event: Mapping[str, object]) -> Mapping[str, object]:
    """Give an event with kind, time and person first, the next action behind."""
    own = [n for n, _ in policy.schemas.schema("event").fields(()) if n not in _LATER]
    names = [*_FIRST, *(n for n in own if n not in _FIRST)]
    kind = policy.schemas.schema(f"event/$defs/{event['event']}")
    names += [name for name, _ in kind.fields(()) if name not in _LATER]
    names += [name for name in event if name not in (*names, *_LATER)]
    whole: Mapping[str, object] = policy.schemas.schema("event").coerce(event)
    return {name: whole[name] for name in (*names, *_LATER) if name in whole}


def is_on_record(opportunity: Opportunity, event: Mapping[str, object]) -> bool:
    """Tell whether this very fact is written already, so that it is not repeated."""
    return any(_told(known.fields) == _told(event) for known in opportunity.events)


def event_edits(event: Mapping[str, object], order: Sequence[str]) -> tuple[Edit, ...]:
    """Give the edits that add an event; a new owner is named in the header too."""
    added = Append(("events",), event, order)
    if event["event"] != OWNER_CHANGED or "new_owner" not in event:
        return (added,)
    return (SetValue(("owner",), event["new_owner"], order), added)


def _told(event: Mapping[str, object]) -> Mapping[str, object]:
    return {name: value for name, value in event.items() if name not in _LATER}


def _schema_for(policy: Policy, kind: str, pointer: Pointer) -> CompiledSchema:
    """Find whether a field belongs to the kind, or to all of them."""
    own = policy.schemas.schema(f"event/$defs/{kind}")
    if place_at(own, pointer[:1]) and pointer[0] in {n for n, _ in own.fields(())}:
        return own
    return policy.schemas.schema("event")
