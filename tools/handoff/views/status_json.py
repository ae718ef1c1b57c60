"""Where deals stand as JSON, version 1; fields may be added, never changed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from handoff.evaluation.report import Frame, Report
from handoff.evaluation.status import NextAction, Status
from handoff.model.instant import UNKNOWN, format_instant
from handoff.views.escaping import Items, json_item, json_pieces


@dataclass(frozen=True, slots=True)
class Share:
    """What some deals add to the document: text by id, and files not evaluated."""

    records: tuple[tuple[str, str], ...]
    missed: tuple[str, ...]


def share_of(report: Report) -> Share:
    """Write the deals of a report."""
    frame = report.frame
    records = ((s.id, json_item(_record(s, frame))) for s in report.statuses)
    return Share(tuple(records), report.not_evaluated)


def render(frame: Frame, shares: Iterable[Share]) -> Iterator[str]:
    """Write deals by id, piece by piece; `board` and `status` share this."""
    records: list[tuple[str, str]] = []
    missed: list[str] = []
    for share in shares:
        records += share.records
        missed += share.missed
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


def _record(status: Status, frame: Frame) -> dict[str, object]:
    opportunity, since = status.deal.opportunity, status.entered_at
    return {
        "id": status.id,
        "path": opportunity.path,
        "company": opportunity.text("company") or None,
        "stage": status.stage.name,
        "cycle": status.cycle,
        "owner": opportunity.owner,
        "entered_at": None if since == UNKNOWN else str(since),
        "days_in_stage": status.days_in_stage(frame.now),
        "overdue": status.is_overdue(frame.now),
        "next": _next(status.next) if status.next else None,
        "next_stage": status.upcoming.name if status.upcoming else None,
        "missing": [
            {"what": m.what, "name": m.name, "message": m.message}
            for m in status.missing
        ],
        "branch": frame.branch_of(status.deal) or None,
    }


def _next(action: NextAction) -> dict[str, object]:
    return {"action": action.action, "owner": action.owner, "due": action.due}
