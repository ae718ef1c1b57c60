"""A snapshot with some files as they would be after a change."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from handoff.repository.snapshot import Content, Ids, MemorySnapshot, Snapshot


@dataclass(frozen=True, slots=True)
class OverlaySnapshot:
    """The files of `base`, some of them with new content or added."""

    base: Snapshot
    changed: Mapping[str, bytes]

    @property
    def label(self) -> str:
        """See `Snapshot.label`."""
        return self.base.label

    def paths(self, *trees: str) -> tuple[str, ...]:
        """See `Snapshot.paths`."""
        new = MemorySnapshot(self.changed).paths(*trees)
        return tuple(sorted({*self.base.paths(*trees), *new}))

    def read(self, path: str) -> Content:
        """See `Snapshot.read`."""
        if path in self.changed:
            return MemorySnapshot(self.changed).read(path)
        return self.base.read(path)

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, Content]]:
        """See `Snapshot.read_many`."""
        wanted = tuple(paths)
        kept = self.base.read_many(p for p in wanted if p not in self.changed)
        return ((p, self.read(p)) if p in self.changed else next(kept) for p in wanted)

    def ids(self) -> Ids | None:
        """Give the ids of what the base holds; see `Snapshot.ids`."""
        tell = self.base.ids()
        return tell and (lambda path: "" if path in self.changed else tell(path))
