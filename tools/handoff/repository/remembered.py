"""Answers kept from one run to the next, in the git directory; safe to delete.

A file of lines, each a key, a blank, a value, another blank and a checksum over all of
it. The first line says who may use them. The second says where the lines begin whose
keys have the same first digits: so few of them are read to find one. Behind those
that are settled in that way stand loose ones, added since. What is damaged or cut off,
and what somebody else wrote, is not there.

Lines are added at the end, and the file is replaced as a whole, so that two processes
never mix. What one adds while the other replaces the file may be lost.
"""

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from io import BufferedWriter
from itertools import accumulate, islice
from zlib import crc32

_FORM = b"handoff-remembered 3 "
_MOST = 1 << 16  # bytes: the first two lines are shorter
_LOOSE = 1 << 16  # bytes: with more loose lines they are settled
_STALE = 10_000  # lines that were not used and are kept all the same
_LARGE = (64, 1_024, 16_384)  # so many lines are worth one digit more
_WIDTH = 8  # digits of a place in the file
_DIGITS = b"0123456789abcdef"


class Memory:
    """What was remembered under one stamp, as the file is now.

    Attributes:
        place: the file.
        stamp: see below.
        is_there: whether there is one of this stamp.

    Args:
        place: the file; empty where nothing is to be kept.
        stamp: names everything an answer rests on besides its key; one line.
    """

    def __init__(self, place: str, stamp: str) -> None:
        self.place = place
        self.stamp = stamp
        self._head = _FORM + stamp.encode() + b"\n"
        self._seed = crc32(self._head)
        self._file = -1
        self._open()

    def _open(self) -> None:
        """Open the file as it is now."""
        self._close()
        self._loose: dict[bytes, bytes] | None = None
        self._places = b""
        self._digits = 0
        self._start = 0
        self._file = _opened(self.place)
        self.is_there = self._file >= 0 and self._is_ours()

    def __del__(self) -> None:
        """Close the file: it is read as it was, whoever replaces it."""
        self._close()

    def _close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def find(self, key: str) -> str | None:
        """Give what was remembered last under one key; `None` if in any doubt."""
        if not self.is_there:
            return None
        if self._loose is None:
            end = self._start + self._settled
            lines = self._read(end, self._size - end).split(b"\n")
            self._loose = {_name(line): line for line in lines}
        name = key.encode()
        told = self._told(self._loose.get(name) or self._line(name))
        is_it = _name(told) == name
        return told[len(name) + 1 :].decode() if is_it else None

    def recall(self) -> dict[str, str]:
        """Give everything that was remembered, where that is not much."""
        lines = self._lines() if self.is_there else ()
        told = (self._told(line.rstrip(b"\n")).decode() for line in lines)
        return {key: value for key, _, value in (t.partition(" ") for t in told) if key}

    def add(self, known: Mapping[str, str]) -> None:
        """Keep what is known now; where nothing can be written, nothing is.

        Args:
            known: by key. Keys are ids or digests, in hexadecimal digits; values are
                texts of one line.
        """
        new = ((k, value) for k, value in known.items() if self.find(k) != value)
        lines = b"".join(self._sealed(f"{k} {value}".encode()) for k, value in new)
        if not lines or not self.place:
            return
        if self.is_there:
            _append(self.place, b"\n" + lines)
        else:
            first = self._head + self._index([0])
            _replace(self.place, lambda file: file.write(first + lines))
            self._open()

    @property
    def is_loose(self) -> bool:
        """Whether it pays to settle what was added."""
        return self.is_there and self._size - self._start - self._settled > _LOOSE

    def settle(self, used: str) -> None:
        """Replace the file by one without loose lines, and without stale ones.

        Those are the lines that were not used now, where they are more than the
        others.

        Args:
            used: the keys of what was used or added now, with blanks between.
        """
        count = sum(1 for _ in self._lines())
        needed = frozenset(used.encode().split())
        kept = needed if count > len(needed) * 2 + _STALE else None
        digits = sum(count >= many for many in _LARGE)

        def write(file: BufferedWriter) -> None:
            sizes = [0] * 16**digits
            file.write(self._head + self._index(sizes))
            for first in _DIGITS:
                lines = self._lines_of(first, kept)
                for name in sorted(lines):
                    line = lines[name] + b"\n"
                    sizes[int(name[:digits] or b"0", 16)] += len(line)
                    file.write(line)
            file.seek(len(self._head))
            file.write(self._index(sizes))

        _replace(self.place, write)

    def _is_ours(self) -> bool:
        """Read the first two lines; not ours any more is a file that was cut off."""
        first = self._read(0, _MOST)
        head, end = len(self._head), first.find(b"\n", len(self._head))
        if not first.startswith(self._head) or end < 0:
            return False
        self._places = self._told(first[head:end])
        self._digits = (len(self._places) // _WIDTH - 1).bit_length() // 4
        self._start = end + 1
        is_whole = bool(self._places)
        return is_whole and self._size >= self._start + self._settled

    @property
    def _size(self) -> int:
        return os.fstat(self._file).st_size

    @property
    def _settled(self) -> int:
        """Length of all settled lines."""
        return int(self._places[-_WIDTH:], 16)

    def _read(self, start: int, size: int) -> bytes:
        try:
            if hasattr(os, "pread"):
                return os.pread(self._file, size, start)
            os.lseek(self._file, start, os.SEEK_SET)
            return os.read(self._file, size)
        except OSError:
            return b""

    def _line(self, name: bytes) -> bytes:
        """Find the settled line of a key; nothing if there is none."""
        at = int(name[: self._digits] or b"0", 16) * _WIDTH
        start = int(self._places[at : at + _WIDTH], 16)
        end = int(self._places[at + _WIDTH : at + 2 * _WIDTH], 16)
        lines = b"\n" + self._read(self._start + start, end - start)
        found = lines.find(b"\n" + name + b" ") + 1
        return lines[found : lines.find(b"\n", found)] if found else b""

    def _lines(self) -> Iterator[bytes]:
        with open(self.place, "rb") as file:
            yield from islice(file, 2, None)

    def _lines_of(
        self, first: int, kept: Collection[bytes] | None
    ) -> dict[bytes, bytes]:
        """Give the undamaged lines with one first digit, the last of each key."""
        found = (line.rstrip(b"\n") for line in self._lines() if line[0] == first)
        return {
            _name(line): line
            for line in found
            if (kept is None or _name(line) in kept) and self._told(line)
        }

    def _index(self, sizes: list[int]) -> bytes:
        """Write where the lines of each group begin, and where all end."""
        return self._sealed(b"".join(b"%08x" % p for p in accumulate(sizes, initial=0)))

    def _sealed(self, text: bytes) -> bytes:
        return b"%b %08x\n" % (text, crc32(text, self._seed))

    def _told(self, line: bytes) -> bytes:
        """Give what a line says; nothing if its checksum is not that of this stamp."""
        text, checksum = line[: -_WIDTH - 1], line[-_WIDTH:]
        return text if checksum == b"%08x" % crc32(text, self._seed) else b""


def tidy(memory: Memory, used: str) -> None:
    """Settle what is loose in a file by now, if that is much; see `Memory.settle`."""
    now = Memory(memory.place, memory.stamp)
    if now.is_loose:
        now.settle(used)


def _opened(place: str) -> int:
    """Open a file for reading; -1 where that cannot be done."""
    try:
        return os.open(place, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    except OSError:
        return -1


def _append(place: str, lines: bytes) -> None:
    """Add to a file that is there; one that was deleted meanwhile is not made again."""
    if not os.path.exists(place):
        return
    try:
        with open(place, "ab", buffering=0) as file:
            file.write(lines)
    except OSError:
        return


def _replace(place: str, write: Callable[[BufferedWriter], object]) -> None:
    """Put a file in place as a whole, where that is allowed."""
    draft = f"{place}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(draft, "wb") as file:
            write(file)
        os.replace(draft, place)
    except OSError:
        return
    finally:
        if os.path.exists(draft):
            os.unlink(draft)


def _name(line: bytes) -> bytes:
    return line.partition(b" ")[0]
