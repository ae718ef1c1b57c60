"""The lines of a file with their own endings, so that only some need be replaced."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Lines:
    r"""A file, cut so that joining the parts gives back its bytes.

    Attributes:
        mark: the byte-order mark, or nothing.
        texts: the lines without their endings.
        endings: `\n` or `\r\n` of each line; the last may have none.
    """

    mark: bytes
    texts: tuple[str, ...]
    endings: tuple[str, ...]

    @property
    def content(self) -> bytes:
        """The file's bytes."""
        rows = (a + b for a, b in zip(self.texts, self.endings, strict=True))
        return self.mark + "".join(rows).encode()

    def replaced(self, start: int, stop: int, texts: Sequence[str]) -> "Lines":
        """Put `texts` in place of the lines from `start` up to, not with, `stop`.

        Lines that stay the same at both ends keep their endings; new ones get that of
        the first line replaced, or of the line above. A file without a line ending at
        its end stays so.
        """
        same = _common(self.texts[start:stop], texts)
        start, new = start + same, texts[same:]
        same = _common(self.texts[start:stop][::-1], new[::-1])
        stop, new = stop - same, new[: len(new) - same]
        at = start if start < stop and self.endings[start] else max(start - 1, 0)
        ending = self.endings[at] or self.endings[0]
        endings = [
            *(each or ending for each in self.endings[:start]),
            *(ending for _ in new),
            *(each or ending for each in self.endings[stop:]),
        ]
        endings[-1] = endings[-1] if self.endings[-1] else ""
        return Lines(
            self.mark,
            (*self.texts[:start], *new, *self.texts[stop:]),
            tuple(endings),
        )


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """Count the lines that two pieces have in common at their start."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def read_lines(content: bytes) -> Lines:
    """Cut a file that `intake.decode` accepts into lines."""
    mark = _MARK if content.startswith(_MARK) else b""
    rows = content.removeprefix(_MARK).decode().split("\n")
    ended = [(row.removesuffix("\r"), "\r\n"[row[-1:] != "\r" :]) for row in rows[:-1]]
    ended += [(rows[-1], "")] if rows[-1] else []
    texts, endings = zip(*ended, strict=True)
    return Lines(mark, texts, endings)
