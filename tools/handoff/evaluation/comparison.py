"""Two snapshots side by side: what became of each deal between them."""

from collections.abc import Iterable
from dataclasses import dataclass

from handoff.evaluation.differences import Difference, differences, version_of
from handoff.evaluation.report import Report
from handoff.records.record import Packet


@dataclass(frozen=True, slots=True)
class RecordChange:
    """What differs in one record, by its path."""

    path: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class DealChange:
    """What differs in one deal.

    Attributes:
        id: of the opportunity; of the record itself where it names none.
        stage: stage on both sides, where they differ; empty where there is no deal.
        records: those that differ.
        unread: paths of records that one of the sides cannot read.
    """

    id: str
    stage: tuple[str, str] | None
    records: tuple[RecordChange, ...]
    unread: tuple[str, ...]


def compare(
    before: Report, after: Report, paths: Iterable[str]
) -> tuple[DealChange, ...]:
    """Compare two snapshots in the records at some paths, by deal.

    Deals whose text reads alike and whose stage is the same are left out.
    """
    by_deal: dict[str, list[str]] = {}
    for path in sorted(paths):
        by_deal.setdefault(_deal_of(path, before, after), []).append(path)
    changes = (_change(deal, by_deal[deal], before, after) for deal in sorted(by_deal))
    return tuple(c for c in changes if c.stage or c.records or c.unread)


def _change(deal: str, paths: list[str], before: Report, after: Report) -> DealChange:
    stages = _stage(deal, before), _stage(deal, after)
    records = (RecordChange(path, _differences(path, before, after)) for path in paths)
    return DealChange(
        deal,
        stages if stages[0] != stages[1] else None,
        tuple(record for record in records if record.differences),
        tuple(path for path in paths if _is_unread(path, before, after)),
    )


def _differences(path: str, before: Report, after: Report) -> tuple[Difference, ...]:
    files = (side.register.files.get(path) for side in (before, after))
    old, new = (version_of(file.document if file else None) for file in files)
    return differences(old, new)


def _is_unread(path: str, *sides: Report) -> bool:
    files = (side.register.files.get(path) for side in sides)
    return any(f is not None and f.is_there and f.document is None for f in files)


def _deal_of(path: str, *sides: Report) -> str:
    """Find the deal of a record: the newer side's word counts."""
    for side in reversed(sides):
        file = side.register.files.get(path)
        if file and isinstance(file.record, Packet):
            return file.record.opportunity
    return path.rsplit("/", 1)[-1].removesuffix(".md")


def _stage(deal: str, side: Report) -> str:
    return next((s.stage.name for s in side.statuses if s.id == deal), "")
