"""Diagnostics as GitHub workflow commands, which become annotations on the diff."""

from collections import Counter

from handoff.model.diagnostic import Diagnostic, Severity
from handoff.model.span import Span
from handoff.model.verdict import Verdict
from handoff.views.check_text import headline, notes, summary
from handoff.views.escaping import github_data, github_property, terminal
from handoff.views.levels import LEVELS
from handoff.views.style import Style

_SHOWN = 10
"""GitHub keeps that many annotations of a severity per step and drops the rest."""


def render(verdict: Verdict, _style: Style) -> str:
    """Write annotations while GitHub shows them, then plain lines, then a summary."""
    seen: Counter[Severity] = Counter()
    annotations: list[str] = []
    more: list[str] = []
    for diagnostic in verdict.diagnostics:
        seen[diagnostic.severity] += 1
        if seen[diagnostic.severity] <= _SHOWN:
            annotations.append(_annotation(diagnostic))
        else:
            more.append(headline(diagnostic, LEVELS[diagnostic.severity].label))
    if more:
        more.insert(0, f"{len(more)} more, which GitHub shows only in this log:")
    return "\n".join((*annotations, *more, summary(verdict), ""))


def _annotation(diagnostic: Diagnostic) -> str:
    properties = {
        "file": terminal(diagnostic.path),
        **_place(diagnostic.span),
        "title": diagnostic.rule,
    }
    written = ",".join(f"{k}={github_property(v)}" for k, v in properties.items())
    data = "\n".join((terminal(diagnostic.message), *notes(diagnostic)))
    return f"::{LEVELS[diagnostic.severity].github} {written}::{github_data(data)}"


def _place(span: Span) -> dict[str, str]:
    lines = {"line": str(span.line), "endLine": str(span.end_line)}
    if span.line != span.end_line:
        return lines  # columns are accepted within one line only
    # GitHub's end column is the last one covered: it defaults to the start.
    last = max(span.column, span.end_column - 1)
    return {**lines, "col": str(span.column), "endColumn": str(last)}
