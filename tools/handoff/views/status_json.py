"""Where deals stand as JSON, version 1; fields may be added, never changed."""

from collections.abc import Iterable, Iterator

from handoff.evaluation.report import Frame
from handoff.evaluation.status import NextAction, days_since
from handoff.model.instant import UNKNOWN, format_instant
from handoff.views.cards import Card, Hand
from handoff.views.escaping import Items, json_item, json_pieces


def render(frame: Frame, hands: Iterable[Hand]) -> Iterator[str]:
    """Write deals by id, piece by piece; `board` and `status` share this."""
    records: list[tuple[str, str]] = []
    missed: list[str] = []
    for hand in hands:
        records += ((card.id, json_item(_record(card, frame))) for card in hand.cards)
        missed += hand.tally.missed
    records.sort()
    return json_pieces(
        {
            "version": 1,
            "as_of": format_instant(frame.now),
            "rev": frame.rev,
            "policy": frame.policy.digest,
            "records": Items(text for _, text in records),
            "not_evaluated": sorted(missed),
            **branches(frame),
        }
    )


def branches(frame: Frame) -> dict[str, object]:
    """Name the records that wait on branches, and those that could not be shown."""
    return {
        "branches": dict(sorted(frame.branches.items())),
        "branch_clashes": [
            {"path": c.path, "shown": c.shown or None, "hidden": c.hidden}
            for c in frame.clashes
        ],
    }


def _record(card: Card, frame: Frame) -> dict[str, object]:
    since = card.entered_at
    return {
        "id": card.id,
        "path": card.paths[-1],
        "company": card.company or None,
        "stage": card.stage,
        "cycle": card.cycle,
        "owner": card.owner,
        "entered_at": None if since == UNKNOWN else str(since),
        "days_in_stage": days_since(since.instant, frame.now),
        "overdue": card.is_overdue,
        "next": _next(card.next) if card.next else None,
        "next_stage": card.next_stage or None,
        "missing": [
            {"what": m.what, "name": m.name, "message": m.message} for m in card.missing
        ],
        "branch": ", ".join(frame.branches_of(card.paths)) or None,
    }


def _next(action: NextAction) -> dict[str, object]:
    return {"action": action.action, "owner": action.owner, "due": action.due}
