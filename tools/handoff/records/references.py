"""Which fields name entries of which lists: said once, for rules, score and editor."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from handoff.model.identity import Kind
from handoff.model.span import Pointer

_O, _P = Kind.OPPORTUNITY, Kind.PACKET


@dataclass(frozen=True, slots=True)
class Reference:
    """A field that names entries of lists by their ids.

    Attributes:
        field: its path in the header, without the places in lists on the way.
        lists: where the entries are: the kind of record, this one or the other of the
            deal, and the path of a list there; its entries have ids, or are ids.
    """

    field: tuple[str, ...]
    lists: tuple[tuple[Kind, tuple[str, ...]], ...]


_PROMISES, _RISKS = (_O, ("promises",)), (_O, ("risks",))
CARRIED: Mapping[str, tuple[str, ...]] = {
    "promises": ("promises",),
    "risks": ("risks",),
    "exclusions": ("scope", "excluded"),
    "assumptions": ("scope", "assumptions"),
}
"""Field of a packet, and where the opportunity lists everything it must carry."""

REFERENCES: Mapping[Kind, tuple[Reference, ...]] = {
    _O: (
        Reference(("events", "promise"), (_PROMISES,)),
        Reference(("events", "milestone"), ((_P, ("milestones",)),)),
        Reference(("events", "line_items"), ((_O, ("pricing", "line_items")),)),
        Reference(("events", "next", "promises"), (_PROMISES,)),
        Reference(("events", "next", "risks"), (_RISKS,)),
    ),
    _P: (
        *(Reference((field,), ((_O, path),)) for field, path in CARRIED.items()),
        Reference(("milestones", "promises"), ((_P, ("promises",)), _PROMISES)),
        Reference(("milestones", "risks"), ((_P, ("risks",)), _RISKS)),
        Reference(("acknowledgement", "risks_accepted"), (_RISKS,)),
    ),
}
"""Every field that names entries of a list, by the kind of record it stands in.

A milestone may name what the packet carries or should carry: what was left out on the
way is told once, where it is missing.
"""


def named(header: object, field: tuple[str, ...]) -> list[tuple[Pointer, object]]:
    """Give each id that a field holds with its place, in every list on the way."""
    places: list[tuple[Pointer, object]] = [((), header)]
    for key in field:
        below: list[tuple[Pointer, object]] = []
        for place, value in places:
            if isinstance(value, list):
                _enter(value, place, key, below)
            elif isinstance(value, dict) and key in value:
                below.append(((*place, key), value[key]))
        places = below
    opened = chain.from_iterable(_entries(value, place) for place, value in places)
    return [(place, value) for place, value in opened if value is not None]


def _enter(
    entries: list[object], at: Pointer, key: str, below: list[tuple[Pointer, object]]
) -> None:
    """Add what stands under a key in the entries of a list, of lists in it as well."""
    for index, entry in enumerate(entries):
        if isinstance(entry, dict):
            if key in entry:
                below.append(((*at, index, key), entry[key]))
        elif isinstance(entry, list):
            _enter(entry, (*at, index), key, below)


def _entries(value: object, at: Pointer) -> Iterator[tuple[Pointer, object]]:
    """Give the entries of a list, of lists in it as well; else the value."""
    if isinstance(value, list):
        for index, entry in enumerate(value):
            yield from _entries(entry, (*at, index))
    else:
        yield at, value


def listed_ids(header: object, path: tuple[str, ...]) -> tuple[str, ...]:
    """Give the ids that a list of a header defines, or holds itself."""
    entries = (value for _, value in named(header, path))
    ids = (e.get("id", "") if isinstance(e, Mapping) else e for e in entries)
    return tuple(map(str, ids))
