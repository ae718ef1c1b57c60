"""Clock readings as JSON, version 1; fields may be added, never changed."""

from datetime import datetime, timedelta

from handoff.evaluation.ladder import Level, levels_of
from handoff.evaluation.reading import LIVE, Reading
from handoff.evaluation.report import Report
from handoff.model.instant import format_instant
from handoff.views.escaping import json_text
from handoff.views.status_json import branches
from handoff.views.style import Style


def render(report: Report, _style: Style) -> str:
    """Write every reading of a report, by deal; instants in UTC, times in seconds."""
    return json_text(
        {
            "version": 1,
            "as_of": format_instant(report.now),
            "rev": report.rev,
            "policy": report.policy.digest,
            "readings": [_reading(reading, report) for reading in report.readings],
            "shadow": [_reading(reading, report) for reading in report.shadow],
            "not_evaluated": list(report.not_evaluated),
            **branches(report),
        }
    )


def _reading(reading: Reading, report: Report) -> dict[str, object]:
    is_live = reading.state in LIVE
    branch = report.branch_of(reading.deal, reading.stop, reading.start)
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
        "levels": [_level(level) for level in levels_of(reading, report.policy)],
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
