"""Events that were on record stay as they were, where they were."""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile

from handoff.evaluation.change import Change, ChangeContext
from handoff.evaluation.rules.rule import ChangeRule, error
from handoff.model.diagnostic import Finding
from handoff.records.claims import canonical, events_of

_DEFECT = error(
    "rewritten-event",
    "an event that was on record was edited, removed, moved or pushed down",
    "Stages, clocks and verdicts rest on the events in the order in which they were "
    "written down. Whoever could edit one could improve a verdict after the fact. New "
    "events go at the end; a mistake is corrected by a new event that says so.",
)
_Event = Mapping[str, object]
_HINT = (
    "Put back what was on record, and add what is right as a new event at the end: "
    "`handoff log {id} EVENT --at TIME`."
)


def _check(change: Change, context: ChangeContext) -> Iterator[Finding]:  # noqa: ARG001 - one signature for all checks
    drafts = change.drafts()
    if drafts is None:
        return
    before, after = drafts
    was = [event for _, event in events_of(before.document.header)]
    now = [event for _, event in events_of(after.document.header)]
    hint = _HINT.format(id=after.identity.stem)
    for index, message in _differences(was, now):
        # What was removed at the end leaves no line but that of the list.
        place = ("events", index) if index < len(now) else ("events",)
        span = after.document.key_span(place)
        yield Finding(_DEFECT.name, span, message, hint)


def _differences(
    was: Sequence[_Event], now: Sequence[_Event]
) -> Iterator[tuple[int, str]]:
    """Say what happened to the events on record, each with an index in `now`."""
    kept = _kept(was, now)
    places = set(kept.values())
    end = max(kept.values(), default=-1)
    added = {i: now[i] for i in range(len(now)) if i not in places}
    following = 0
    for old, event in enumerate(was):
        following = max(following, kept.get(old, -1) + 1)
        if old not in kept:
            yield _gone(event, old, added, following)
    latest = -1
    for old, index in sorted(kept.items(), key=lambda pair: pair[1]):
        if old < latest:
            yield index, f"{_name(was[old])} stands in another place than it was"
        latest = max(latest, old)
    for index, event in added.items():
        if index < end:
            yield index, f"{_name(event)} was put in before events on record"


def _kept(was: Sequence[_Event], now: Sequence[_Event]) -> dict[int, int]:
    """Pair the events on record with equal ones that are there now, in order."""
    places: dict[str, deque[int]] = defaultdict(deque)
    for index, event in enumerate(now):
        places[canonical(event)].append(index)
    keys = ((old, places[canonical(event)]) for old, event in enumerate(was))
    return {old: found.popleft() for old, found in keys if found}


def _gone(
    event: _Event, old: int, added: dict[int, _Event], start: int
) -> tuple[int, str]:
    """Tell an event that was edited, and takes its place, from one that was removed.

    What was edited is taken out of `added`: it is no addition.
    """
    run = takewhile(lambda index: index in added, range(start, start + len(added) + 1))
    for index in (old, *run):
        other = added.get(index)
        if other is not None and _is_same(event, other, is_there=index == old):
            del added[index]
            return index, f"{_name(event)} was edited: {_edit(event, other)}"
    return start, f"{_name(event)} was removed, expected before this line"


def _is_same(event: _Event, other: _Event, *, is_there: bool) -> bool:
    """Guess whether two events are one that was edited."""
    shared = [
        event.get(name) == other.get(name) for name in ("event", "at", "on", "by")
    ]
    return is_there or (
        shared[0] and any(shared[1:3]) and sum(shared) > len(shared) - 2
    )


def _edit(event: _Event, other: _Event) -> str:
    for name in dict.fromkeys((*event, *other)):
        if event.get(name) != other.get(name):
            return f"`{name}` was {_shown(event, name)}, is {_shown(other, name)}"
    return "it reads differently"


def _shown(event: _Event, name: str) -> str:
    value = event.get(name)
    if value is None:
        return "not there"
    return f"`{value}`" if isinstance(value, str) else "something else"


def _name(event: _Event) -> str:
    when = event.get("at", event.get("on", "an unknown day"))
    return f"`{event.get('event', 'event')}` of {when}"


RULE = ChangeRule(_DEFECT, _check)
