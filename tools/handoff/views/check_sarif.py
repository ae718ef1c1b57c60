"""Diagnostics as SARIF 2.1.0, for code-scanning services and editors."""

from urllib.parse import quote

from handoff.model.diagnostic import Diagnostic
from handoff.model.span import Span
from handoff.model.verdict import Verdict
from handoff.views.escaping import json_text, sarif_message
from handoff.views.levels import LEVELS
from handoff.views.style import Style

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render(verdict: Verdict, style: Style) -> str:
    """Write the verdict as one SARIF run; its rules are those that were broken."""
    rules = sorted({d.rule for d in verdict.diagnostics})
    run = {
        "tool": {
            "driver": {
                "name": "handoff",
                "rules": [_rule(name, style.explain.get(name, name)) for name in rules],
            }
        },
        # Spans count code points; the default of the format is UTF-16 units.
        "columnKind": "unicodeCodePoints",
        "properties": {
            "filesListed": verdict.files_listed,
            "filesJudged": verdict.files_judged,
        },
        "results": [_result(d, rules.index(d.rule)) for d in verdict.diagnostics],
    }
    return json_text({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(name: str, summary: str) -> dict[str, object]:
    return {"id": name, "shortDescription": {"text": summary}}


def _result(diagnostic: Diagnostic, rule_index: int) -> dict[str, object]:
    related = [
        {"id": number, "message": _message(r.label), **_location(r.path, r.span)}
        for number, r in enumerate(diagnostic.related)
    ]
    return {
        "ruleId": diagnostic.rule,
        "ruleIndex": rule_index,
        "level": LEVELS[diagnostic.severity].sarif,
        "message": _message(diagnostic.message, diagnostic.hint),
        "locations": [_location(diagnostic.path, diagnostic.span)],
        "relatedLocations": related,
    }


def _message(*lines: str) -> dict[str, object]:
    return {"text": "\n".join(sarif_message(line) for line in lines if line)}


def _location(path: str, span: Span) -> dict[str, object]:
    # Paths that are not UTF-8 arrive as lone surrogates, which quote() refuses.
    uri = quote(path, errors="surrogatepass")
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": uri, "uriBaseId": "%SRCROOT%"},
            "region": {
                "startLine": span.line,
                "startColumn": span.column,
                "endLine": span.end_line,
                "endColumn": span.end_column,
            },
        }
    }
