"""Maps and presets: strict, and every message with its place."""

import re
from pathlib import Path

import pytest

from handoff.imports.days import DATE_FORMATS
from handoff.imports.events import event_words, importable_kinds
from handoff.imports.settings import (
    PRESETS,
    Check,
    StageRule,
    map_schema,
    read_settings,
)
from handoff.model.diagnostic import Severity
from support.reports import shipped_policy


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_is_a_valid_map_without_stage_words(preset: str) -> None:
    settings, diagnostics = read_settings(preset)
    assert settings
    assert not diagnostics
    assert not settings.stages
    assert {"id", "owner", "stage", "opened"} <= set(settings.columns)
    kinds = importable_kinds(shipped_policy())
    assert {outcome.event for outcome in settings.outcomes} <= set(kinds)


def test_the_schema_and_the_reader_know_the_same_date_formats() -> None:
    described = map_schema().describe(("date_format",))
    assert described["enum"] == list(DATE_FORMATS)


def test_deciding_events_can_be_imported_and_those_with_more_cannot() -> None:
    kinds = importable_kinds(shipped_policy())
    assert set(event_words().unknown) <= set(kinds)
    assert {"opened", "qualified", "sow-signed"} <= set(kinds)
    assert not {"proposal-sent", "reopened", "owner-changed"} & set(kinds)


def test_a_map_goes_before_its_preset_and_options_before_the_map() -> None:
    text = (
        "columns:\n  opened: Began\n  id: [Nr, No]\n"
        "stages:\n  Won: closed-won\n"
        "  Talking:\n    event: qualified\n    dated_by: Began\n"
        "check:\n  product: p.csv:Full:Name\n"
        "currency: EUR\nzone: Europe/Berlin\ndecimal: comma\ndelimiter: tab\n"
    )
    options = {"currency": "USD", "date_format": ""}
    settings, _ = read_settings("hubspot", ("map.yaml", text.encode()), options)
    assert settings
    assert settings.columns["opened"] == ("Began",)
    assert settings.columns["id"] == ("Nr", "No")
    assert settings.columns["closed"] == ("Close Date", "closedate")
    assert settings.required == {"opened", "id"}
    assert settings.stages["Talking"] == StageRule("qualified", "Began")
    assert settings.checks == (Check("product", "p.csv", "Full:Name"),)
    assert (settings.currency, settings.decimal, settings.delimiter) == (
        "USD",
        ",",
        "\t",
    )
    assert settings.system == "hubspot"
    assert settings.is_epoch


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        ("colums:\n  id: X\n", "unknown-field", 1),
        ("columns:\n  id: X\n  owners: Y\n", "unknown-field", 3),
        ("currency: usd\n", "malformed-value", 1),
        ("date_format: D/M/Y\n", "value-not-allowed", 1),
        ("zone: Mars/Olympus\n", "malformed-value", 1),
        ("stages:\n  Won: closed-won\n  Won: closed-lost\n", "duplicate-key", 3),
        ("stages: &a\n  Won: closed-won\n", "forbidden-yaml", 1),
    ],
)
def test_a_wrong_map_is_told_with_its_line(text: str, rule: str, line: int) -> None:
    settings, diagnostics = read_settings("generic", ("map.yaml", text.encode()))
    assert settings is None
    assert [(d.path, d.rule, d.span.line) for d in diagnostics] == [
        ("map.yaml", rule, line)
    ]
    assert diagnostics[0].hint


def test_a_wrong_option_is_told() -> None:
    settings, diagnostics = read_settings("generic", None, {"currency": "dollars"})
    assert settings is None
    assert "`currency` is `dollars`" in diagnostics[0].message


def test_the_map_in_the_documentation_is_the_one_the_tests_use() -> None:
    tests = Path(__file__).parent
    page = (tests.parent / "docs" / "import.md").read_text(encoding="utf-8")
    (shown,) = re.findall("```yaml\n(.*?)```", page, re.DOTALL)
    used = (tests / "fixtures" / "imports" / "sales-pipeline.yaml").read_bytes()
    settings, diagnostics = read_settings("generic", ("import.md", shown.encode()))
    assert not diagnostics
    assert settings == read_settings("generic", ("map.yaml", used))[0]


def test_a_warning_stops_no_map() -> None:
    text = b"stages:\n  Won: closed-won  # ours\n"
    settings, diagnostics = read_settings("generic", ("map.yaml", text))
    assert settings
    assert [d.rule for d in diagnostics] == ["text-lost-to-comment"]
    assert diagnostics[0].severity is Severity.WARNING
