"""A commit on top of another, made without work tree, index or current branch."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from handoff.repository.git import Git


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes a commit."""

    name: str
    email: str


def write_commit(  # noqa: PLR0913 - one parameter for each thing a commit has
    git: Git,
    parent: str,
    files: Mapping[str, bytes],
    author: Author,
    now: datetime,
    *,
    message: str = "",
) -> str:
    """Write a commit that adds files to its parent; no ref points to it yet.

    Without a message of the caller's each has a mark of its own: two writers who add
    the same facts in the same second must not make the same commit, or both would
    believe to be first.

    Args:
        git: the repository.
        parent: full id of the parent; empty for a first commit.
        files: content by path.
        author: author and committer.
        now: their date, in UTC.
        message: of the commit.

    Returns:
        The full id of the commit.
    """
    from tempfile import TemporaryDirectory  # noqa: PLC0415 - slow, and seldom needed
    from uuid import uuid4  # noqa: PLC0415 - likewise

    with TemporaryDirectory(prefix="handoff-") as folder:
        own = replace(git, environment=_environment(git, folder, author, now))
        blobs = _write_blobs(own, files.values(), Path(folder))
        own.run("read-tree", parent or "--empty")
        lines = zip(files, blobs, strict=True)
        listing = "".join(f"100644 {blob}\t{path}\0" for path, blob in lines)
        stdin = listing.encode("utf-8", "surrogateescape")
        own.run("update-index", "--add", "--replace", "-z", "--index-info", stdin=stdin)
        tree = own.run("write-tree").decode().strip()
        parents = ("-p", parent) if parent else ()
        noun = "fact" if len(files) == 1 else "facts"
        said = message or f"Record {len(files)} {noun}\n\nWriter: {uuid4().hex}\n"
        made = own.run("commit-tree", tree, *parents, stdin=said.encode())
        return made.decode().strip()


def _environment(
    git: Git, folder: str, author: Author, now: datetime
) -> Mapping[str, str]:
    date = f"{int(now.timestamp())} +0000"
    identity = {
        f"GIT_{role}_{name}": value
        for role in ("AUTHOR", "COMMITTER")
        for name, value in (
            ("NAME", author.name),
            ("EMAIL", author.email),
            ("DATE", date),
        )
    }
    index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
    return {**git.environment, **identity, **index}


def _write_blobs(git: Git, contents: Iterable[bytes], folder: Path) -> list[str]:
    """Write contents to the object store in one process; give their ids in order."""
    names = []
    for number, content in enumerate(contents):
        path = folder / str(number)
        path.write_bytes(content)
        names.append(f"{path}\n")
    options = ("-w", "--no-filters", "--stdin-paths")
    return (
        git.run("hash-object", *options, stdin="".join(names).encode()).decode().split()
    )
