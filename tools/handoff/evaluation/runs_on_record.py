"""When clocks were evaluated by a run, as the ledger has it."""

from datetime import datetime

from handoff.evaluation.report import Report
from handoff.model.entry import EntryKind
from handoff.model.instant import parse_instant


def last_evaluation(report: Report) -> datetime | None:
    """Give the instant of the last run on record by a report's instant, in UTC.

    A run leaves a mark once in every hour.
    """
    entries = report.ledger.of(EntryKind.EVALUATION)
    told = (parse_instant(str(entry.body.get("at", ""))) for entry in entries)
    return max((at for at in told if at and at <= report.now), default=None)
