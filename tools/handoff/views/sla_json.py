"""Clock readings as JSON, version 1; fields may be added, never changed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter

from handoff.evaluation.ladder import Level, levels_of
from handoff.evaluation.reading import LIVE, Reading
from handoff.evaluation.report import Frame, Report
from handoff.model.instant import format_instant
from handoff.views.escaping import Items, json_item, json_pieces
from handoff.views.status_json import branches


@dataclass(frozen=True, slots=True)
class Share:
    """What some deals add to the document: text by path, and files not evaluated."""

    readings: tuple[tuple[str, str], ...]
    shadow: tuple[tuple[str, str], ...]
    missed: tuple[str, ...]


def share_of(report: Report) -> Share:
    """Write the readings of a report."""
    readings = tuple(_written(report.readings, report.frame))
    shadow = tuple(_written(report.shadow, report.frame))
    return Share(readings, shadow, report.not_evaluated)


def render(frame: Frame, shares: Iterable[Share]) -> Iterator[str]:
    """Write readings by deal, piece by piece; instants in UTC, times in seconds."""
    readings: list[tuple[str, str]] = []
    shadow: list[tuple[str, str]] = []
    missed: list[str] = []
    for share in shares:
        readings += share.readings
        shadow += share.shadow
        missed += share.missed
    return json_pieces(
        {
            "version": 1,
            "as_of": format_instant(frame.now),
            "rev": frame.rev,
            "policy": frame.policy.digest,
            "readings": _by_path(readings),
            "shadow": _by_path(shadow),
            "not_evaluated": sorted(missed),
            **branches(frame),
        }
    )


def _written(readings: Iterable[Reading], frame: Frame) -> Iterator[tuple[str, str]]:
    for each in readings:
        yield each.deal.opportunity.path, json_item(_reading(each, frame))


def _by_path(written: list[tuple[str, str]]) -> Items:
    """Order readings by deal; those of one deal stay as they are."""
    return Items(text for _, text in sorted(written, key=itemgetter(0)))


def _reading(reading: Reading, frame: Frame) -> dict[str, object]:
    is_live = reading.state in LIVE
    branch = frame.branch_of(reading.deal, reading.stop, reading.start)
    return {
        "record": reading.record,
        "cycle": reading.cycle,
        "clock": reading.clock.name,
        "state": reading.state.value,
        "started": _instant(reading.started),
        "due": _instant(reading.due),
        "original_due": _instant(reading.original_due),
        "stopped": _instant(reading.stopped),
        "breached": reading.is_breached,
        "breached_at": _instant(reading.breached_at),
        "target_seconds": _seconds(reading.budget),
        "elapsed_seconds": _seconds(reading.elapsed),
        "remaining_seconds": _seconds(reading.remaining if is_live else None),
        "overrun_seconds": _seconds(reading.overrun),
        "threshold": reading.threshold,
        "superseded": reading.is_superseded,
        "provisional": reading.is_provisional,
        "levels": [_level(level) for level in levels_of(reading, frame.policy)],
        "owner": reading.owner,
        "reason": reading.reason,
        "branch": branch or None,
    }


def _level(level: Level) -> dict[str, object]:
    return {
        "level": level.number,
        "role": level.role,
        "recipients": list(level.recipients),
        "at": _instant(level.at),
    }


def _instant(moment: datetime | None) -> str | None:
    return format_instant(moment) if moment else None


def _seconds(length: timedelta | None) -> int | None:
    """Give whole seconds, rounded down, so that no consumer meets a fraction."""
    return None if length is None else length // timedelta(seconds=1)
