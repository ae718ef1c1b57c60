"""The files of a tree or an index in little room: by path, with the ids of contents."""

from binascii import hexlify
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby, pairwise

from handoff.repository import failure
from handoff.repository.git import Git
from handoff.repository.objects import Entry, entry
from handoff.repository.regular_file import Disk
from handoff.repository.unreadable import ABSENT, CONFLICT, Unreadable, why_not_regular

_EMPTY_BLOBS = (
    "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
    "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
)
"""The id of no content, in repositories of either hash."""
_SHA1 = 20  # bytes

Line = tuple[str, str, Unreadable | None]
"""Path, id in hexadecimal, and why the file has no content."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Files, and what is known of each.

    Attributes:
        paths: of all files, by code point.
        blobs: the ids of their contents in the same order, one behind the other.
        odd: why a file has no content, where that is so; its id means nothing.
    """

    paths: tuple[str, ...]
    blobs: bytes
    odd: Mapping[str, Unreadable]

    def get(self, path: str) -> Entry:
        """Say what is known of a path, also of one that is not listed."""
        at = bisect_left(self.paths, path)
        if at == len(self.paths) or self.paths[at] != path:
            return ABSENT
        return (self.odd and self.odd.get(path)) or self.blob(at).hex()

    def held(self, git: Git) -> Callable[[str], str]:
        """Make sure which contents the repository holds, as a clone may lack some.

        Returns:
            What gives the id of a file's content; empty where it has none, or where
            git does not go by SHA-1.
        """
        if len(self.blobs) != _SHA1 * len(self.paths):
            return lambda _: ""
        asked = ("cat-file", "--batch-check=+", "--buffer")
        told = git.run(*asked, stdin=hexlify(self.blobs, "\n", _SHA1))
        lost = {line[:40] for line in decode(told).split("\n") if line != "+"}

        def tell(path: str) -> str:
            found = self.get(path)
            return found if isinstance(found, str) and found not in lost else ""

        return tell

    def blob(self, at: int) -> bytes:
        """Give the id of the content of a file, by its number."""
        width = len(self.blobs) // len(self.paths)
        return self.blobs[at * width : (at + 1) * width]


def _listing(lines: Iterable[Line]) -> Listing:
    """Keep the lines of a listing; where a path comes several times, it is odd."""
    paths: list[str] = []
    blobs = bytearray()
    odd: dict[str, Unreadable] = {}
    last = ""
    for path, blob, why in lines:
        if why:
            odd[path] = why
        if path != last:
            paths.append(path)
            blobs += bytes.fromhex(blob)
            last = path
    found = Listing(tuple(paths), bytes(blobs), odd)
    if all(path < after for path, after in pairwise(paths)):
        return found
    # Git goes by bytes: a name that is not UTF-8 stands elsewhere.
    order = sorted(range(len(paths)), key=paths.__getitem__)
    sorted_blobs = b"".join(map(found.blob, order))
    return Listing(tuple(paths[at] for at in order), sorted_blobs, odd)


def read_tree(git: Git, commit: str) -> Listing:
    """List the files of a commit."""
    told = _fields(git, "ls-tree", "-r", "-z", "--full-tree", commit)
    return _listing((path, blob, _why(mode)) for (mode, _, blob), path in told)


def read_index(git: Git) -> Listing:
    """List what is staged; a file left in several versions by a merge is unreadable.

    `git add --intent-to-add` stages a name without content, which no commit would
    hold; git shows it as the empty file, so only such entries need a second look.

    Raises:
        HandoffError: the repository is bare.
    """
    if git.is_bare:
        raise failure.bare()
    found = _listing(_staged(git))
    if all(bytes.fromhex(blob) not in found.blobs for blob in _EMPTY_BLOBS):
        return found
    added = ("--diff-filter=A", "--name-only", "--ignore-submodules=all", "-z")
    names = frozenset(map(decode, git.run("diff-files", *added).split(b"\0")))
    return _listing(line for line in _staged(git) if line[0] not in names)


def _staged(git: Git) -> Iterator[Line]:
    for (mode, blob, stage), path in _fields(git, "ls-files", "-s", "-z"):
        yield path, blob, _why(mode) if stage == "0" else CONFLICT


@cache
def _why(mode: str) -> Unreadable | None:
    return why_not_regular(int(mode, 8))


def decode(name: bytes) -> str:
    """Read a path as git prints it; bytes that are not UTF-8 survive."""
    return name.decode("utf-8", "surrogateescape")


def _fields(git: Git, *words: str) -> Iterator[tuple[list[str], str]]:
    """Read a listing: the words before each TAB, and the path.

    What git does not know has one word, and no TAB behind it.
    """
    for line in git.fields(*words):
        parting = " " if line.startswith(b"? ") else "\t"
        about, _, path = decode(line).partition(parting)
        yield about.split(" "), path


def read_disk(git: Git, disk: Disk) -> tuple[tuple[str, ...], Mapping[str, Entry]]:
    """List what lies on the disk: tracked files, and new ones that are not ignored.

    Returns:
        The paths by code point; and of those that a sparse checkout keeps off the
        disk, what is staged.
    """
    words = ("-t", "-s", "-z", "--cached", "--others", "--deleted")
    found: list[str] = []
    gone: set[str] = set()
    sparse: dict[str, Entry] = {}
    for (tag, *about), path in _fields(git, "ls-files", *words, "--exclude-standard"):
        if tag == "R" and disk.is_gone(path):  # listed once before, or afterwards
            gone.add(path)
        elif tag == "S" and disk.is_gone(path):
            sparse[path] = entry(about[0], about[1])
        elif tag != "?" or not disk.is_gone(path):
            found.append(path.removesuffix("/"))
    listed = {*found, *sparse} - gone if gone or sparse else found
    return tuple(path for path, _ in groupby(sorted(listed))), sparse
