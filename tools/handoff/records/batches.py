"""Batches of deals that can be judged apart, each deal with all its files.

Names say which these are: a packet's name ends in its opportunity's slug. What a packet
really says is known once it is read; `handoff.evaluation.parts` finds where a name
misled.
"""

from collections.abc import Collection, Iterable, Iterator
from itertools import chain

from handoff.model.trees import OPPORTUNITIES, top_of

Deal = tuple[str, ...]
"""The paths of its files."""
Batch = tuple[Deal, ...]
_DATE = len("-YYYY-MM-DD")
_DIGITS = len("YYYYMMDD")


def split(paths: Iterable[str], size: int) -> tuple[Batch, ...]:
    """Cut paths into batches of about `size` files, in the order of first paths."""
    return tuple(batched(_deals(paths), size))


def _deals(paths: Iterable[str]) -> Iterator[Deal]:
    """Put the paths of each deal together, in the order of first paths."""
    known: dict[str, Deal] = {}
    others: list[str] = []
    for path in paths:
        if _is_opportunity(path):
            slug = _slug(path)
            known[slug] = (*known.get(slug, ()), path)
        else:
            others.append(path)
    lonely: dict[str, Deal] = {}
    for path in others:
        slug = _slug(path)
        deal = slug if slug in known else _deal(slug, known)
        group = known if deal in known else lonely
        group[deal] = (*group.get(deal, ()), path)
    return chain(known.values(), lonely.values())


def batched(deals: Iterable[Deal], size: int) -> Iterator[Batch]:
    """Cut deals into batches of about `size` files."""
    batch: list[Deal] = []
    count = 0
    for deal in deals:
        batch.append(deal)
        count += len(deal)
        if count >= size:
            yield tuple(batch)
            batch, count = [], 0
    if batch:
        yield tuple(batch)


def deal_of(path: str, paths: Iterable[str]) -> Deal:
    """Give all files of the deal that a path belongs to, as `split` would.

    Args:
        path: of a record.
        paths: of all records, in any order.

    Returns:
        The paths; none where `path` is not among them, or where a file of another
        deal may, by its name, belong to this one as well.
    """
    # All that can matter ends in the same word before its date.
    end = f"{_slug(path).rpartition('-')[2]}-"
    near = sorted({other for other in paths if end in other})
    deal = next((deal for deal in _deals(near) if path in deal), ())
    slugs = tuple(f"-{_slug(p)}" for p in deal if _is_opportunity(p))
    others = (f"-{_slug(other)}" for other in near if other not in deal)
    return () if any(other.endswith(slugs) for other in others) else deal


def _is_opportunity(path: str) -> bool:
    return top_of(path) == OPPORTUNITIES


def _slug(path: str) -> str:
    """Give a file's name without its date, number and ending."""
    name = path.rpartition("/")[2]
    if not name.endswith(".md"):
        return name
    stem = name[:-3]
    if _is_dated(stem):
        return stem[:-_DATE]
    rest, _, number = stem.rpartition("-")
    return rest[:-_DATE] if _is_number(number) and _is_dated(rest) else name


def _is_dated(stem: str) -> bool:
    end = stem[-_DATE:]
    numbers = end[1:5] + end[6:8] + end[9:]
    hyphens = end[:1] + end[5:6] + end[8:9]
    return hyphens == "---" and len(numbers) == _DIGITS and _is_number(numbers)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


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
