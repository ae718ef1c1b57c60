"""One suite over all snapshots, then what only the disk or the index can show."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from handoff.model.errors import HandoffError
from handoff.repository.git import Git
from handoff.repository.objects import read_blobs
from handoff.repository.snapshot import (
    CommitSnapshot,
    IndexSnapshot,
    MemorySnapshot,
    Snapshot,
    Unreadable,
    WorktreeSnapshot,
)
from handoff.repository.unreadable import SIZE_LIMIT
from support.git import Repository

NOT_TEXT = b"handoffs/caf\xe9.md".decode("utf-8", "surrogateescape")
FILES: Mapping[str, bytes] = {
    "README.md": b"not a record",
    "handoffs-old/a.md": b"beside",
    "handoffs/-rf.md": b"dash",
    "handoffs/2026/04/B.md": b"upper",
    "handoffs/2026/04/a.md": b"crlf\r\nkept\r\n",
    "handoffs/empty.md": b"",
    "handoffs/new\nline\t\"'`$(id).md": b"quoting",
    "handoffs/zero.md": b"\0nul\0",
    "handoffs/\u00e9\u4e2d.md": b"unicode",
    NOT_TEXT: b"not text",
    "opportunities/full.md": b"x" * SIZE_LIMIT,
    "opportunities/large.md": b"x" * (SIZE_LIMIT + 1),
    ":(glob)handoffs/*": b"pathspec",
}
Make = Callable[[Repository], Snapshot]


def _git(repository: Repository) -> Git:
    return Git.discover(repository.root)


def _committed(repository: Repository) -> Snapshot:
    repository.commit()
    return CommitSnapshot(_git(repository), "HEAD")


def _staged(repository: Repository) -> Snapshot:
    repository.git("add", "--all")
    return IndexSnapshot(_git(repository))


def _sparse(repository: Repository) -> Snapshot:
    repository.commit()
    repository.git("sparse-checkout", "set", "--no-cone", "/handoffs/2026/")
    assert not (repository.root / "README.md").exists()
    return WorktreeSnapshot(_git(repository))


MAKERS: Mapping[str, Make] = {
    "memory": lambda _: MemorySnapshot(FILES),
    "worktree": lambda repository: WorktreeSnapshot(_git(repository)),
    "sparse worktree": _sparse,
    "index": _staged,
    "commit": _committed,
}


@pytest.fixture(params=MAKERS)
def snapshot(request: pytest.FixtureRequest, repository: Repository) -> Snapshot:
    """Give the same files in each kind of snapshot."""
    for path, content in FILES.items():
        repository.write(path, content)
    return MAKERS[request.param](repository)


def reason(content: bytes | Unreadable) -> str:
    """Give the reason of a file that cannot be read."""
    assert isinstance(content, Unreadable)
    assert content.hint.endswith(".")
    return content.reason


def test_lists_all_files_by_code_point(snapshot: Snapshot) -> None:
    assert snapshot.paths() == tuple(sorted(FILES))


def test_lists_the_files_of_named_trees(snapshot: Snapshot) -> None:
    inside = sorted(path for path in FILES if path.startswith("handoffs/"))
    assert snapshot.paths("handoffs") == tuple(inside)
    both = snapshot.paths("opportunities", "handoffs")
    assert both == (*inside, "opportunities/full.md", "opportunities/large.md")
    assert snapshot.paths("nowhere") == ()
    assert snapshot.paths("*") == ()


def test_reads_every_byte(snapshot: Snapshot) -> None:
    for path, content in FILES.items():
        if len(content) <= SIZE_LIMIT:
            assert snapshot.read(path) == content


def test_reads_many_in_the_order_asked(snapshot: Snapshot) -> None:
    paths = [*sorted(FILES, reverse=True), "absent.md", "README.md", "README.md"]
    found = list(snapshot.read_many(iter(paths)))
    assert [path for path, _ in found] == paths
    assert found == [(path, snapshot.read(path)) for path in paths]


def test_refuses_what_is_too_large(snapshot: Snapshot) -> None:
    found = reason(snapshot.read("opportunities/large.md"))
    assert found == "found 1000001 bytes, expected at most 1000000"


@pytest.mark.parametrize(
    "path",
    ["handoffs", "handoffs/no.md", "", ".", "/etc/passwd", "../out", ".git/HEAD"],
)
def test_reads_only_what_is_listed(snapshot: Snapshot, path: str) -> None:
    assert "no such file" in reason(snapshot.read(path))


def test_reads_nothing_when_nothing_is_asked(snapshot: Snapshot) -> None:
    assert list(snapshot.read_many(())) == []


def test_labels_say_what_was_read(repository: Repository) -> None:
    tip = repository.commit()
    git = _git(repository)
    assert CommitSnapshot(git, "main").label == tip
    assert WorktreeSnapshot(git).label == "worktree"
    assert IndexSnapshot(git).label == "index"
    assert MemorySnapshot({}).label == "memory"


def test_reads_more_files_than_fit_in_a_pipe(repository: Repository) -> None:
    files = {f"handoffs/{n:04}.md": f"{n}\n" * 50 for n in range(700)}
    for path, content in files.items():
        repository.write(path, content)
    found = _committed(repository)
    assert dict(found.read_many(found.paths())) == {
        path: content.encode() for path, content in files.items()
    }


@pytest.mark.parametrize("make", [_committed, _staged, MAKERS["worktree"]])
def test_does_not_follow_links(repository: Repository, make: Make) -> None:
    (repository.root / "handoffs").mkdir()
    (repository.root / "handoffs/host.md").symlink_to("/etc/hostname")
    (repository.root / "handoffs/loop.md").symlink_to("loop.md")
    (repository.root / "opportunities").symlink_to("handoffs")
    found = make(repository)
    trees = ("handoffs", "opportunities")
    paths = ("handoffs/host.md", "handoffs/loop.md", "opportunities")
    assert found.paths(*trees) == paths
    for _, content in found.read_many(paths):
        assert "found a symbolic link" in reason(content)


@pytest.mark.parametrize("make", [_committed, _staged, MAKERS["worktree"]])
def test_does_not_look_into_submodules(repository: Repository, make: Make) -> None:
    inner = Repository.create(repository.root / "handoffs" / "inner")
    inner.write("a.md", "inner")
    inner.commit()
    repository.git("-c", "advice.addEmbeddedRepo=false", "add", "--all")
    found = make(repository)
    assert found.paths() == ("handoffs/inner",)
    assert "expected a regular file" in reason(found.read("handoffs/inner"))


def test_a_link_in_place_of_a_folder_is_not_followed(
    repository: Repository, tmp_path: Path
) -> None:
    repository.write("handoffs/2026/04/a.md", "mine")
    repository.commit()
    outside = tmp_path / "outside"
    (repository.root / "handoffs/2026").rename(outside)
    (repository.root / "handoffs/2026").symlink_to(outside)
    found = WorktreeSnapshot(_git(repository))
    assert found.paths() == ("handoffs/2026", "handoffs/2026/04/a.md")
    assert "in place of its folder" in reason(found.read("handoffs/2026/04/a.md"))


def test_only_regular_files_are_opened(repository: Repository) -> None:
    names = ("folder.md", "pipe.md", "socket.md")
    for name in names:
        repository.write(f"handoffs/{name}", "x")
    repository.commit()
    folder = repository.root / "handoffs"
    for name in names:
        (folder / name).unlink()
    (folder / "folder.md").mkdir()
    os.mkfifo(folder / "pipe.md")
    os.mknod(folder / "socket.md", 0o140644)
    found = WorktreeSnapshot(_git(repository))
    reasons = [reason(found.read(path)) for path in found.paths()]
    assert [text.split(",")[0] for text in reasons] == [
        "found a folder",
        "found a pipe",
        "found a pipe",
    ]


def test_lists_what_is_new_and_skips_what_is_ignored_or_gone(
    repository: Repository,
) -> None:
    repository.write(".gitignore", "*.bak\n")
    repository.write("handoffs/old.md", "x")
    repository.write("handoffs/gone.md", "x")
    repository.commit()
    (repository.root / "handoffs/gone.md").unlink()
    repository.write("handoffs/new.md", "x")
    repository.write("handoffs/new.bak", "x")
    found = WorktreeSnapshot(_git(repository))
    assert found.paths("handoffs") == ("handoffs/new.md", "handoffs/old.md")


def test_a_file_that_vanishes_after_listing_is_named(repository: Repository) -> None:
    path = repository.write("handoffs/a.md", "x")
    found = WorktreeSnapshot(_git(repository))
    path.unlink()
    assert "no such file" in reason(found.read("handoffs/a.md"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_named(repository: Repository) -> None:
    repository.write("handoffs/a.md", "x").chmod(0)
    found = WorktreeSnapshot(_git(repository))
    assert "no permission" in reason(found.read("handoffs/a.md"))


def test_the_index_is_not_the_disk(repository: Repository) -> None:
    repository.write("handoffs/a.md", "staged")
    repository.git("add", "--all")
    repository.write("handoffs/a.md", "edited")
    repository.write("handoffs/new.md", "untracked")
    found = IndexSnapshot(_git(repository))
    assert found.paths() == ("handoffs/a.md",)
    assert found.read("handoffs/a.md") == b"staged"


def test_a_name_staged_without_content_is_not_in_the_index(
    repository: Repository,
) -> None:
    repository.write("handoffs/a.md", "later")
    repository.git("add", "--intent-to-add", "handoffs/a.md")
    repository.write("handoffs/empty.md", "")
    repository.git("add", "handoffs/empty.md")
    git = _git(repository)
    assert IndexSnapshot(git).paths() == ("handoffs/empty.md",)
    assert WorktreeSnapshot(git).read("handoffs/a.md") == b"later"


def test_an_unfinished_merge_is_named(repository: Repository) -> None:
    repository.write("handoffs/a.md", "base\n")
    repository.commit()
    repository.branch("side")
    repository.write("handoffs/a.md", "side\n")
    repository.commit()
    repository.switch("main")
    repository.write("handoffs/a.md", "main\n")
    repository.commit()
    with pytest.raises(AssertionError):
        repository.merge("side")
    git = _git(repository)
    index = IndexSnapshot(git)
    assert index.paths() == ("handoffs/a.md",)
    assert "unfinished merge" in reason(index.read("handoffs/a.md"))
    worktree = WorktreeSnapshot(git)
    assert worktree.paths() == ("handoffs/a.md",)
    content = worktree.read("handoffs/a.md")
    assert isinstance(content, bytes)
    assert content.startswith(b"<<<<<<<")


def test_lost_content_is_named_and_the_rest_is_read(repository: Repository) -> None:
    repository.write("handoffs/a.md", "lost")
    repository.write("handoffs/b.md", "kept")
    repository.commit()
    blob = repository.git("rev-parse", "HEAD:handoffs/a.md")
    (repository.root / ".git/objects" / blob[:2] / blob[2:]).unlink()
    found = CommitSnapshot(_git(repository), "HEAD")
    contents = dict(found.read_many(found.paths()))
    assert "no content for it" in reason(contents["handoffs/a.md"])
    assert contents["handoffs/b.md"] == b"kept"


def test_a_lost_tree_is_an_error(repository: Repository) -> None:
    repository.write("handoffs/a.md", "x")
    repository.commit()
    tree = repository.git("rev-parse", "HEAD:handoffs")
    (repository.root / ".git/objects" / tree[:2] / tree[2:]).unlink()
    with pytest.raises(HandoffError, match="git ls-tree"):
        CommitSnapshot(_git(repository), "HEAD")


def test_damaged_content_is_named(repository: Repository) -> None:
    repository.write("handoffs/a.md", "x")
    repository.commit()
    blob = repository.git("rev-parse", "HEAD:handoffs/a.md")
    damaged = repository.root / ".git/objects" / blob[:2] / blob[2:]
    damaged.chmod(0o644)
    damaged.write_bytes(b"damaged")
    found = CommitSnapshot(_git(repository), "HEAD")
    assert "no content for it" in reason(found.read("handoffs/a.md"))


@pytest.mark.parametrize("said", ["", "id blob 9\\ncut", "id blob 9000000\\ncut"])
def test_a_git_that_dies_is_an_error(
    repository: Repository, tmp_path: Path, said: str
) -> None:
    dying = tmp_path / "bin" / "git"
    dying.parent.mkdir()
    dying.write_text(f"#!/bin/sh\nread line\nprintf '{said}'\nexit 1\n")
    dying.chmod(0o755)
    path = f"{dying.parent}{os.pathsep}{os.environ['PATH']}"
    git = Git(repository.root, environment={"PATH": path})
    with pytest.raises(HandoffError, match="git stopped"):
        dict(read_blobs(git, [("handoffs/a.md", "id")]))


def test_before_the_first_commit(repository: Repository) -> None:
    repository.write("handoffs/a.md", "x")
    git = _git(repository)
    assert IndexSnapshot(git).paths() == ()
    assert WorktreeSnapshot(git).paths() == ("handoffs/a.md",)
    with pytest.raises(HandoffError, match="no commit yet"):
        CommitSnapshot(git, "HEAD")


def test_repositories_of_the_longer_hash(tmp_path: Path) -> None:
    repository = Repository.create(tmp_path / "long", "--object-format=sha256")
    repository.write("handoffs/a.md", "x")
    tip = repository.commit()
    found = CommitSnapshot(_git(repository), "HEAD")
    assert len(tip) == 64
    assert found.label == tip
    assert found.read("handoffs/a.md") == b"x"
