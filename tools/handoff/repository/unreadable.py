"""Why a listed file has no content, in words for its owner."""

import stat
from dataclasses import dataclass

SIZE_LIMIT = 1_000_000
"""Largest file that is read, in bytes; a record of 1 MB is no record."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Stands in for the content of a file that was not read.

    Attributes:
        reason: what was found and what is expected.
        hint: what to do, full sentences.
    """

    reason: str
    hint: str


_SUBMODULE_MODE = 0o160000  # git's own kind of entry, no kind of file

Content = bytes | Unreadable

SYMLINK = Unreadable(
    "found a symbolic link, expected a regular file",
    "Replace the link by a copy of the file it points to.",
)
LINKED_FOLDER = Unreadable(
    "found a symbolic link in place of its folder, expected a real folder",
    "Replace the link by the folder it points to.",
)
FOLDER = Unreadable(
    "found a folder, expected a regular file",
    "Rename the folder, or move what is in it where records belong.",
)
SUBMODULE = Unreadable(
    "found a submodule, expected a regular file",
    "Records must lie in this repository itself; remove the submodule with"
    " `git rm`, then add the files.",
)
SPECIAL = Unreadable(
    "found a pipe, socket or device, expected a regular file",
    "Remove it and save the record as a text file.",
)
CONFLICT = Unreadable(
    "found an unfinished merge, expected one version of the file",
    "Open the file, keep the right lines, then type `git add` and its name.",
)
ABSENT = Unreadable(
    "found no such file, expected a regular file",
    "Run the command again; if it persists, restore the file with `git restore`.",
)
FORBIDDEN = Unreadable(
    "found no permission to read the file",
    "Give yourself the right to read it, for example `chmod u+r` and its name.",
)
LOST = Unreadable(
    "found no content for it in the repository, expected the committed text",
    "Run `git fetch` to complete the clone, or make a new clone.",
)
DAMAGED = Unreadable(
    "found a file that cannot be read from the disk",
    "Check the disk, then restore the file with `git restore`.",
)


def too_large(size: int) -> Unreadable:
    """Say that a file of `size` bytes is beyond the limit."""
    return Unreadable(
        f"found {size} bytes, expected at most {SIZE_LIMIT}",
        "Move attachments and long transcripts elsewhere and link to them.",
    )


def why_not_regular(mode: int) -> Unreadable | None:
    """Judge the mode of a file, from the disk or from git; `None` if it is regular."""
    if stat.S_ISREG(mode):
        return None
    if stat.S_ISLNK(mode):
        return SYMLINK
    if stat.S_ISDIR(mode):
        return FOLDER
    return SUBMODULE if stat.S_IFMT(mode) == _SUBMODULE_MODE else SPECIAL
