"""Batches of deals that can be judged apart, each deal with all its files.

Names say which these are: a packet's name ends in its opportunity's slug. What a packet
really says is known once it is read; `handoff.evaluation.parts` finds where a name
misled.
"""

import re
from collections.abc import Collection, Iterable

from handoff.model.identity import Kind, tree_of

_ENDING = re.compile(r"-[0-9]{4}-[0-9]{2}-[0-9]{2}(?:-[0-9]+)?\.md\Z")


Batch = tuple[tuple[str, ...], ...]
"""The paths of each deal."""


def split(paths: Iterable[str], size: int) -> tuple[Batch, ...]:
    """Cut paths into batches of about `size` files, in the order of first paths."""
    slugs = {path: _slug(path) for path in paths}
    known = {s for path, s in slugs.items() if tree_of(path) is Kind.OPPORTUNITY}
    groups: dict[str, list[str]] = {}
    for path in sorted(slugs, key=lambda path: tree_of(path) is not Kind.OPPORTUNITY):
        slug = slugs[path]
        deal = slug if slug in known else _deal(slug, known)
        groups.setdefault(deal, []).append(path)
    batches: list[Batch] = []
    batch: list[tuple[str, ...]] = []
    for group in groups.values():
        batch.append(tuple(group))
        if sum(map(len, batch)) >= size:
            batches.append(tuple(batch))
            batch = []
    return (*batches, tuple(batch)) if batch else tuple(batches)


def _slug(path: str) -> str:
    return _ENDING.sub("", path.rpartition("/")[2])


def _deal(slug: str, known: Collection[str]) -> str:
    """Give the longest end of a packet's slug that is an opportunity's, or itself."""
    place = slug.find("-")
    while place >= 0:
        if slug[place + 1 :] in known:
            return slug[place + 1 :]
        place = slug.find("-", place + 1)
    return slug


def files(batch: Batch) -> tuple[str, ...]:
    """Give the paths of all deals of a batch."""
    return tuple(path for deal in batch for path in deal)
