"""Finding a repository, naming commits, and saying in words what is wrong."""

import os
import shutil
import sys
from pathlib import Path

import pytest

import handoff
from handoff.model.errors import HandoffError
from handoff.repository.git import Git
from handoff.repository.snapshot import CommitSnapshot, IndexSnapshot, WorktreeSnapshot
from support.git import Repository

RECORD = "opportunities/2026/04/acme-2026-04-02.md"


def refusal(start: Path) -> HandoffError:
    """Give the error of a discovery that must fail."""
    with pytest.raises(HandoffError) as caught:
        Git.discover(start)
    return caught.value


def test_discovers_the_top_folder_from_below(repository: Repository) -> None:
    folder = repository.write(RECORD, "x").parent
    git = Git.discover(folder)
    assert git.root.samefile(repository.root)
    assert not git.is_bare


def test_discovers_below_a_name_that_is_no_text(tmp_path: Path) -> None:
    name = b"caf\xe9 \n".decode("utf-8", "surrogateescape")
    repository = Repository.create(tmp_path / name)
    assert Git.discover(repository.root).root.samefile(repository.root)


def test_discovers_a_linked_worktree(repository: Repository, tmp_path: Path) -> None:
    repository.write(RECORD, "main")
    repository.commit()
    linked = tmp_path / "linked"
    repository.git("worktree", "add", "--quiet", "-b", "side", str(linked))
    (linked / RECORD).write_text("side")
    git = Git.discover(linked / "opportunities")
    assert git.root.samefile(linked)
    assert WorktreeSnapshot(git).read(RECORD) == b"side"


def test_discovers_a_submodule_as_its_own_repository(repository: Repository) -> None:
    inner = Repository.create(repository.root / "vendor")
    inner.write(RECORD, "inner")
    inner.commit()
    assert Git.discover(inner.root / "opportunities").root.samefile(inner.root)


def test_reads_commits_of_a_bare_repository(
    repository: Repository, tmp_path: Path
) -> None:
    repository.write(RECORD, "x")
    tip = repository.commit()
    bare = tmp_path / "bare.git"
    repository.git("clone", "--quiet", "--bare", str(repository.root), str(bare))
    git = Git.discover(bare)
    assert git.is_bare
    assert CommitSnapshot(git, "main").read(RECORD) == b"x"
    assert git.resolve("HEAD") == tip
    for snapshot in (WorktreeSnapshot, IndexSnapshot):
        with pytest.raises(HandoffError, match="bare repository") as caught:
            snapshot(git)
        assert "--rev main" in caught.value.hint


def test_refuses_a_plain_folder(tmp_path: Path) -> None:
    error = refusal(tmp_path)
    assert error.message.endswith("is not a git repository, and lies in none")
    assert "`git init`" in error.hint


def test_refuses_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert "cannot change to" in refusal(tmp_path / "nowhere").message


def test_refuses_a_git_file_that_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text(f"gitdir: {tmp_path}/gone\n")
    assert "points to a repository that is gone" in refusal(tmp_path).message


def test_refuses_to_work_inside_gits_own_folder(repository: Repository) -> None:
    assert "is git's own folder" in refusal(repository.root / ".git").message


def test_says_that_git_is_missing(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(repository.root))
    assert "git is not installed" in refusal(repository.root).message
    git = Git(repository.root)
    with pytest.raises(HandoffError, match="git is not installed"):
        list(git.fields("log"))


