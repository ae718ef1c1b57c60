"""Which entries of three versions are the same one.

Fields are known by name, items by `id` or `name`, plain values by themselves. Items
without any of them are facts in a log: events, and the returns of a packet. A fact
is known by its content; a changed one by its place among those left alone.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import SequenceMatcher
from typing import Any
from zoneinfo import ZoneInfo

from handoff.document.merge_nodes import Node
from handoff.document.merge_order import Key, Rank
from handoff.model.instant import end_of_day, parse_date, parse_instant

_Nodes = tuple[Node, ...]
_NAMES = ("id", "name")
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Matching:
    """Entries of three versions by what they are known by.

    Attributes:
        base: those of the base; likewise `ours` and `theirs`.
        rank: where additions go that both sides made in one place.
        is_log: whether the entries are facts, which are whole or nothing.
    """

    base: Mapping[Key, Node]
    ours: Mapping[Key, Node]
    theirs: Mapping[Key, Node]
    rank: Rank
    is_log: bool


def match(base: _Nodes, ours: _Nodes, theirs: _Nodes, zone: ZoneInfo) -> Matching:
    """Find out what belongs together.

    Args:
        base: the entries of one group, in the base.
        ours: those of our version.
        theirs: those of their version.
        zone: where a day ends that a fact is known to.
    """
    name = _naming((*base, *ours, *theirs))
    if name is None:
        return _match_facts(base, ours, theirs, zone)
    old, one, other = (_numbered(n, map(name, n)) for n in (base, ours, theirs))
    return Matching(old, one, other, _by_name, is_log=False)


def _naming(nodes: _Nodes) -> Callable[[Node], str] | None:
    """Find the way to name all of some entries."""
    if all(node.name for node in nodes):
        return lambda node: node.name
    if all(isinstance(node.value, str) for node in nodes):
        return lambda node: str(node.value)
    for field in _NAMES:
        if all(_field(node, field) for node in nodes):
            return lambda node, field=field: _field(node, field)  # type: ignore[misc] # binds
    return None


def _field(node: Node, name: str) -> str:
    value = node.value.get(name) if isinstance(node.value, Mapping) else None
    return value if isinstance(value, str) else ""


def _numbered(nodes: _Nodes, names: Iterable[str]) -> dict[Key, Node]:
    """Tell entries of one name apart."""
    seen: Counter[str] = Counter()
    found: dict[Key, Node] = {}
    for node, name in zip(nodes, names, strict=True):
        found[name, seen[name]] = node
        seen[name] += 1
    return found


def _by_name(key: Key) -> tuple[int, Key]:
    """Sort `R2` before `R10`."""
    return len(key[0]), key


def _match_facts(
    base: _Nodes, ours: _Nodes, theirs: _Nodes, zone: ZoneInfo
) -> Matching:
    known = {("", number): node for number, node in enumerate(base)}
    one, other = _numbered_facts(base, ours), _numbered_facts(base, theirs)
    facts = one | other

    def by_time(key: Key) -> tuple[Any, ...]:
        return _time(facts[key], zone), key

    return Matching(known, one, other, by_time, is_log=True)


def _numbered_facts(base: _Nodes, side: _Nodes) -> dict[Key, Node]:
    """Give facts of the base their number there, and name others by their content."""
    contents = [_content(node) for node in side]
    old = _aligned([_content(node) for node in base], contents)
    added = _numbered(
        tuple(node for index, node in enumerate(side) if index not in old),
        (content for index, content in enumerate(contents) if index not in old),
    )
    names = iter(added)
    return {
        ("", old[index]) if index in old else next(names): node
        for index, node in enumerate(side)
    }


def _content(node: Node) -> str:
    return json.dumps(node.value, sort_keys=True)


def _aligned(base: Sequence[str], side: Sequence[str]) -> dict[int, int]:
    """Map facts of a side to those of the base that they are, changed or not."""
    matcher = SequenceMatcher(None, base, side, autojunk=False)
    return {
        there: here
        for _, first, last, start, stop in matcher.get_opcodes()
        for here, there in zip(range(first, last), range(start, stop), strict=False)
    }


def _time(node: Node, zone: ZoneInfo) -> datetime:
    """Give the instant of a fact; a day ends with its last one."""
    day = parse_date(_field(node, "on"))
    at = parse_instant(_field(node, "at"))
    return at or (end_of_day(day, zone) if day else _NEVER)
