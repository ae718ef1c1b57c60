"""What an audit found as JSON, version 1; fields may be added, never changed."""

from handoff.evaluation.audit import Audit, Incident
from handoff.model.instant import format_instant
from handoff.views.escaping import json_text
from handoff.views.style import Style


def render(audit: Audit, _style: Style) -> str:
    """Write the audit as one JSON object; `path` is null for a commit as a whole."""
    return json_text(
        {
            "version": 1,
            "rev": audit.rev,
            "commits": audit.commits,
            "records": audit.records,
            "findings": [_incident(incident) for incident in audit.incidents],
        }
    )


def _incident(incident: Incident) -> dict[str, object]:
    commit, found = incident.commit, incident.diagnostic
    return {
        "commit": commit.id,
        "author": commit.author,
        "committed": format_instant(commit.committed) if commit.committed else None,
        "rule": found.rule,
        "severity": found.severity.value,
        "path": found.path or None,
        "line": found.span.line if found.path else None,
        "column": found.span.column if found.path else None,
        "message": found.message,
        "hint": found.hint,
    }
