"""Three versions of a header merged field by field: what is taken from where."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from handoff.document.merge_keys import match
from handoff.document.merge_lines import Side
from handoff.document.merge_nodes import Node, UnusualError, is_group
from handoff.document.merge_order import merge_order


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that both sides changed; `None` where a side removed it."""

    ours: Node | None
    theirs: Node | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A merged field or item, and the blank lines and comments above it."""

    lead: tuple[str, ...]
    outcome: "Outcome"


@dataclass(frozen=True, slots=True)
class Group:
    """A mapping or list in which both sides changed something.

    Attributes:
        ours: our version, whose layout it keeps.
        theirs: their version.
        head: the line of its key, where it stands below one.
        after: the comment behind it.
        entries: what it holds.
    """

    ours: Node
    theirs: Node
    head: str
    after: str
    entries: tuple[Entry, ...]


Outcome = Node | Clash | Group


def merge_group(base: Node | None, ours: Node, theirs: Node, zone: ZoneInfo) -> Group:
    """Merge what stands inside two mappings or two lists.

    Args:
        base: what both sides started from; `None` if both added it.
        ours: our version.
        theirs: their version, of the same kind.
        zone: where a day ends.

    Raises:
        UnusualError: both sides changed the comment behind one key.
    """
    parts = (base.children if base else (), ours.children, theirs.children)
    found = match(*parts, zone)
    entries = []
    for key in merge_order(
        tuple(found.base), tuple(found.ours), tuple(found.theirs), found.rank
    ):
        trio = (found.base.get(key), found.ours.get(key), found.theirs.get(key))
        outcome = _merge(*trio, zone, is_fact=found.is_log)
        if outcome:
            entries.append(Entry(_lead(*trio), outcome))
    head = _head(base or ours, ours, theirs)
    after = _after(base or ours, ours, theirs)
    return Group(ours, theirs, head, after, tuple(entries))


def _merge(
    base: Node | None,
    ours: Node | None,
    theirs: Node | None,
    zone: ZoneInfo,
    *,
    is_fact: bool,
) -> Outcome | None:
    """Merge one field or item; `None` if it is gone."""
    if ours is None or theirs is None:
        return _merge_removed(base, ours, theirs)
    if base and base.source == theirs.source:
        return ours
    if base and base.source == ours.source:
        return theirs
    is_torn = is_fact and _is_clash(base, ours, theirs)
    if is_torn or not _is_same_layout(ours, theirs):
        return _merge_whole(base, ours, theirs)
    origin = base if base and _is_same_kind(base, ours) else None
    return merge_group(origin, ours, theirs, zone)


def _merge_removed(
    base: Node | None, ours: Node | None, theirs: Node | None
) -> Outcome | None:
    kept = ours or theirs
    if base is None:
        return kept
    return Clash(ours, theirs) if kept and kept.value != base.value else None


def _merge_whole(base: Node | None, ours: Node, theirs: Node) -> Outcome:
    """Merge what cannot be taken apart."""
    if _is_clash(base, ours, theirs):
        return Clash(ours, theirs)
    is_ours = ours.value == theirs.value or base is None or base.value == theirs.value
    return replace(
        ours if is_ours else theirs, after=_after(base or ours, ours, theirs)
    )


def _is_clash(base: Node | None, ours: Node, theirs: Node) -> bool:
    if ours.value == theirs.value:
        return False
    return base is None or base.value not in (ours.value, theirs.value)


def _is_same_kind(one: Node, other: Node) -> bool:
    is_alike = isinstance(one.value, Mapping) == isinstance(other.value, Mapping)
    return is_alike and is_group(one.value) and is_group(other.value)


def _is_same_layout(ours: Node, theirs: Node) -> bool:
    return _is_same_kind(ours, theirs) and ours.is_flow == theirs.is_flow


def _head(base: Node, ours: Node, theirs: Node) -> str:
    """Merge the line of a key, in which only a comment can differ."""
    old, one, other = (n.before.split("\n")[0].strip(" ") for n in (base, ours, theirs))
    if other not in (one, old) and one != old:
        raise UnusualError
    return " " * ours.indent + (other if one == old else one)


def _after(base: Node, ours: Node, theirs: Node) -> str:
    """Merge the comment behind a value; of two new ones none is lost."""
    if theirs.after in (ours.after, base.after):
        return ours.after
    if ours.after == base.after:
        return theirs.after
    return f"{ours.after.rstrip()} {theirs.after.strip()}"


def _lead(base: Node | None, ours: Node | None, theirs: Node | None) -> tuple[str, ...]:
    """Merge what stands above an entry."""
    if not (ours and theirs):
        kept = ours or theirs
        return kept.lead if kept else ()
    return merge_comments(base.lead if base else None, ours.lead, theirs.lead)


def merge_comments(
    base: tuple[str, ...] | None, ours: tuple[str, ...], theirs: tuple[str, ...]
) -> tuple[str, ...]:
    """Merge blank lines and comments; of two new ones none is lost."""
    if theirs in (ours, base):
        return ours
    if ours == base:
        return theirs
    return (*ours, *(line for line in theirs if line not in ours))


def value_of(outcome: Outcome | None, side: Side) -> object | None:
    """Say what a merged field means if every conflict is decided for one side."""
    if isinstance(outcome, Clash):
        outcome = outcome.ours if side == "ours" else outcome.theirs
    if not isinstance(outcome, Group):
        return outcome.value if outcome else None
    if isinstance(outcome.ours.value, Mapping):
        return dict(_values(outcome, side))
    return [value for _, value in _values(outcome, side)]


def _values(group: Group, side: Side) -> Iterator[tuple[str, object]]:
    for entry in group.entries:
        value = value_of(entry.outcome, side)
        if value is not None:
            yield name_of(entry.outcome), value


def name_of(outcome: Outcome) -> str:
    """Give the key of a field; empty for an item."""
    node = outcome if isinstance(outcome, Node) else outcome.ours or outcome.theirs
    return node.name if node else ""
