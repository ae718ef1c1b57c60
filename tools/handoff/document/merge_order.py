"""The order of merged entries, the same whichever side is called ours."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any

Key = tuple[str, int]
"""What an entry is known by, and which one of that name it is, from 0."""
Rank = Callable[[Key], Any]
"""Sort key of additions, different for every entry."""


def merge_order(
    base: Sequence[Key], ours: Sequence[Key], theirs: Sequence[Key], rank: Rank
) -> tuple[Key, ...]:
    """Order the entries of three versions.

    Entries of the base keep the base's order, or that of the one side that moved
    them. Additions stay behind the entry they were put behind; those of both sides
    in one place keep each side's own order and are otherwise sorted by `rank`.

    Returns:
        Every entry of any version once, removed ones included.
    """
    sides = (_additions(base, ours), _additions(base, theirs))
    order = _woven(sides[0].get(None, []), sides[1].get(None, []), rank)
    for key in _spine(base, ours, theirs):
        order.append(key)
        order += _woven(sides[0].get(key, []), sides[1].get(key, []), rank)
    return tuple(dict.fromkeys(order))


def _additions(base: Sequence[Key], side: Sequence[Key]) -> dict[Key | None, list[Key]]:
    """Find what a side has more, by the entry of the base that stands before it."""
    known = set(base)
    found: dict[Key | None, list[Key]] = {}
    anchor = None
    for key in side:
        if key in known:
            anchor = key
        else:
            found.setdefault(anchor, []).append(key)
    return found


def _spine(
    base: Sequence[Key], ours: Sequence[Key], theirs: Sequence[Key]
) -> list[Key]:
    """Order the entries of the base; where both sides moved some, nobody wins."""
    kept = [_only(side, base) for side in (ours, theirs)]
    moved = {side for side in kept if side != _only(base, side)}
    spine = moved.pop() if len(moved) == 1 else tuple(base)
    missing = _additions(spine, base)
    order = missing.get(None, [])
    for key in spine:
        order += (key, *missing.get(key, ()))
    return order


def _only(keys: Sequence[Key], wanted: Sequence[Key]) -> tuple[Key, ...]:
    found = set(wanted)
    return tuple(key for key in keys if key in found)


def _woven(ours: Sequence[Key], theirs: Sequence[Key], rank: Rank) -> list[Key]:
    """Merge two runs of additions; what stands in both keeps its place in each."""
    runs = [OrderedDict.fromkeys(run) for run in (ours, theirs)]
    order: list[Key] = []
    while runs[0] and runs[1]:
        one, other = (next(iter(run)) for run in runs)
        if (one in runs[1]) == (other in runs[0]):
            first = min(one, other, key=rank)
        else:
            first = other if one in runs[1] else one
        order.append(first)
        for run in runs:
            run.pop(first, None)
    return [*order, *runs[0], *runs[1]]
