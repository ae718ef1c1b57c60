"""Whole answers kept from one run to the next, in the git directory; safe to delete.

A file for each question: the answer, what it rests on, the question, a line of numbers.
A checksum in that line is over all of it, so that what is damaged or cut off, and what
somebody else wrote, is not there. Files are replaced as a whole, so that two processes
never mix.
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
_NUMBERS = b"%b %020d %d %012d %08d %08d"
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

    def __init__(self, since: int, code: int, basis: bytes, said: memoryview) -> None:
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
        numbers, _, _ = bytes(content[-_WIDTH:]).rpartition(b" ")
        since, code, *sizes = map(int, numbers.split(b" ")[2:])
        first, second = sizes[0], sizes[0] + sizes[1]
        # The question comes first: summing up a long answer takes longer.
        if content[second:-_WIDTH] == question and _is_whole(content, numbers, sizes):
            basis = bytes(content[first:second])
            return Answer(since, code, basis, content[:first])
    return None


def _is_whole(content: memoryview, numbers: bytes, sizes: Sequence[int]) -> bool:
    told = numbers + _SUM % crc32(numbers, crc32(content[:-_WIDTH]))
    is_ours = numbers.startswith(_FORM) and len(content) == sum(sizes) + _WIDTH
    return is_ours and content[-_WIDTH:] == told


class Draft:
    """An answer while it is given.

    Args:
        place: of the file it is to become.

    Raises:
        OSError: nothing can be written there.
    """

    def __init__(self, place: str) -> None:
        os.makedirs(os.path.dirname(place), exist_ok=True)
        self._place = place
        self._name = f"{place}.{os.getpid()}"
        self._file = open(self._name, "wb")  # noqa: SIM115 - closed at the end
        self._size = self._sum = 0

    def add(self, piece: bytes | memoryview) -> None:
        """Write down what was said next.

        Raises:
            OSError: it cannot be written.
        """
        self._file.write(piece)
        self._sum = crc32(piece, self._sum)
        self._size += len(piece)

    def keep(self, question: bytes, basis: bytes, since: int, code: int) -> None:
        """Put the answer in place of an older one, if it can be; see `Answer`."""
        numbers = _NUMBERS % (_FORM, since, code, self._size, len(basis), len(question))
        with suppress(OSError):
            self.add(basis + question)
            self.add(numbers + _SUM % crc32(numbers, self._sum))
            self._file.close()
            os.replace(self._name, self._place)
            _tidy(os.path.dirname(self._place))

    def close(self) -> None:
        """Forget what was not kept."""
        with suppress(OSError):
            self._file.close()
        with suppress(OSError):
            os.unlink(self._name)


def _tidy(folder: str) -> None:
    """Let the oldest answers go where they are too many, or too long."""
    with os.scandir(folder) as entries:
        found = [(e.stat().st_mtime_ns, e.path, e.stat().st_size) for e in entries]
    room = ROOM
    for number, (_, path, size) in enumerate(sorted(found, reverse=True)):
        room -= size
        if number >= MOST or room < 0:
            os.unlink(path)
