"""Diagnostics as SARIF, held against the standard's own schema."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from jsonschema import Draft7Validator

from handoff.model.diagnostic import Related
from handoff.model.span import TOP, Span
from handoff.model.verdict import Verdict
from handoff.views.check_sarif import render
from support.golden import assert_golden
from support.verdicts import HOSTILE, PLAIN, diagnostic, verdict

SCHEMA = Path(__file__).parents[2] / "shared/specs/sarif/sarif-schema-2.1.0.json"
RELATED = Related("b c.md", Span(2, 1, 2, 4), "here")


def run_of(given_verdict: Verdict) -> Any:  # noqa: ANN401 - JSON, taken apart below
    return json.loads(render(given_verdict, PLAIN))["runs"][0]


def test_golden() -> None:
    assert_golden("check_sarif.json", render(HOSTILE, PLAIN))


@pytest.mark.skipif(not SCHEMA.exists(), reason="the SARIF schema is not beside us")
@pytest.mark.parametrize(
    "given_verdict",
    [
        pytest.param(verdict(), id="nothing found"),
        pytest.param(HOSTILE, id="hostile"),
        pytest.param(
            verdict(diagnostic(related=(RELATED, RELATED))), id="related twice"
        ),
    ],
)
def test_valid_by_the_published_schema(given_verdict: Verdict) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    errors = Draft7Validator(schema).iter_errors(
        json.loads(render(given_verdict, PLAIN))
    )
    assert [error.message for error in errors] == []


def test_results_point_at_their_rule_and_place() -> None:
    found = diagnostic(span=Span(3, 2, 4, 1), rule="zz", related=(RELATED,))
    run = run_of(verdict(found, diagnostic(rule="duplicate-key")))
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["duplicate-key", "zz"]
    assert rules[0]["shortDescription"] == {"text": "A key is given twice."}
    first = run["results"][0]
    assert rules[first["ruleIndex"]]["id"] == first["ruleId"] == "zz"
    assert first["locations"][0]["physicalLocation"]["region"] == {
        "startLine": 3,
        "startColumn": 2,
        "endLine": 4,
        "endColumn": 1,
    }
    assert first["relatedLocations"][0]["message"] == {"text": "here"}


@pytest.mark.parametrize(
    "path", ["a b/c#d?e%20.md", "a:b/凧.md", "x\udcff.md", "[&].md"]
)
def test_paths_are_percent_encoded(path: str) -> None:
    result = run_of(verdict(diagnostic(path=path, span=TOP)))["results"][0]
    place = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place["uri"].isascii()
    assert not set(place["uri"]) & set(" #?:[]")
    assert unquote(place["uri"], errors="surrogatepass") == path


def test_levels() -> None:
    levels = [result["level"] for result in run_of(HOSTILE)["results"]]
    assert levels == ["error", "error", "warning", "note"]
