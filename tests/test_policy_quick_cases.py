"""A search among cases never accepts what the list of cases refuses."""

import copy
import json
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.policy.quick_cases import by_case
from support.schemas import schema as shipped

_EVENT = shipped("event")
_KINDS = _EVENT["properties"]["event"]["enum"]
_VALUES = st.sampled_from(
    ["P1", "2026-04-21", "verbal", "written", "signed", "", "other", ["L1"], [], 60]
)
_FIELDS = sorted(
    {name for kind in _EVENT["$defs"].values() for name in kind.get("properties", ())}
    | {"at", "on", "by", "next", "note", "colour"}
)


def _case(word: object, then: object) -> dict[str, Any]:
    condition = {"properties": {"kind": {"const": word}}, "required": ["kind"]}
    return {"if": condition, "then": then}


def _object(**more: object) -> dict[str, Any]:
    known = {"kind": {"type": "string"}, "by": {"type": "string"}}
    return {"type": "object", "properties": known, "required": ["kind"], **more}


_SIZED = {"properties": {"size": {"type": "integer"}}, "required": ["size"]}
_SCHEMA = _object(
    allOf=[
        _case("big", _SIZED),
        _case("small", {"$ref": "#/$defs/small"}),
        _case("odd", {"if": {"required": ["by"]}, "then": _SIZED}),
        _case("known", {"properties": {"by": {"const": "x"}}}),
        {"if": {"required": ["by"]}, "then": {"properties": {"reason": {}}}},
    ],
    unevaluatedProperties=False,
    **{"$defs": {"small": {"title": "Small", "properties": {"tiny": {"const": 1}}}}},
)


def _valid(schema: dict[str, Any], value: object) -> bool:
    return jsonschema_rs.Draft202012Validator(schema).is_valid(value)


@settings(deadline=None, max_examples=150)
@given(
    st.dictionaries(
        st.sampled_from(["kind", "by", "size", "tiny", "reason", "colour"]),
        st.sampled_from(["big", "small", "odd", "known", "none", "x", 1, 2]),
    )
)
def test_a_search_accepts_no_more_than_the_list(value: dict[str, object]) -> None:
    if _valid(by_case(_SCHEMA, _SCHEMA), value):
        assert _valid(_SCHEMA, value)


@settings(deadline=None, max_examples=150)
@given(
    st.sampled_from(_KINDS),
    st.dictionaries(st.sampled_from(_FIELDS), _VALUES, max_size=6),
)
def test_it_holds_for_every_kind_of_event(kind: str, fields: dict[str, object]) -> None:
    schema = _without_references_to_other_files(_EVENT)
    value = {"event": kind, "by": "dana-okafor", "at": "2026-04-21", **fields}
    if _valid(by_case(schema, schema), value):
        assert _valid(schema, value)


@pytest.mark.parametrize(
    "value",
    [
        {"kind": "big", "size": 1},
        {"kind": "small", "tiny": 1, "by": "x"},
        {"kind": "odd", "by": "x", "size": 3},
        {"kind": "known", "by": "x"},
        {"kind": "none"},
    ],
)
def test_usual_values_are_found_at_once(value: object) -> None:
    assert _valid(by_case(_SCHEMA, _SCHEMA), value)


@pytest.mark.parametrize(
    "schema",
    [
        _object(allOf=[_case("big", _SIZED), _case("big", {"required": ["by"]})]),
        _object(allOf=[_case("big", [])]),
        _object(allOf=[_case(1, _SIZED)]),
        _object(allOf=[{**_case("big", _SIZED), "else": _SIZED}]),
        _object(allOf=[_case("big", _SIZED)], required=["by"]),
        _object(allOf=[_case("big", _SIZED)], type=["object", "string"]),
        _object(allOf=[{"if": {"required": ["kind"]}, "then": _SIZED}]),
    ],
)
def test_what_is_no_list_of_cases_stays_as_it_is(schema: dict[str, Any]) -> None:
    assert by_case(copy.deepcopy(schema), schema) == schema


def test_a_case_that_refers_to_nothing_stays_for_the_engine_to_refuse() -> None:
    schema = _object(allOf=[_case("big", {"$ref": "#/$defs/gone"})])
    assert "#/$defs/gone" in json.dumps(by_case(schema, schema))


def _without_references_to_other_files(schema: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(schema, list):
        return [_without_references_to_other_files(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    if "schema.json" in str(schema.get("$ref", "")):
        return {"type": "string"}
    return {k: _without_references_to_other_files(v) for k, v in schema.items()}
