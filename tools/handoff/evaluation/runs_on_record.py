"""When clocks were evaluated by a run, as the ledger has it."""

from datetime import datetime

from handoff.evaluation.report import Frame
from handoff.model.entry import EntryKind
from handoff.model.instant import parse_instant


def last_evaluation(frame: Frame) -> datetime | None:
    """Give the instant of the last run on record by an instant, in UTC.

    A run leaves a mark once in every hour.
    """
    entries = frame.ledger.of(EntryKind.EVALUATION)
    told = (parse_instant(str(entry.body.get("at", ""))) for entry in entries)
    return max((at for at in told if at and at <= frame.now), default=None)
