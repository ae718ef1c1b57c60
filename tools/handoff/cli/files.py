"""Writing a file whole or not at all."""

import os
import secrets
import stat
from pathlib import Path

from handoff.model.errors import HandoffError

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


def write_atomically(path: Path, content: bytes) -> bool:
    """Put a file in place so that readers see the old bytes or the new ones.

    The mode of a file that is there is kept, missing folders are made, and after a
    power cut the old or the new file is there too.

    Args:
        path: where; never a link, which could lead outside the repository.
        content: the whole file.

    Returns:
        Whether anything was written; a file that has these bytes is left alone.

    Raises:
        HandoffError: if something else than a file has that name, or the disk refuses.
    """
    try:
        mode = _mode(path)
        if mode is not None and path.read_bytes() == content:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, content, mode)
    except OSError as error:
        message = f"cannot write {path}: {error.strerror or error}"
        hint = "Check that the disk has room and that you may write to this folder."
        raise HandoffError(message, hint) from error
    return True


def _mode(path: Path) -> int | None:
    """Give the permissions of a regular file; `None` if the name is free."""
    try:
        status = path.lstat()
    except FileNotFoundError:
        return None
    if stat.S_ISREG(status.st_mode):
        return stat.S_IMODE(status.st_mode)
    kind = "symbolic link" if stat.S_ISLNK(status.st_mode) else "folder or device"
    message = f"cannot write {path}: found a {kind}, expected a regular file"
    raise HandoffError(message, "Move it away, then run the command again.")


def _replace(path: Path, content: bytes, mode: int | None) -> None:
    """Write beside the file, make sure it is on the disk, and take its place."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        with os.fdopen(os.open(beside, _NEW, 0o666), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            beside.chmod(mode)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    _flush_folder(path.parent)


def _flush_folder(folder: Path) -> None:
    """Make sure that the new name is on the disk, where folders can be opened."""
    if hasattr(os, "O_DIRECTORY"):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
