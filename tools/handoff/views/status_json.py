"""Where deals stand as JSON, version 1; fields may be added, never changed."""

from handoff.evaluation.report import Report
from handoff.evaluation.status import NextAction, Status
from handoff.model.instant import UNKNOWN, format_instant
from handoff.views.escaping import json_text
from handoff.views.style import Style


def render(report: Report, _style: Style) -> str:
    """Write the statuses of a report, by id; `board` and `status` share this."""
    statuses = sorted(report.statuses, key=lambda status: status.id)
    return json_text(
        {
            "version": 1,
            "as_of": format_instant(report.now),
            "rev": report.rev,
            "policy": report.policy.digest,
            "records": [_record(status, report) for status in statuses],
            "not_evaluated": list(report.not_evaluated),
            **branches(report),
        }
    )


def branches(report: Report) -> dict[str, object]:
    """Name the records that wait on branches, and those that could not be shown."""
    return {
        "branches": dict(sorted(report.branches.items())),
        "branch_clashes": [
            {"path": c.path, "shown": c.shown or None, "hidden": c.hidden}
            for c in report.clashes
        ],
    }


def _record(status: Status, report: Report) -> dict[str, object]:
    opportunity, since = status.deal.opportunity, status.entered_at
    return {
        "id": status.id,
        "path": opportunity.path,
        "company": opportunity.text("company") or None,
        "stage": status.stage.name,
        "cycle": status.cycle,
        "owner": opportunity.owner,
        "entered_at": None if since == UNKNOWN else str(since),
        "days_in_stage": status.days_in_stage(report.now),
        "overdue": status.is_overdue(report.now),
        "next": _next(status.next) if status.next else None,
        "next_stage": status.upcoming.name if status.upcoming else None,
        "missing": [
            {"what": m.what, "name": m.name, "message": m.message}
            for m in status.missing
        ],
        "branch": report.branch_of(status.deal) or None,
    }


def _next(action: NextAction) -> dict[str, object]:
    return {"action": action.action, "owner": action.owner, "due": action.due}