def test_quotes_the_remedy_for_a_foreign_owner(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    error = refusal(repository.root)
    assert "belongs to another user" in error.message
    remedy = f"git config --global --add safe.directory {repository.root}"
    assert remedy in error.hint


def test_honours_safe_directory(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "settings"
    settings.write_text("[safe]\n\tdirectory = *\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    assert Git.discover(repository.root).root.samefile(repository.root)


def test_says_that_the_index_is_damaged(repository: Repository) -> None:
    repository.write(RECORD, "x")
    repository.commit()
    (repository.root / ".git" / "index").write_bytes(b"damaged")
    with pytest.raises(HandoffError, match="git ls-files") as caught:
        IndexSnapshot(Git.discover(repository.root))
    assert "git fsck" in caught.value.hint


def test_resolves_what_people_type(repository: Repository) -> None:
    tip = repository.commit()
    repository.git("tag", "-a", "-m", "release", "v1")
    repository.branch("topic/one")
    git = Git.discover(repository.root)
    for rev in ("HEAD", "main", "topic/one", "v1", tip, tip[:8], "@", "v1^{}"):
        assert git.resolve(rev) == tip


def test_resolves_a_detached_head(repository: Repository) -> None:
    old = repository.commit()
    repository.commit()
    repository.switch(old)
    assert Git.discover(repository.root).resolve("HEAD") == old


@pytest.mark.parametrize(
    "rev",
    [
        "",
        "nobody",
        "--all",
        "-h",
        "--output=stolen",
        "^HEAD",
        "HEAD..main",
        "HEAD:opportunities",
        ":/",
        "a\0b",
        "a\nb",
        "\x1b[31m",
        "0" * 40,
        "main; id",
    ],
)
def test_refuses_what_names_no_commit(repository: Repository, rev: str) -> None:
    repository.write(RECORD, "x")
    repository.commit()
    with pytest.raises(HandoffError) as caught:
        Git.discover(repository.root).resolve(rev)
    assert "names no commit of this repository" in caught.value.message
    assert caught.value.message.isprintable()
    assert not (repository.root / "stolen").exists()


def test_refuses_a_name_that_means_two_commits(repository: Repository) -> None:
    repository.commit("one")
    repository.git("tag", "twin")
    repository.commit("two")
    repository.git("branch", "twin")
    repository.git("config", "core.warnAmbiguousRefs", "false")
    with pytest.raises(HandoffError, match="more than one thing") as caught:
        Git.discover(repository.root).resolve("twin")
    assert "refs/heads/main" in caught.value.hint


def test_says_that_there_is_no_commit_yet(repository: Repository) -> None:
    git = Git.discover(repository.root)
    assert git.is_unborn()
    with pytest.raises(HandoffError, match="no commit yet"):
        git.resolve("HEAD")
    repository.commit()
    assert not git.is_unborn()


def test_a_longer_branch_name_is_not_the_unborn_one(repository: Repository) -> None:
    repository.commit()
    repository.git("branch", "--move", "topic/one")
    repository.git("symbolic-ref", "HEAD", "refs/heads/topic")
    assert Git.discover(repository.root).is_unborn()


def test_refuses_history_of_a_shallow_clone(
    repository: Repository, tmp_path: Path
) -> None:
    repository.commit("one")
    repository.commit("two")
    origin = f"file://{repository.root}"
    target = str(tmp_path / "shallow")
    repository.git("clone", "--quiet", "--depth=1", origin, target)
    git = Git.discover(tmp_path / "shallow")
    assert git.is_shallow()
    with pytest.raises(HandoffError, match="shallow") as caught:
        git.require_full_history()
    assert "git fetch --unshallow" in caught.value.hint
    assert "fetch-depth: 0" in caught.value.hint
    Git.discover(repository.root).require_full_history()


def test_names_the_command_that_failed(repository: Repository) -> None:
    git = Git.discover(repository.root)
    with pytest.raises(HandoffError, match="`git cat-file` failed"):
        git.run("cat-file", "-p", "--end-of-options", "nothing")
    with pytest.raises(HandoffError, match="`git log` failed"):
        list(git.fields("log", "-z", "--end-of-options", "nothing"))


def test_a_reader_that_stops_early_leaves_no_process(repository: Repository) -> None:
    for n in range(3000):
        repository.write(f"handoffs/{'x' * 200}-{n}.md", "x")
    repository.commit()
    git = Git.discover(repository.root)
    fields = git.fields("ls-tree", "-r", "-z", "HEAD")
    assert next(fields).startswith(b"100644 blob ")
    fields.close()
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_ignores_another_repository_in_the_environment(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.write(RECORD, "mine")
    repository.commit()
    other = Repository.create(tmp_path / "other")
    other.write("handoffs/other.md", "other")
    other.commit()
    folder = other.root / ".git"
    monkeypatch.setenv("GIT_DIR", str(folder))
    monkeypatch.setenv("GIT_WORK_TREE", str(other.root))
    monkeypatch.setenv("GIT_INDEX_FILE", str(folder / "index"))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(folder / "objects"))
    git = Git.discover(repository.root)
    assert git.root.samefile(repository.root)
    assert IndexSnapshot(git).paths() == (RECORD,)
    assert CommitSnapshot(git, "HEAD").read(RECORD) == b"mine"


def test_a_hook_sees_the_index_of_a_partial_commit(repository: Repository) -> None:
    repository.write("handoffs/a.md", "old")
    repository.write("handoffs/b.md", "old")
    repository.commit()
    repository.write("handoffs/a.md", "new")
    repository.write("handoffs/b.md", "new")
    repository.git("add", "handoffs/b.md")
    script = repository.root / ".git" / "hooks" / "pre-commit"
    script.parent.mkdir(exist_ok=True)
    script.write_text(
        f"#!{sys.executable}\n"
        "import os, pathlib, sys\n"
        f"sys.path.insert(0, {str(Path(handoff.__file__).parents[1])!r})\n"
        "from handoff.repository.git import Git\n"
        "from handoff.repository.snapshot import IndexSnapshot\n"
        "assert 'next-index' in os.environ['GIT_INDEX_FILE']\n"
        "staged = IndexSnapshot(Git.discover(pathlib.Path.cwd()))\n"
        "seen = b','.join(text for _, text in staged.read_many(staged.paths()))\n"
        "pathlib.Path('.git/seen').write_bytes(seen)\n"
    )
    script.chmod(0o755)
    repository.git("commit", "--quiet", "-m", "only a", "handoffs/a.md")
    assert (repository.root / ".git" / "seen").read_bytes() == b"new,old"


def test_a_receiving_hook_sees_what_is_pushed(
    repository: Repository, tmp_path: Path
) -> None:
    repository.write(RECORD, "pushed")
    repository.commit()
    bare = Repository.create(tmp_path / "bare.git", "--bare")
    script = bare.root / "hooks" / "pre-receive"
    script.parent.mkdir(exist_ok=True)
    script.write_text(
        f"#!{sys.executable}\n"
        "import pathlib, sys\n"
        f"sys.path.insert(0, {str(Path(handoff.__file__).parents[1])!r})\n"
        "from handoff.repository.git import Git\n"
        "from handoff.repository.snapshot import CommitSnapshot\n"
        "tip = sys.stdin.readline().split()[1]\n"
        "pushed = CommitSnapshot(Git.discover(pathlib.Path.cwd()), tip)\n"
        f"pathlib.Path('seen').write_bytes(pushed.read({RECORD!r}))\n"
    )
    script.chmod(0o755)
    repository.git("push", "--quiet", str(bare.root), "main")
    assert (bare.root / "seen").read_bytes() == b"pushed"


def test_import_does_not_load_subprocess() -> None:
    program = (
        "import sys, handoff.repository.history; print('subprocess' in sys.modules)"
    )
    package = str(Path(handoff.__file__).parents[1])
    probe = Git(Path(), environment={**os.environ, "PYTHONPATH": package})
    shell = f'alias.probe=!{sys.executable} -c "{program}"'
    assert shutil.which("git")
    assert probe.run("-c", shell, "probe") == b"False\n"
