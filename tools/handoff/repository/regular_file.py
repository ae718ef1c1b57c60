"""Reading from the disk: regular files only, no links, no pipes, nothing outside."""

import os
from dataclasses import dataclass, field

from handoff.repository.unreadable import (
    ABSENT,
    DAMAGED,
    FORBIDDEN,
    LINKED_FOLDER,
    SIZE_LIMIT,
    Content,
    Unreadable,
    too_large,
    why_not_regular,
)

# A link swapped in after the look is not followed, a pipe does not make us wait.
_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def _why_not_opened(error: OSError) -> Unreadable:
    """Say why the disk refused a file."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return ABSENT
    return FORBIDDEN if isinstance(error, PermissionError) else DAMAGED


def _read_descriptor(descriptor: int) -> Content:
    """Read an open file to its end; a file that is still growing is too large."""
    status = os.fstat(descriptor)
    refused = why_not_regular(status.st_mode)
    if refused or status.st_size > SIZE_LIMIT:
        return refused or too_large(status.st_size)
    parts: list[bytes] = []
    size = 0
    # One byte more than expected: all that was expected and not that byte is the end.
    wanted = status.st_size + 1
    while part := os.read(descriptor, wanted):
        parts.append(part)
        size += len(part)
        if size > SIZE_LIMIT:
            return too_large(size)
        if size == status.st_size:
            break
    return b"".join(parts)


def _read_file(name: bytes) -> Content:
    """Open, read and close one file."""
    descriptor = os.open(name, _FLAGS)
    try:
        return _read_descriptor(descriptor)
    finally:
        os.close(descriptor)


@dataclass(frozen=True, slots=True)
class Disk:
    """The files below one folder, each folder on the way checked once.

    Attributes:
        root: the folder as bytes, ending in `/`; links on the way to it are the
            user's business.
    """

    root: bytes
    _folders: set[str] = field(default_factory=set, repr=False, compare=False)

    def _locate(self, path: str) -> bytes:
        """Give the name to open; bytes that are not UTF-8 survive."""
        return self.root + path.encode("utf-8", "surrogateescape")

    def _is_inside(self, folder: str) -> bool:
        """Tell whether no link stands on the way from the root to `folder`."""
        checked = []
        while folder and folder not in self._folders:
            if os.path.islink(self._locate(folder)):  # noqa: PTH114 - bytes
                return False
            checked.append(folder)
            folder = folder.rpartition("/")[0]
        self._folders.update(checked)
        return True

    def is_gone(self, path: str) -> bool:
        """Tell whether nothing at all stands under that name."""
        try:
            os.lstat(self._locate(path))
        except (FileNotFoundError, NotADirectoryError):
            return True
        except OSError:  # it is there, and reading it will say what is wrong
            return False
        return False

    def read(self, path: str) -> Content:
        """Read one file that is listed in the repository, or say why not."""
        if not self._is_inside(path.rpartition("/")[0]):
            return LINKED_FOLDER
        name = self._locate(path)
        try:
            refused = why_not_regular(os.lstat(name).st_mode)
            return refused or _read_file(name)
        except OSError as error:
            return _why_not_opened(error)
