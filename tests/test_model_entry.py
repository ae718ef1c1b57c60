"""Entries of the ledger: one form of writing, and nothing else is read."""

import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff.model.entry import (
    JSON,
    SIZE_LIMIT,
    Entry,
    EntryKind,
    Unread,
    entry_bytes,
    entry_path,
    parse_entry,
)

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_VALUES: st.SearchStrategy[JSON] = st.recursive(
    st.none() | st.booleans() | st.integers() | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner),
    max_leaves=8,
)
_BODIES = st.dictionaries(_TEXT, _VALUES, max_size=4)
SENT = Entry(EntryKind.RECEIPT, "kites/1", {"at": "2026-04-21T10:00:00Z"})


def _path(entry: Entry) -> str:
    return entry_path(entry.kind, entry.key)


@given(st.sampled_from(EntryKind), _TEXT.filter(bool), _BODIES)
def test_what_is_written_is_read(
    kind: EntryKind, key: str, body: Mapping[str, JSON]
) -> None:
    entry = Entry(kind, key, body)
    assert parse_entry(_path(entry), entry_bytes(entry)) == entry


def test_order_of_members_makes_no_difference() -> None:
    entries = (
        Entry(EntryKind.INTENT, "a", {"x": 1, "y": (2, "凧")}),
        Entry(EntryKind.INTENT, "a", {"y": [2, "凧"], "x": 1}),
    )
    first, second = map(entry_bytes, entries)
    assert first == second
    assert first.endswith(b"}\n")
    assert "凧".encode() in first


@pytest.mark.parametrize(
    "key", ["../../x", "/etc/passwd", "A" * 512, "a\0b", "-rf", "ä", "a\nb", "CON"]
)
def test_no_key_leads_out_of_its_folder(key: str) -> None:
    folder, shard, name = entry_path(EntryKind.TIP, key).split("/")
    assert folder == "tip"
    assert name.startswith(shard)
    assert len(name) == 64 + len(".json")


@pytest.mark.parametrize(
    "body",
    [{"a": 1.5}, {"a": float("nan")}, {"a": {1, 2}}, {"a": b"x"}, {"a": "x" * 70_000}],
)
def test_what_has_no_one_form_is_not_written(body: Mapping[str, JSON]) -> None:
    with pytest.raises(ValueError, match=r"entry|fraction|JSON"):
        entry_bytes(Entry(EntryKind.RECEIPT, "a", body))


@pytest.mark.parametrize("key", ["", "x" * 513])
def test_keys_have_limits(key: str) -> None:
    with pytest.raises(ValueError, match="key"):
        entry_bytes(Entry(EntryKind.RECEIPT, key, {}))


def _with(**members: object) -> bytes:
    value = {**json.loads(entry_bytes(SENT)), **members}
    return json.dumps(value, sort_keys=True).encode() + b"\n"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 60_000, "not JSON"),
        (b"9" * 60_000, "not JSON"),
        (b"[]", "expected exactly"),
        (b'"receipt"', "expected exactly"),
        (b"x" * (SIZE_LIMIT + 1), "bytes"),
        (_with(extra=1), "expected exactly"),
        (_with(version=2), "version"),
        (_with(version=True), "form"),
        (_with(version="1"), "version"),
        (_with(kind="approval"), "kind, key or body"),
        (_with(kind=["receipt"]), "kind, key or body"),
        (_with(key=7), "kind, key or body"),
        (_with(key="\ud800"), "form"),
        (_with(body=[]), "kind, key or body"),
        (_with(body={"a": 0.5}), "form"),
        (_with(key="kites/2"), "does not belong"),
        (_with(kind="intent"), "does not belong"),
        (entry_bytes(SENT).replace(b"\n", b"\r\n"), "form"),
        (entry_bytes(SENT).replace(b'"key"', b'"key": "z", "key"'), "form"),
    ],
)
def test_anything_else_is_not_read(content: bytes, reason: str) -> None:
    found = parse_entry(_path(SENT), content)
    assert isinstance(found, Unread)
    assert found.path == _path(SENT)
    assert reason in found.reason


def test_a_later_version_is_told_apart() -> None:
    found = parse_entry(_path(SENT), _with(version=2))
    assert isinstance(found, Unread)
    assert found.is_newer
