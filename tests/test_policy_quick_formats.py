"""The quick patterns never accept what the format itself refuses."""

import re
from collections.abc import Mapping

import jsonschema_rs
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from handoff.policy.formats import FORMATS
from handoff.policy.quick_formats import QUICK_FORMATS, quickened

_NEAR = st.sampled_from(
    [
        *("2026-02-29", "2026-04-31", "2026-04-30", "2026-04-28", "1969-12-31"),
        *("unknown", "unknown\n", "con", "nul", "com1", "a-b-c-d", "-abcde", "abcde-"),
        *("P1", "P1\n", "", " ", "\n", "\t", "\u200b", "\u2028", "A\u0430bc", "\x7f"),
        *("2026-04-21T09:00:00-00:00", "2026-04-21T09:00:60Z", "2026-04-21T24:00:00Z"),
        *("2026-04-21T09:00:00+14:00", "2026-04-21T09:00:00Z", "2026-04-21T09:00:00"),
        *("a" * 60, "a" * 61, "x" * 1000, "x" * 1001, "two\nlines", " padded "),
    ],
)
_SHAPED = st.one_of(
    st.text(max_size=30),
    st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", fullmatch=True),
    st.from_regex(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"
        r"(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})",
        fullmatch=True,
    ),
    st.from_regex(r"[a-z0-9-]{1,62}", fullmatch=True),
)


def _accepts(quick: Mapping[str, object], text: str) -> bool:
    schema = {"type": "string", **quick}
    return jsonschema_rs.Draft202012Validator(schema).is_valid(text)


@pytest.mark.parametrize("name", QUICK_FORMATS)
@settings(deadline=None, max_examples=200)
@given(text=st.one_of(_NEAR, _SHAPED))
@example(text="2026-04-21")
def test_what_is_surely_fine_is_fine(name: str, text: str) -> None:
    if _accepts(QUICK_FORMATS[name], text):
        assert FORMATS[name](text), text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("line", "Referral by a former customer"),
        ("text", "two\nlines"),
        ("person", "dana-okafor"),
        ("item-id", "P1"),
        ("date", "2026-04-21"),
        ("date-time", "2026-04-21T14:30:00+02:00"),
        ("date-or-instant", "2026-04-21"),
        ("date-or-unknown", "unknown"),
    ],
)
def test_usual_values_are_surely_fine(name: str, text: str) -> None:
    assert _accepts(QUICK_FORMATS[name], text)


def test_a_quickened_schema_keeps_everything_else() -> None:
    schema = {"format": "email", "items": [{"format": "date", "title": "D"}], "x": 1}
    quick = quickened(schema)
    assert quick["format"] == "email"
    assert quick["items"][0]["title"] == "D"
    assert "format" not in quick["items"][0]
    assert re.fullmatch(quick["items"][0]["pattern"], "2026-04-21")
    assert quickened({"format": "line", "pattern": "x"})["format"] == "line"
