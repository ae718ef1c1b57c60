"""Progress of long reads: a line on a terminal's stderr, nothing anywhere else."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import TypeVar

from handoff.repository.snapshot import Content, Ids, Snapshot

_FEWEST = 500  # fewer files are read before anybody could read the line
_EVERY = 100
_Result = TypeVar("_Result")


def is_watched() -> bool:
    """Tell whether somebody is there to see how far things are."""
    return sys.stderr.isatty() and not os.environ.get("CI")


def watched(snapshot: Snapshot) -> Snapshot:
    """Give the same snapshot, showing progress if somebody is there to see it."""
    return WatchedSnapshot(snapshot) if is_watched() else snapshot


def counted(results: Iterator[_Result], sizes: Sequence[int]) -> Iterator[_Result]:
    """Pass results on and say how many files are done; `sizes` has those of each."""
    total = sum(sizes)
    if total < _FEWEST or not is_watched():
        yield from results
        return
    done = 0
    with _line() as say:
        for result, size in zip(results, sizes, strict=True):
            done += size
            say(f"judged {done:,} of {total:,} files")
            yield result


def walked(
    results: Iterator[_Result],
    said: str = "read {:,} commits",
    numbers: Iterator[int] | None = None,
) -> Iterator[_Result]:
    """Pass results on and say how many there were so far: nobody knows the total.

    Args:
        results: what is passed on.
        said: with a place for the number.
        numbers: counts results that come in several parts.
    """
    if not is_watched():
        yield from results
        return
    with _line() as say:
        for result, number in zip(results, numbers or count(), strict=False):
            if number and number % _FEWEST == 0:
                say(said.format(number))
            yield result


@contextmanager
def _line() -> Iterator[Callable[[str], None]]:
    """Lend a line of stderr to write over, and leave it empty."""

    def say(text: str) -> None:
        sys.stderr.write(f"\r{text}")
        sys.stderr.flush()

    try:
        yield say
    finally:
        say("\x1b[K")


@dataclass(frozen=True, slots=True)
class WatchedSnapshot:
    """A snapshot that says on stderr how far reading many files has come."""

    inner: Snapshot

    @property
    def label(self) -> str:
        """See `Snapshot.label`."""
        return self.inner.label

    def paths(self, *trees: str) -> tuple[str, ...]:
        """See `Snapshot.paths`."""
        return self.inner.paths(*trees)

    def read(self, path: str) -> Content:
        """See `Snapshot.read`."""
        return self.inner.read(path)

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, Content]]:
        """See `Snapshot.read_many`."""
        wanted = tuple(paths)
        if len(wanted) < _FEWEST:
            yield from self.inner.read_many(wanted)
            return
        with _line() as say:
            for number, pair in enumerate(self.inner.read_many(wanted)):
                if number % _EVERY == 0:
                    say(f"reading {number:,} of {len(wanted):,} files")
                yield pair

    def ids(self) -> Ids | None:
        """See `Snapshot.ids`."""
        return self.inner.ids()
