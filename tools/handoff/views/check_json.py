"""Diagnostics as JSON, version 1; fields may be added, never changed."""

from handoff.model.diagnostic import Diagnostic, Related
from handoff.model.verdict import Verdict
from handoff.views.escaping import json_text
from handoff.views.style import Style


def render(verdict: Verdict, _style: Style) -> str:
    """Write the verdict as one JSON object; columns count code points from 1."""
    return json_text(
        {
            "version": 1,
            "files_listed": verdict.files_listed,
            "files_judged": verdict.files_judged,
            "diagnostics": [_diagnostic(d) for d in verdict.diagnostics],
            "shadow": [_diagnostic(d) for d in verdict.shadow],
        }
    )


def _diagnostic(diagnostic: Diagnostic) -> dict[str, object]:
    return {
        "rule": diagnostic.rule,
        "severity": diagnostic.severity.value,
        "path": diagnostic.path,
        "line": diagnostic.span.line,
        "column": diagnostic.span.column,
        "end_line": diagnostic.span.end_line,
        "end_column": diagnostic.span.end_column,
        "message": diagnostic.message,
        "hint": diagnostic.hint,
        "related": [_related(r) for r in diagnostic.related],
    }


def _related(related: Related) -> dict[str, object]:
    return {
        "path": related.path,
        "line": related.span.line,
        "column": related.span.column,
        "label": related.label,
    }
