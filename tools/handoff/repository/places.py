"""Where commits stand in the order of a history, and which paths each touched.

The only module that opens a database. It is kept as one file, closed by a digest of
all of it and of who wrote it: what is damaged, cut off or of another version is no
file at all. The file is never changed, only replaced as a whole, so that two
processes never mix.
"""

import os
import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b, sha256
from pathlib import Path
from typing import IO, Self

from handoff import __version__

ASIDE, LANDED, CLOSED = range(3)
"""How a commit stands: on a branch, on the first-parent line, or there and after none
but its own ancestors."""

_STAMP = f"handoff history 1 {__version__}".encode()
_SIZE = 32  # of the digest
_CHUNK = 1 << 20
# Paths go by a number made of them: two that share one give a commit too many, of
# which git says that it did not touch the path.
_TABLES = """
CREATE TABLE commits (place INTEGER PRIMARY KEY, id BLOB UNIQUE, standing INTEGER);
CREATE TABLE touches (path INTEGER, place INTEGER, PRIMARY KEY (path, place))
    WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Places:
    """Commits of a history, ancestors at lower places than descendants."""

    database: sqlite3.Connection

    def __del__(self) -> None:
        """Close the database with the last who holds it."""
        self.database.close()

    @classmethod
    def empty(cls) -> Self:
        """Make one in memory."""
        made = cls(sqlite3.connect(":memory:", isolation_level=None))
        made.database.executescript(_TABLES)
        made.database.execute("BEGIN")  # one for all rows, or each would have its own
        return made

    @classmethod
    def recall(cls, path: Path) -> Self | None:
        """Open one that was kept; nothing if in any doubt."""
        quoted = "".join(f"%{byte:02x}" for byte in os.fsencode(path))
        with suppress(OSError, sqlite3.Error):
            if _is_whole(path):
                address = f"file:{quoted}?mode=ro&immutable=1"
                return cls(sqlite3.connect(address, uri=True))
        return None

    def keep(self, path: Path) -> None:
        """Write it to a file; where nothing can be written, nothing is kept."""
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        with suppress(OSError, sqlite3.Error):
            path.parent.mkdir(exist_ok=True)
            try:
                self.database.commit()
                self.database.execute("VACUUM INTO ?", (os.fspath(draft),))
                with draft.open("rb+") as file:
                    file.write(_digest(file, draft.stat().st_size))
                draft.replace(path)
            finally:
                draft.unlink(missing_ok=True)

    def add(self, place: int, commit: str, standing: int, paths: Iterable[str]) -> None:
        """Put a commit at a place that is free."""
        row = (place, bytes.fromhex(commit), standing)
        self.database.execute("INSERT INTO commits VALUES (?, ?, ?)", row)
        rows = [(number, place) for number in set(map(_number, paths))]
        self.database.executemany("INSERT INTO touches VALUES (?, ?)", rows)

    def followed_by(self, later: Self, last: int) -> Self:
        """Copy what stands here up to a place, and all of another after it."""
        made = type(self)(sqlite3.connect(":memory:", isolation_level=None))
        self.database.commit()
        self.database.backup(made.database)
        made.database.execute("BEGIN")
        made.extend(later, last)
        return made

    def extend(self, later: Self, last: int) -> None:
        """Forget what stands after a place, and put all of another there."""
        for table, marks in (("commits", "?, ?, ?"), ("touches", "?, ?")):
            self.database.execute(f"DELETE FROM {table} WHERE place > ?", (last,))  # noqa: S608 - names of our own
            rows = later.database.execute(f"SELECT * FROM {table}")  # noqa: S608 - likewise
            self.database.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608 - likewise

    def count(self) -> int:
        """Count the commits."""
        (count,) = self.database.execute("SELECT count(*) FROM commits").fetchone()
        return int(count)

    def place_of(self, commit: str) -> int | None:
        """Tell where a commit stands, if it does."""
        query = "SELECT place FROM commits WHERE id = ?"
        found = self.database.execute(query, (bytes.fromhex(commit),)).fetchone()
        return found[0] if found else None

    def newest(self) -> str:
        """Give the commit that stands last; empty where there is none."""
        query = "SELECT id FROM commits ORDER BY place DESC LIMIT 1"
        found = self.database.execute(query).fetchone()
        return bytes(found[0]).hex() if found else ""

    def closed(self, place: int) -> tuple[int, str] | None:
        """Find the last closed commit at a place or before it."""
        query = (
            "SELECT place, id FROM commits WHERE place <= ? AND standing = ? "
            "ORDER BY place DESC LIMIT 1"
        )
        found = self.database.execute(query, (place, CLOSED)).fetchone()
        return (found[0], bytes(found[1]).hex()) if found else None

    def touching(self, paths: Iterable[str], last: int) -> list[tuple[str, bool]]:
        """Find the commits up to a place that may have touched some paths.

        Returns:
            The id of each, and whether it landed; lower places first.
        """
        numbers = [_number(path) for path in paths]
        marks = ", ".join("?" for _ in numbers)
        query = (
            "SELECT DISTINCT place, id, standing FROM touches NATURAL JOIN commits "  # noqa: S608 - marks only
            f"WHERE path IN ({marks}) AND place <= ? ORDER BY place"
        )
        found = self.database.execute(query, (*numbers, last))
        return [(commit.hex(), standing != ASIDE) for _, commit, standing in found]


def _number(path: str) -> int:
    name = path.encode("utf-8", "surrogateescape")
    return int.from_bytes(blake2b(name, digest_size=8).digest(), signed=True)


def _is_whole(path: Path) -> bool:
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size - _SIZE
        return size > 0 and _digest(file, size) == file.read()


def _digest(file: IO[bytes], size: int) -> bytes:
    """Read so many bytes, which may be more than one wants in memory."""
    total = sha256(_STAMP)
    for _ in range(0, size, _CHUNK):
        total.update(file.read(min(_CHUNK, size - file.tell())))
    return total.digest()
