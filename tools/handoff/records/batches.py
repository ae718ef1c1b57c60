"""Batches of files that can be judged apart: the files of a deal stay together.

Names say which these are: a packet's name ends in its opportunity's slug. What a packet
really says is known once it is read; `handoff.evaluation.parts` finds where a name
misled.
"""

import re
from collections.abc import Collection, Iterable

from handoff.model.identity import Kind, tree_of

_ENDING = re.compile(r"-[0-9]{4}-[0-9]{2}-[0-9]{2}(?:-[0-9]+)?\.md\Z")


def split(paths: Iterable[str], size: int) -> tuple[tuple[str, ...], ...]:
    """Cut paths into batches of about `size`, in the order of their first paths."""
    slugs = {path: _slug(path) for path in paths}
    known = {s for path, s in slugs.items() if tree_of(path) is Kind.OPPORTUNITY}
    groups: dict[str, list[str]] = {}
    for path in sorted(slugs, key=lambda path: tree_of(path) is not Kind.OPPORTUNITY):
        slug = slugs[path]
        deal = slug if slug in known else _deal(slug, known)
        groups.setdefault(deal, []).append(path)
    batches: list[tuple[str, ...]] = []
    batch: list[str] = []
    for group in groups.values():
        batch += group
        if len(batch) >= size:
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
