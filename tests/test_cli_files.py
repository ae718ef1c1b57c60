"""Files are written whole or not at all."""

import os
from pathlib import Path

import pytest

from handoff.cli.files import write_atomically
from handoff.model.errors import HandoffError


def test_a_new_file_gets_its_folders(tmp_path: Path) -> None:
    path = tmp_path / "handoffs" / "2026" / "x.md"
    assert write_atomically(path, b"a\r\n")
    assert path.read_bytes() == b"a\r\n"
    assert list(path.parent.iterdir()) == [path]


def test_a_new_file_follows_the_umask(tmp_path: Path) -> None:
    (tmp_path / "other").touch()
    write_atomically(tmp_path / "x.md", b"a")
    modes = {path.stat().st_mode for path in tmp_path.iterdir()}
    assert len(modes) == 1


def test_the_mode_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "x.md"
    path.write_bytes(b"old")
    path.chmod(0o640)
    assert write_atomically(path, b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o640


def test_equal_bytes_are_not_written(tmp_path: Path) -> None:
    path = tmp_path / "x.md"
    path.write_bytes(b"same")
    before = path.stat()
    assert not write_atomically(path, b"same")
    assert path.stat().st_ino == before.st_ino
    assert path.stat().st_mtime_ns == before.st_mtime_ns


@pytest.mark.parametrize("target", ["there.md", "missing.md"])
def test_links_are_not_followed(tmp_path: Path, target: str) -> None:
    (tmp_path / "there.md").write_bytes(b"old")
    link = tmp_path / "x.md"
    link.symlink_to(target)
    with pytest.raises(HandoffError, match="symbolic link"):
        write_atomically(link, b"new")
    assert link.is_symlink()
    assert (tmp_path / "there.md").read_bytes() == b"old"
    assert not (tmp_path / "missing.md").exists()


def test_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(HandoffError, match="expected a regular file"):
        write_atomically(tmp_path, b"new")


def test_a_failure_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.md"
    path.write_bytes(b"old")

    def fail(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(HandoffError, match="No space left"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_in_place_of_a_folder_is_reported(tmp_path: Path) -> None:
    (tmp_path / "handoffs").write_bytes(b"")
    with pytest.raises(HandoffError, match="cannot write"):
        write_atomically(tmp_path / "handoffs" / "x.md", b"new")
