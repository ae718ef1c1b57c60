"""File contents out of git's object store: one process for any number of files."""

from collections.abc import Iterable, Iterator
from hashlib import sha1
from itertools import islice
from typing import IO

from handoff.repository import failure
from handoff.repository.git import Git
from handoff.repository.unreadable import (
    LOST,
    SIZE_LIMIT,
    Content,
    Unreadable,
    too_large,
    why_not_regular,
)

Entry = str | Unreadable
"""What a listing knows of a file: the id of its content, or why it has none."""

# So many requests fit into the smallest pipe (4 kB), so that writing never waits
# for git while git waits for us.
_BATCH = 60


def blob_of(content: bytes) -> str:
    """Give the id that git gives a content, where it goes by SHA-1."""
    return sha1(
        b"blob %d\0%s" % (len(content), content), usedforsecurity=False
    ).hexdigest()


def entry(mode: str, blob: str) -> Entry:
    """Judge one line of a listing; `mode` is octal, as git prints it."""
    return why_not_regular(int(mode, 8)) or blob


def _read_exactly(answers: IO[bytes], size: int) -> bytes:
    """Read `size` bytes; fewer mean that git died."""
    content = answers.read(size)
    if len(content) < size:
        raise failure.stopped()
    return content


def _read_answer(answers: IO[bytes]) -> Content:
    """Read the answer to one request: a header line, the content, a line feed."""
    header = answers.readline().split()
    if not header:
        raise failure.stopped()
    if header[-1] == b"missing":
        return LOST
    size = int(header[-1])
    if size <= SIZE_LIMIT:
        return _read_exactly(answers, size + 1)[:-1]
    for start in range(0, size + 1, SIZE_LIMIT):
        _read_exactly(answers, min(SIZE_LIMIT, size + 1 - start))
    return too_large(size)


def read_blobs(
    git: Git, wanted: Iterable[tuple[str, Entry]]
) -> Iterator[tuple[str, Content]]:
    """Read many files, in the order given, through one `git cat-file --batch`.

    Args:
        git: the repository.
        wanted: path and listing entry of each; only ids reach git, never a path.
    """
    left = iter(wanted)
    with git.pipe("cat-file", "--batch") as (requests, answers):
        while batch := tuple(islice(left, _BATCH)):
            blobs = [blob for _, blob in batch if isinstance(blob, str)]
            requests.write("".join(f"{blob}\n" for blob in blobs).encode())
            requests.flush()
            for path, blob in batch:
                if isinstance(blob, str):
                    yield path, _read_answer(answers)
                else:
                    yield path, blob
