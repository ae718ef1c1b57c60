"""What changed between two revisions as JSON, version 1."""

from collections.abc import Iterable

from handoff.evaluation.comparison import DealChange
from handoff.views.escaping import json_text
from handoff.views.history_json import differences_json, stage_json


def render(before: str, after: str, changes: Iterable[DealChange]) -> str:
    """Write every difference of every deal; the sides go by commit id or label."""
    deals = [_deal(change) for change in changes]
    sides = {"before": before, "after": after}
    return json_text({"version": 1, **sides, "deals": deals})


def _deal(change: DealChange) -> dict[str, object]:
    return {
        "id": change.id,
        "stage": stage_json(change.stage),
        "records": [
            {"path": r.path, "differences": differences_json(r.differences)}
            for r in change.records
        ],
        "unread": list(change.unread),
    }
