"""Answers kept from one run to the next, in the git directory; safe to delete.

A file of lines, each a key, a blank and a value, under a stamp that says who may use
them, closed by a digest of all of it: what is damaged, cut off or of another stamp is
no file at all. It is replaced as a whole, so that two processes never mix.
"""

import os
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from handoff.repository.git import Git

_FORM = "handoff-remembered 1"


def recall(git: Git, name: str, stamp: str) -> dict[str, str]:
    """Give what was remembered under a name and stamp; nothing if in any doubt."""
    try:
        content = _place(git, name).read_bytes()
        text = content.decode()
    except (OSError, UnicodeDecodeError):
        return {}
    body, _, digest = text.removesuffix("\n").rpartition("\n")
    head, _, lines = body.partition("\n")
    if head != f"{_FORM} {stamp}" or digest != _digest(body):
        return {}
    return dict(line.split(" ", 1) for line in lines.split("\n") if line)


def remember(git: Git, name: str, stamp: str, known: Mapping[str, str]) -> None:
    """Keep what is known; where nothing can be written, nothing is kept.

    Keys and values are texts of one line, keys without a blank.
    """
    lines = [f"{_FORM} {stamp}", *(f"{key} {known[key]}" for key in sorted(known))]
    body = "\n".join(lines)
    place = _place(git, name)
    draft = place.with_name(f"{place.name}.{os.getpid()}")
    with suppress(OSError):
        place.parent.mkdir(exist_ok=True)
        try:
            draft.write_bytes(f"{body}\n{_digest(body)}\n".encode())
            draft.replace(place)
        finally:
            draft.unlink(missing_ok=True)


def _place(git: Git, name: str) -> Path:
    told = git.run("rev-parse", "--git-path", f"handoff/{name}")
    return git.root / os.fsdecode(told.removesuffix(b"\n"))


def _digest(body: str) -> str:
    return sha256(body.encode()).hexdigest()
