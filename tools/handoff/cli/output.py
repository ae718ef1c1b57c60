"""What commands say, put on standard output."""

import os
import sys
from collections.abc import Iterable


def write(text: str) -> None:
    """Put text on standard output as UTF-8, whatever the locale says."""
    write_all((text,))


def write_all(pieces: Iterable[str]) -> None:
    """Put text on standard output piece by piece; see `write`.

    A reader that has seen enough and left, `head` for one, ends the command quietly.
    """
    try:
        sys.stdout.flush()
        for piece in pieces:
            sys.stdout.buffer.write(piece.encode("utf-8", "backslashreplace"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None
