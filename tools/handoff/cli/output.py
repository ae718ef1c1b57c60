"""What commands say, put on standard output; and noted, where it may be said again."""

import os
import sys
from collections.abc import Callable, Iterable
from functools import partial

_COULD_NOT_WRITE = 3


class Notes:
    """What is noted of a command while it says something.

    Attributes:
        sink: takes down what it puts on standard output.
        room: how many bytes more it may take.
        since: the latest instant it is about, in microseconds since 1970; negative if
            it is about the present.
        is_good: whether that is all it said, and all of it was taken down.
    """

    def __init__(self, sink: Callable[[bytes | memoryview], object], room: int) -> None:
        self.sink = sink
        self.room = room
        self.since = -1
        self.is_good = True

    def add(self, piece: bytes | memoryview) -> None:
        """Take down what was said, while it may still be kept."""
        self.room -= len(piece)
        self.is_good = self.is_good and self.since >= 0 <= self.room
        if self.is_good:
            try:
                self.sink(piece)
            except OSError:
                self.is_good = False


listening: list[Notes] = []
"""Whoever notes what is said: nobody, or one who may keep it."""


def holds_after(since: int) -> None:
    """Note that what is said is about an instant; see `Notes`."""
    for notes in listening:
        notes.since = max(notes.since, since)


def spoil() -> None:
    """Note that something is said elsewhere, or not heard to its end."""
    for notes in listening:
        notes.is_good = False


def write(text: str) -> None:
    """Put text on standard output as UTF-8, whatever the locale says."""
    write_all((text,))


def write_all(pieces: Iterable[str]) -> None:
    """Put text on standard output piece by piece; see `write`."""
    write_bytes(piece.encode("utf-8", "backslashreplace") for piece in pieces)


def write_bytes(pieces: Iterable[bytes | memoryview]) -> None:
    """Put bytes on standard output piece by piece.

    A reader that has seen enough and left, `head` for one, ends the command quietly.
    """
    _attempt(sys.stdout.flush)
    for piece in pieces:
        _attempt(partial(sys.stdout.buffer.write, piece))
        for notes in listening:
            notes.add(piece)
    _attempt(sys.stdout.buffer.flush)


def _attempt(act: Callable[[], object]) -> None:
    """Do one thing to standard output; end the command if it takes no more."""
    try:
        act()
    except OSError as error:
        spoil()
        has_left = isinstance(error, BrokenPipeError)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not has_left:
            sys.stderr.write(
                f"handoff: the answer could not be written: {error.strerror}\n"
                "  do: Make room where it is written to, then run this again.\n"
            )
        raise SystemExit(0 if has_left else _COULD_NOT_WRITE) from None
