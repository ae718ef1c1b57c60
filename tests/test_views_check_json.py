"""Diagnostics as JSON."""

import json

from handoff.model.diagnostic import Related
from handoff.model.span import Span
from handoff.views.check_json import render
from support.golden import assert_golden
from support.verdicts import DEAL, HOSTILE, PLAIN, diagnostic, verdict


def test_golden() -> None:
    assert_golden("check_json.json", render(HOSTILE, PLAIN))


def test_shape() -> None:
    found = diagnostic(
        "m",
        span=Span(3, 2, 3, 5),
        hint="H.",
        related=(Related("a.md", Span(1, 4, 1, 5), "here"),),
    )
    assert json.loads(render(verdict(found, listed=2, judged=1), PLAIN)) == {
        "version": 1,
        "files_listed": 2,
        "files_judged": 1,
        "diagnostics": [
            {
                "rule": "missing-field",
                "severity": "error",
                "path": DEAL,
                "line": 3,
                "column": 2,
                "end_line": 3,
                "end_column": 5,
                "message": "m",
                "hint": "H.",
                "related": [{"path": "a.md", "line": 1, "column": 4, "label": "here"}],
            }
        ],
        "shadow": [],
    }


def test_text_is_carried_unchanged() -> None:
    texts = [d["message"] for d in json.loads(render(HOSTILE, PLAIN))["diagnostics"]]
    assert texts == [d.message for d in HOSTILE.diagnostics]
