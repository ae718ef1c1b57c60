"""Places as people type them, and values put there."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.authoring.paths import can_put, overlaid, put, read_path, value_at
from handoff.model.span import Pointer, format_pointer

_NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
_POINTERS = st.builds(
    lambda first, rest: (first, *rest),
    _NAMES,
    st.lists(_NAMES | st.integers(0, 0), max_size=4).map(tuple),
)


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        ("service", ("service",)),
        ("contact.name", ("contact", "name")),
        ("milestones[0].promises[12]", ("milestones", 0, "promises", 12)),
        ("", None),
        ("a..b", None),
        ("a[-1]", None),
        ("a[0", None),
        ("[0]", None),
        ("a b", None),
        ("__class__", None),
        ("a[1234]", None),
        ("a\u0661", None),
    ],
)
def test_paths(text: str, pointer: Pointer | None) -> None:
    assert read_path(text) == pointer


@settings(deadline=None)
@given(_POINTERS)
def test_what_is_put_is_there_and_paths_read_back(pointer: Pointer) -> None:
    assert read_path(format_pointer(pointer)) == pointer
    assert can_put({}, pointer)
    made = put({"other": "kept"}, ("own", *pointer), "new")
    assert value_at(made, ("own", *pointer)) == "new"
    assert value_at(made, ("other",)) == "kept"


def test_what_was_there_is_not_changed() -> None:
    before = {"a": [{"b": "1"}]}
    after = put(before, ("a", 0, "b"), "2")
    assert before == {"a": [{"b": "1"}]}
    assert after == {"a": [{"b": "2"}]}


def test_lists_have_no_holes() -> None:
    assert can_put({"a": ["x"]}, ("a", 1))
    assert not can_put({"a": ["x"]}, ("a", 2))


def test_groups_are_laid_over_each_other() -> None:
    below = {"a": {"x": "1", "y": "2"}, "b": ["1"]}
    above = {"a": {"y": "3"}, "b": ["2"], "c": "4"}
    assert overlaid(below, above) == {
        "a": {"x": "1", "y": "3"},
        "b": ["2"],
        "c": "4",
    }
