"""An entry of the ledger: one fact that a bot observed, in a file named by its key."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import TypeAlias

JSON: TypeAlias = "bool | int | str | Sequence[JSON] | Mapping[str, JSON] | None"
"""What an entry may say. No fractions: their text differs between writers."""

VERSION = 1
SIZE_LIMIT = 1 << 16
"""Bytes an entry may have; a fact is a few hundred."""
KEY_LIMIT = 512
"""Characters a key may have."""
_MEMBERS = frozenset({"version", "kind", "key", "body"})


class EntryKind(StrEnum):
    """The kinds of entries; the value is the folder they lie in.

    ACKNOWLEDGEMENT, RETURN and VOID are what reviews said (VOID: an approval was
    dismissed); INTENT and RECEIPT are about to be sent, and sent; FAILURE is an intent
    that came to nothing, and why; TIP is a commit of
    the main branch that was judged; CREATED is an id of something made elsewhere, such
    as a branch, a pull request or a comment; EVALUATION says that a run took place.
    """

    ACKNOWLEDGEMENT = "acknowledgement"
    RETURN = "return"
    VOID = "void"
    INTENT = "intent"
    RECEIPT = "receipt"
    FAILURE = "failure"
    TIP = "tip"
    CREATED = "created"
    EVALUATION = "evaluation"


_KINDS = {kind.value: kind for kind in EntryKind}


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact.

    Attributes:
        key: what makes it this fact and no other; two entries with one kind and key
            are the same fact, and the first to arrive stays.
        body: what is known of it.
    """

    kind: EntryKind
    key: str
    body: Mapping[str, JSON]


@dataclass(frozen=True, slots=True)
class Unread:
    """A file of the ledger that is no entry, and one clause that says why.

    Attributes:
        is_newer: whether a later version of this program may know what it says.
    """

    path: str
    reason: str
    is_newer: bool = False


def entry_path(kind: EntryKind, key: str) -> str:
    """Give the path of the entry with a key.

    It is made of a digest, so that no key can lead out of its folder, collide by
    case, or be too long for a file system.
    """
    digest = sha256(key.encode()).hexdigest()
    return f"{kind}/{digest[:2]}/{digest}.json"


def entry_bytes(entry: Entry) -> bytes:
    """Write an entry in its one form: sorted, UTF-8, closed by a line feed.

    Raises:
        ValueError: its body holds what JSON has no exact text for, or is too large.
    """
    value = {
        "version": VERSION,
        "kind": entry.kind,
        "key": entry.key,
        "body": _plain(entry.body),
    }
    # Without indentation it is written in C, five times as fast; reading checks it.
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    content = f"{text}\n".encode()
    if len(content) > SIZE_LIMIT or not 0 < len(entry.key) <= KEY_LIMIT:
        message = f"an entry has up to {SIZE_LIMIT} bytes, its key up to {KEY_LIMIT}"
        raise ValueError(message)
    return content


def _plain(value: object) -> object:
    """Turn mappings and sequences into those that `json` knows."""
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    message = f"{type(value).__name__} has no place in an entry"
    raise ValueError(message)


def parse_entry(path: str, content: bytes) -> Entry | Unread:
    """Read one file of the ledger; nothing but the form that was written counts."""
    if len(content) > SIZE_LIMIT:
        return Unread(
            path, f"it has {len(content)} bytes, expected {SIZE_LIMIT} or less"
        )
    try:
        value = json.loads(content.decode())
    except (ValueError, RecursionError):
        return Unread(path, "it is not JSON")
    if not isinstance(value, dict) or value.keys() != _MEMBERS:
        return Unread(path, "expected exactly `version`, `kind`, `key` and `body`")
    if value["version"] != VERSION:
        is_newer = isinstance(value["version"], int) and value["version"] > VERSION
        return Unread(path, f"its version is not {VERSION}", is_newer)
    return _read(path, content, value)


def _read(path: str, content: bytes, value: Mapping[str, object]) -> Entry | Unread:
    kind, key, body = value["kind"], value["key"], value["body"]
    known = _KINDS.get(str(kind))
    if known is None or not isinstance(key, str) or not isinstance(body, dict):
        return Unread(path, "its kind, key or body is not one that handoff writes")
    entry = Entry(known, key, body)
    if not _is_exact(entry, content):
        return Unread(path, "it is not in the form that handoff writes")
    if path != entry_path(entry.kind, entry.key):
        return Unread(path, "its name does not belong to its key")
    return entry


def _is_exact(entry: Entry, content: bytes) -> bool:
    """Tell whether an entry would be written as these bytes.

    A key twice, a blank or a fraction shows that something else wrote them.
    """
    try:
        return entry_bytes(entry) == content
    except (ValueError, RecursionError):  # half a character, a fraction, depth
        return False
