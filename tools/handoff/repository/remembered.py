"""Answers kept from one run to the next, in the git directory; safe to delete.

A file of lines, each a key, a blank, a value, another blank and a checksum over all of
it, under a first line that says who may use them. What is damaged or cut off, and what
somebody else wrote, is not there. Lines are added at the end, and the file is replaced
as a whole, so that two processes never mix.
"""

import os
from collections.abc import Mapping
from contextlib import suppress
from zlib import crc32

_FORM = b"handoff-remembered 2 "
_STALE = 10_000  # entries that were not used and are kept all the same


def read(place: str) -> bytes:
    """Give the whole file; nothing where it cannot be read."""
    try:
        with open(place, "rb") as file:
            return file.read()
    except OSError:
        return b""


def is_of(content: bytes, stamp: str) -> bool:
    """Tell whether a file was written under a stamp."""
    return content.startswith(_head(stamp))


def find(content: bytes, stamp: str, key: str) -> str | None:
    """Give what was remembered last under one key; `None` if in any doubt.

    Args:
        content: of the file.
        stamp: names everything an answer rests on besides its key; one line.
        key: a text without a blank or line break.
    """
    start = content.rfind(f"\n{key} ".encode())
    if start < 0 or not is_of(content, stamp):
        return None
    end = content.find(b"\n", start + 1)
    return _pair(content[start + 1 : end], _seed(stamp)).get(key) if end > 0 else None


def recall(content: bytes, stamp: str) -> dict[str, str]:
    """Give everything that was remembered."""
    if not is_of(content, stamp):
        return {}
    known: dict[str, str] = {}
    for line in content.split(b"\n")[1:-1]:
        known |= _pair(line, _seed(stamp))
    return known


def remember(place: str, stamp: str, known: Mapping[str, str]) -> None:
    """Keep what is known and nothing else; where nothing can be written, nothing is.

    Keys and values are texts of one line, keys without a blank.
    """
    draft = f"{place}.{os.getpid()}"
    with suppress(OSError):
        os.makedirs(os.path.dirname(place), exist_ok=True)
        try:
            _write(draft, "wb", _head(stamp) + _lines(stamp, known))
            os.replace(draft, place)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(draft)


def renew(
    place: str, stamp: str, told: Mapping[str, str], found: Mapping[str, str]
) -> None:
    """Keep what was used or found now, and of the rest what is not too much.

    Args:
        place: of the file; nothing is kept without one.
        stamp: see `find`.
        told: what the file says.
        found: what was used of that, and what is new.
    """
    if not place or found.items() <= told.items():
        return
    kept = {**told, **found}
    is_stale = len(kept) > len(found) * 2 + _STALE
    remember(place, stamp, found if is_stale else kept)


def add(place: str, content: bytes, stamp: str, known: Mapping[str, str]) -> None:
    """Keep what is known now besides what the file holds; see `remember`.

    Args:
        place: of the file.
        content: of the file as it was read.
        stamp: see `find`.
        known: by key.
    """
    if not is_of(content, stamp):
        remember(place, stamp, known)
        return
    with suppress(OSError):
        _write(place, "ab", b"\n" + _lines(stamp, known))


def _write(place: str, mode: str, content: bytes) -> None:
    with open(place, mode) as file:
        file.write(content)


def _lines(stamp: str, known: Mapping[str, str]) -> bytes:
    seed = _seed(stamp)
    lines = (f"{key} {known[key]}".encode() for key in sorted(known))
    return b"".join(b"%b %08x\n" % (line, crc32(line, seed)) for line in lines)


def _pair(line: bytes, seed: int) -> dict[str, str]:
    """Read one line; nothing if its checksum is not that of this stamp."""
    told, _, checksum = line.rpartition(b" ")
    if checksum != b"%08x" % crc32(told, seed):
        return {}
    key, _, value = told.decode().partition(" ")
    return {key: value}


def _head(stamp: str) -> bytes:
    return _FORM + stamp.encode() + b"\n"


def _seed(stamp: str) -> int:
    return crc32(_head(stamp))
