"""Progress of long reads: a line on a terminal's stderr, nothing anywhere else."""

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from handoff.repository.snapshot import Content, Snapshot

_FEWEST = 500  # fewer files are read before anybody could read the line
_EVERY = 100


def watched(snapshot: Snapshot) -> Snapshot:
    """Give the same snapshot, showing progress if somebody is there to see it."""
    is_seen = sys.stderr.isatty() and not os.environ.get("CI")
    return WatchedSnapshot(snapshot) if is_seen else snapshot


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
        try:
            for number, pair in enumerate(self.inner.read_many(wanted)):
                if number % _EVERY == 0:
                    sys.stderr.write(f"\rreading {number:,} of {len(wanted):,} files")
                    sys.stderr.flush()
                yield pair
        finally:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
