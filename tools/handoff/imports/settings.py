"""How an export is to be read: a preset, what the user's map says, and options."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from handoff.document.document import Document, read_yaml_file
from handoff.evaluation.rules import CATALOGUE
from handoff.imports.days import ISO
from handoff.model.diagnostic import Diagnostic, Finding, Severity
from handoff.policy.schemas import CompiledSchema, SchemaSet
from handoff.policy.shape import read_shape

PRESETS = ("generic", "hubspot", "pipedrive", "salesforce")
_HERE = files("handoff.imports")
_DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}
_DECIMALS = {"point": ".", "comma": ","}


@dataclass(frozen=True, slots=True)
class StageRule:
    """The event a stage word stands for; `dated_by` is a column, or empty."""

    event: str
    dated_by: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """An event that certain cells prove: texts that fit, by column."""

    event: str
    when: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Check:
    """Names of a field must be found in a column of another file."""

    field: str
    file: str
    column: str


@dataclass(frozen=True, slots=True)
class ImportSettings:
    """A preset with a map laid over it.

    Attributes:
        system: written before every id of the other system.
        columns: by field, the names its column may have.
        required: fields whose columns the user's map names itself.
        renames: by field, new names by old ones.
        defaults: by field, what the user says about rows that say nothing.
        empties: cells by which the system says that there is nothing.
        zone: of times without an offset, where somebody said it.
        currency: of amounts without one; empty if nobody said it.
        decimal: `.` or `,`; empty if nobody said it.
        delimiter: one character; empty to look at the header.
    """

    system: str
    columns: Mapping[str, tuple[str, ...]]
    required: frozenset[str]
    stages: Mapping[str, StageRule]
    outcomes: tuple[Outcome, ...]
    lost_reasons: Mapping[str, str]
    renames: Mapping[str, Mapping[str, str]]
    checks: tuple[Check, ...]
    defaults: Mapping[str, str]
    empties: frozenset[str]
    date_format: str
    is_epoch: bool
    zone: ZoneInfo | None
    currency: str
    decimal: str
    delimiter: str


def read_settings(
    preset: str,
    map_file: tuple[str, bytes] | None = None,
    options: Mapping[str, str] | None = None,
) -> tuple[ImportSettings | None, tuple[Diagnostic, ...]]:
    """Lay a map and options over a preset.

    Args:
        preset: one of `PRESETS`.
        map_file: path, for messages, and content of the user's map.
        options: single fields of the map, as in `date_format` or `currency`, that
            go before it.

    Returns:
        The settings and warnings, or nothing and what is wrong with map or options.
    """
    base, _ = _read_map(f"{preset}.yaml", packaged(f"presets/{preset}.yaml"))
    own, found = _read_map(*map_file) if map_file else ({}, ())
    rest = "".join(f"{k}: {v}\n" for k, v in (options or {}).items() if v)
    said, wrong = _read_map("options", rest.encode()) if rest else ({}, ())
    diagnostics = (*found, *wrong)
    if base is None or own is None or said is None:
        return None, diagnostics
    merged = {**base, **own, **said}
    merged["columns"] = {**base["columns"], **own.get("columns", {})}
    return _typed(merged, frozenset(own.get("columns", ()))), diagnostics


def packaged(name: str) -> bytes:
    """Read a file that comes with this package."""
    return _HERE.joinpath(name).read_bytes()


@cache
def map_schema() -> CompiledSchema:
    """Compile the schema of maps and presets."""
    return SchemaSet({"map.schema.json": packaged("map.schema.json")}).schema("map")


def _read_map(
    path: str, content: bytes
) -> tuple[Mapping[str, Any] | None, tuple[Diagnostic, ...]]:
    document, findings = read_yaml_file(path, content)
    data: Mapping[str, Any] = {}
    if document:
        data, wrong = read_shape(document, map_schema())
        findings += wrong
    diagnostics = tuple(_diagnostics(path, document, findings))
    is_broken = any(d.severity is Severity.ERROR for d in diagnostics)
    return (None if is_broken else data), diagnostics


def _diagnostics(
    path: str, document: Document | None, findings: tuple[Finding, ...]
) -> Iterator[Diagnostic]:
    for found in findings:
        source = document.line(found.span.line) if document else ""
        text = (found.message, found.hint)
        weight = CATALOGUE[found.rule].severity
        yield Diagnostic(
            path, found.span, found.rule, weight, *text, found.related, source
        )


def _typed(data: Mapping[str, Any], required: frozenset[str]) -> ImportSettings:
    return ImportSettings(
        system=data["system"],
        columns={field: _names(column) for field, column in data["columns"].items()},
        required=required,
        stages={word: _stage(rule) for word, rule in data.get("stages", {}).items()},
        outcomes=tuple(_outcome(entry) for entry in data.get("outcomes", ())),
        lost_reasons=data.get("lost_reasons", {}),
        renames=data.get("rename", {}),
        checks=tuple(
            Check(field, *place.split(":", 1))
            for field, place in data.get("check", {}).items()
        ),
        defaults=data.get("defaults", {}),
        empties=frozenset(data.get("empty", ())),
        date_format=data.get("date_format", ISO),
        is_epoch=data.get("epoch", False),
        zone=ZoneInfo(data["zone"]) if "zone" in data else None,
        currency=data.get("currency", ""),
        decimal=_DECIMALS.get(data.get("decimal", ""), ""),
        delimiter=_DELIMITERS.get(data.get("delimiter", ""), ""),
    )


def _names(column: str | list[str]) -> tuple[str, ...]:
    return (column,) if isinstance(column, str) else tuple(column)


def _stage(rule: str | Mapping[str, str]) -> StageRule:
    if isinstance(rule, str):
        return StageRule(rule, "")
    return StageRule(rule["event"], rule.get("dated_by", ""))


def _outcome(entry: Mapping[str, Any]) -> Outcome:
    when = {column: frozenset(texts) for column, texts in entry["when"].items()}
    return Outcome(entry["event"], when)
