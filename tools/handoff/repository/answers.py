"""Whole answers kept from one run to the next, in the git directory; safe to delete.

A file for each question: a line of numbers, what the answer rests on, the question, the
answer. A checksum in the first line is over all of it, so that what is damaged or cut
off, and what somebody else wrote, is not there. Files are replaced as a whole, so that
two processes never mix.
"""

import os
from collections.abc import Sequence
from contextlib import suppress
from mmap import ACCESS_READ, mmap
from zlib import crc32

ROOM = 1 << 26
"""Bytes of all answers together; a longer one is not kept."""
MOST = 16
"""Answers that are kept."""
_FORM = b"handoff-answer 1"
_NUMBERS = b"%b %020d %d %08d %08d %012d"
_SUM = b" %08x\n"
_WIDTH = len(_NUMBERS % (_FORM, 0, 0, 0, 0, 0) + _SUM % 0)


class Answer:
    """An answer that was kept.

    Attributes:
        since: after which instant it holds, in microseconds since 1970.
        code: with which the command ended; one digit.
        basis: what it rests on, in words of whoever kept it.
        said: what was put on standard output.
    """

    def __init__(
        self, since: int, code: int, basis: bytes, said: Sequence[bytes | memoryview]
    ) -> None:
        self.since = since
        self.code = code
        self.basis = basis
        self.said = said


def find(place: str, question: bytes) -> Answer | None:
    """Give the answer to a question; `None` if in any doubt.

    Args:
        place: of the file.
        question: everything that has to be as it was, whatever that is.
    """
    with suppress(OSError, ValueError):
        with open(place, "rb") as file:
            content = memoryview(mmap(file.fileno(), 0, access=ACCESS_READ))
        numbers, _, _ = bytes(content[:_WIDTH]).rpartition(b" ")
        since, code, *sizes = map(int, numbers.split(b" ")[2:])
        first = _WIDTH + sizes[0]
        second = first + sizes[1]
        # The question comes first: summing up a long answer takes longer.
        if content[first:second] == question and _is_whole(content, numbers, sizes):
            basis = bytes(content[_WIDTH:first])
            return Answer(since, code, basis, (content[second:],))
    return None


def _is_whole(content: memoryview, numbers: bytes, sizes: Sequence[int]) -> bool:
    told = numbers + _SUM % crc32(numbers, crc32(content[_WIDTH:]))
    is_ours = numbers.startswith(_FORM) and len(content) == _WIDTH + sum(sizes)
    return is_ours and content[:_WIDTH] == told


def keep(place: str, question: bytes, answer: Answer) -> None:
    """Keep an answer in place of an older one; where nothing can be written, do not.

    Args:
        place: of the file.
        question: see `find`.
        answer: what was said may be in pieces.
    """
    sizes = (len(answer.basis), len(question), sum(map(len, answer.said)))
    total = 0
    for piece in (answer.basis, question, *answer.said):
        total = crc32(piece, total)
    numbers = _NUMBERS % (_FORM, answer.since, answer.code, *sizes)
    head = numbers + _SUM % crc32(numbers, total)
    folder, draft = os.path.dirname(place), f"{place}.{os.getpid()}"
    with suppress(OSError):
        os.makedirs(folder, exist_ok=True)
        try:
            with open(draft, "wb") as file:
                file.writelines((head, answer.basis, question, *answer.said))
            os.replace(draft, place)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(draft)
        _tidy(folder)


def _tidy(folder: str) -> None:
    """Let the oldest answers go where they are too many, or too long."""
    with os.scandir(folder) as entries:
        found = [(e.stat().st_mtime_ns, e.path, e.stat().st_size) for e in entries]
    room = ROOM
    for number, (_, path, size) in enumerate(sorted(found, reverse=True)):
        room -= size
        if number >= MOST or room < 0:
            os.unlink(path)
