"""A snapshot with the unsaved text of open files laid over it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from handoff.repository.snapshot import Content, Ids, MemorySnapshot, Snapshot


@dataclass(frozen=True, slots=True)
class Overlay:
    """What would lie on the disk if every open file were saved now.

    Attributes:
        base: the files as they are saved.
        open: content of the open files by path.
    """

    base: Snapshot
    open: Mapping[str, bytes]

    @property
    def label(self) -> str:
        """What was read; see `Snapshot.label`."""
        return self.base.label

    def paths(self, *trees: str) -> tuple[str, ...]:
        """List the files; see `Snapshot.paths`."""
        unsaved = MemorySnapshot(self.open).paths(*trees)
        return tuple(sorted({*self.base.paths(*trees), *unsaved}))

    def read(self, path: str) -> Content:
        """Read one file; see `Snapshot.read`."""
        is_open = path in self.open
        return (MemorySnapshot(self.open) if is_open else self.base).read(path)

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, Content]]:
        """Read many files; see `Snapshot.read_many`."""
        return ((path, self.read(path)) for path in paths)

    def ids(self) -> Ids | None:
        """Give the ids of what the base holds; see `Snapshot.ids`."""
        tell = self.base.ids()
        return tell and (lambda path: "" if path in self.open else tell(path))
