"""What waits on somebody, as JSON, version 1."""

from collections.abc import Iterable

from handoff.evaluation.inbox import Waiting
from handoff.evaluation.report import Frame
from handoff.model.instant import format_instant
from handoff.views.escaping import json_text


def render(waiting: Iterable[Waiting], frame: Frame) -> str:
    """Write the list, the first due on top."""
    document = {
        "version": 1,
        "now": format_instant(frame.now),
        "rev": frame.rev,
        "waiting": [_entry(each) for each in waiting],
    }
    return json_text(document)


def _entry(each: Waiting) -> dict[str, object]:
    return {
        "record": each.record,
        "company": each.company,
        "clock": each.clock,
        "what": each.what,
        "who": each.who,
        "told_as": each.told_as or None,
        "due": format_instant(each.due) if each.due else None,
        "overdue": each.is_overdue,
        "more": list(each.more),
        "packet": each.packet or None,
    }
