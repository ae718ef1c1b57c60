"""What is remembered of a history never changes what is said of it."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.model.errors import HandoffError
from handoff.repository import history_index, history_moments, lineage
from handoff.repository.git import Git
from handoff.repository.lineage import Lineage, read_lineage
from handoff.repository.log import Commit
from handoff.repository.places import LANDED, Places
from support.cli import handoff
from support.git import Repository

A, B, C = (f"handoffs/2026/04/{name}.md" for name in "abc")


@pytest.fixture(autouse=True)
def _any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let an index be made and kept in a repository of any size."""
    monkeypatch.setattr(lineage, "_FEWEST", 0)
    monkeypatch.setattr(history_index, "_WORTH", 1)
    monkeypatch.setattr(history_moments, "_LENGTH", 2)
    monkeypatch.setattr(history_index, "_PART", 1)


def asked(root: Path, rev: str = "HEAD", *paths: str) -> Lineage:
    """Ask without an index, with one as it comes, and once more; all must agree."""
    git = Git.discover(root)
    wanted = paths or (A, B, C)
    cold = read_lineage(git, rev, wanted, may_recall=False)
    for _ in range(2):
        assert read_lineage(git, rev, wanted) == cold
    return cold


def passed(repository: Repository, rev: str = "HEAD") -> int:
    """Count the commits that had to be read to answer."""
    seen: list[str] = []

    def watch(log: Iterator[Commit]) -> Iterator[Commit]:
        for commit in log:
            seen.append(commit.id)
            yield commit

    read_lineage(Git.discover(repository.root), rev, (A,), watch=watch)
    return len(seen)


def kept_by(repository: Repository) -> Path:
    """Give where the index of a repository is kept."""
    return repository.root / ".git" / "handoff" / "history"


def grow(repository: Repository, *numbers: int, path: str = A) -> str:
    """Commit versions of a file, a minute apart; give the last id."""
    commit = ""
    for number in numbers:
        repository.write(path, f"{path} {number}\n" * 9)
        commit = repository.commit(f"{number}", f"2026-04-21T10:{number:02}:00Z")
    return commit


def test_only_what_is_new_is_read(repository: Repository) -> None:
    grow(repository, 0, 1, 2, 3)
    assert passed(repository) == 4
    assert passed(repository) == 0
    grow(repository, 4, 5)
    assert passed(repository) == 3  # the new ones, and the one they were made upon
    assert passed(repository) == 0
    assert len(asked(repository.root).steps) == 6


def test_little_is_not_remembered(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_index, "_WORTH", 4)
    grow(repository, 0, 1, 2)
    asked(repository.root)
    assert not kept_by(repository).exists()
    grow(repository, 3)
    asked(repository.root)
    before = kept_by(repository).read_bytes()
    grow(repository, 4, 5)
    assert len(asked(repository.root).steps) == 6
    assert kept_by(repository).read_bytes() == before
    monkeypatch.setattr(lineage, "_FEWEST", 10_000)
    kept_by(repository).unlink()
    assert len(asked(repository.root).steps) == 6
    assert not kept_by(repository).exists()


def test_older_revisions_are_answered_from_the_same_index(
    repository: Repository,
) -> None:
    grow(repository, 0, 1, 2, 3)
    asked(repository.root)
    before = kept_by(repository).read_bytes()
    for rev, count in (("HEAD~1", 3), ("HEAD~3", 1)):
        assert len(asked(repository.root, rev).steps) == count
        assert passed(repository, rev) == 0
    assert kept_by(repository).read_bytes() == before


def test_renames_are_followed(repository: Repository) -> None:
    grow(repository, 0, 1)
    repository.git("mv", A, B)
    repository.commit("rename", "2026-04-21T10:10:00Z")
    grow(repository, 2, path=B)
    found = asked(repository.root, "HEAD", B)
    assert found.renamed == ((B, A),)
    assert len(found.steps) == 4


def test_a_branch_that_was_brought_up_to_date_closes_nothing(
    repository: Repository,
) -> None:
    grow(repository, 0)
    repository.branch("beside", "main")
    grow(repository, 1, path=B)
    repository.switch("main")
    grow(repository, 2, 3, 4)
    repository.switch("beside")
    repository.merge("main", at="2026-04-21T11:00:00Z")
    grow(repository, 5, path=B)
    repository.switch("main")
    repository.merge("beside", at="2026-04-21T11:10:00Z")
    for rev in ("main", "main~1", "main~2", "main~3", "beside", "beside~1", "main"):
        asked(repository.root, rev)


def test_merges_of_every_kind(repository: Repository) -> None:
    grow(repository, 0)
    for name, path in (("one", B), ("two", C)):
        repository.branch(name, "main")
        grow(repository, 1, 2, path=path)
    repository.switch("main")
    grow(repository, 3)
    asked(repository.root)
    repository.merge("one", "two", at="2026-04-21T11:00:00Z")  # an octopus
    assert [step.landed for step in asked(repository.root).steps].count(True) == 3
    repository.switch("one")
    repository.merge("main", at="2026-04-21T11:10:00Z")  # brings the branch up to date
    grow(repository, 4, path=B)
    repository.switch("main")
    asked(repository.root)
    repository.git("merge", "--quiet", "--no-ff", "--no-commit", "one")
    repository.write(C, "what neither side had\n")  # an evil merge
    repository.commit("merge", "2026-04-21T11:20:00Z")
    assert any(s.is_merge and s.landed for s in asked(repository.root).steps)
    repository.branch("ours", "main~1")
    grow(repository, 5, path=C)
    repository.switch("main")
    repository.merge("ours", at="2026-04-21T11:30:00Z", strategy="ours")
    asked(repository.root)


def test_a_rewritten_branch_is_read_again_from_where_it_parts(
    repository: Repository,
) -> None:
    grow(repository, 0, 1, 2, 3)
    asked(repository.root)
    repository.git("reset", "--quiet", "--hard", "HEAD~2")
    grow(repository, 7, path=B)
    assert passed(repository) == 2
    assert len(asked(repository.root).steps) == 3


def test_a_commit_that_is_gone_is_no_trouble(repository: Repository) -> None:
    grow(repository, 0, 1, 2)
    asked(repository.root)
    repository.git("reset", "--quiet", "--hard", "HEAD~1")
    repository.git("reflog", "expire", "--expire=now", "--all")
    repository.git("gc", "--quiet", "--prune=now")
    grow(repository, 9)
    assert len(asked(repository.root).steps) == 3


def test_a_history_without_a_common_commit(repository: Repository) -> None:
    grow(repository, 0, 1)
    asked(repository.root)
    repository.git("checkout", "--quiet", "--orphan", "other")
    grow(repository, 2, path=B)
    asked(repository.root)
    repository.git("merge", "--quiet", "--allow-unrelated-histories", "main")
    assert len(asked(repository.root).steps) >= 3


def test_branches_work_trees_and_detached_heads_share_an_index(
    repository: Repository, tmp_path: Path
) -> None:
    grow(repository, 0, 1, 2)
    repository.git("worktree", "add", "--quiet", "-b", "side", str(tmp_path / "tree"))
    side = Repository(tmp_path / "tree")
    grow(side, 3, 4, path=B)
    grow(repository, 5)
    for root in (repository.root, side.root) * 2:
        asked(root)
    assert len(asked(side.root, "side").steps) == 5
    assert len(asked(repository.root, "main").steps) == 4
    repository.switch(repository.head())
    assert len(asked(repository.root).steps) == 4
    assert not list((repository.root / ".git" / "worktrees").rglob("history"))


def test_forged_histories_are_not_believed(repository: Repository) -> None:
    grow(repository, 0, 1, 2)
    before = asked(repository.root)
    first, second, third = (step.commit for step in before.steps)
    repository.git("replace", "--graft", third, first)
    grafts = repository.root / ".git" / "info" / "grafts"
    grafts.parent.mkdir(exist_ok=True)
    grafts.write_text(f"{second}\n")
    assert asked(repository.root) == before
    kept_by(repository).unlink()
    assert asked(repository.root) == before


def test_a_shallow_clone_is_refused_all_the_same(
    repository: Repository, tmp_path: Path
) -> None:
    grow(repository, 0, 1, 2)
    asked(repository.root)
    clone = tmp_path / "clone"
    url = repository.root.as_uri()
    repository.git("clone", "--quiet", "--depth=1", url, str(clone))
    (clone / ".git" / "handoff").mkdir()
    (clone / ".git" / "handoff" / "history").write_bytes(
        kept_by(repository).read_bytes()
    )
    with pytest.raises(HandoffError, match="shallow"):
        read_lineage(Git.discover(clone), "HEAD", (A,))


@pytest.mark.parametrize("place", [0, 30, 5_000, -40, -1])
def test_a_damaged_file_is_replaced(repository: Repository, place: int) -> None:
    grow(repository, 0, 1, 2)
    asked(repository.root)
    file = kept_by(repository)
    good = file.read_bytes()
    damaged = bytearray(good)
    damaged[place] ^= 1
    for content in (bytes(damaged), good[:-1], good[: len(good) // 2], b"", good * 2):
        file.write_bytes(content)
        asked(repository.root)
        assert Places.recall(file)


def test_a_file_of_another_version_is_replaced(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    grow(repository, 0, 1, 2)
    asked(repository.root)
    monkeypatch.setattr("handoff.repository.places._STAMP", b"another")
    assert passed(repository) == 3
    assert passed(repository) == 0


def test_an_index_that_tells_lies_about_its_end_is_not_used(
    repository: Repository,
) -> None:
    """A file may be whole and still speak of a repository that this one was not."""
    grow(repository, 0, 1, 2)
    places = Places.empty()
    places.add(5, repository.git("rev-parse", "HEAD~1"), LANDED, (A,))
    kept_by(repository).parent.mkdir()
    places.keep(kept_by(repository))
    assert len(asked(repository.root).steps) == 3


def test_a_folder_that_cannot_be_written_keeps_nothing(repository: Repository) -> None:
    grow(repository, 0, 1, 2)
    (repository.root / ".git" / "handoff").write_text("in the way")
    assert len(asked(repository.root).steps) == 3
    assert (repository.root / ".git" / "handoff").read_text() == "in the way"


def test_several_at_once_agree(repository: Repository) -> None:
    grow(repository, *range(6))
    repository.branch("side", "HEAD~3")
    grow(repository, *range(6, 9), path=B)
    git = Git.discover(repository.root)
    revs = ("main", "side", "main~2", "side~1") * 5
    plain = {rev: read_lineage(git, rev, (A, B), may_recall=False) for rev in revs}
    with ThreadPoolExecutor(4) as pool:
        found = pool.map(lambda rev: read_lineage(git, rev, (A, B)), revs)
        assert [*found] == [plain[rev] for rev in revs]
    names = sorted(path.name for path in kept_by(repository).parent.iterdir())
    assert names == ["history", "line"]


def test_commands_say_the_same_with_and_without(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository.root)
    for path, text in _shipped().items():
        repository.write(path, text)
    repository.commit("records", "2026-04-21T10:00:00Z")
    name = min((repository.root / "opportunities").rglob("*.md")).stem
    for words in (("history", name), ("blame", name, "company")):
        for more in ((), ("--as-of", "2026-04-22")):
            line = (*words, *more)
            cold = handoff(*line, env={"HANDOFF_NO_CACHE": "1"})
            assert not kept_by(repository).exists()
            assert [handoff(*line), handoff(*line)] == [cold, cold]
            assert kept_by(repository).exists()
            kept_by(repository).unlink()


def _shipped() -> dict[str, str]:
    root = Path(__file__).parents[1]
    return {
        path.relative_to(root).as_posix(): path.read_text("utf-8")
        for tree in ("schemas", "opportunities")
        for path in (root / tree).rglob("*.*")
    }


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[list[int], int, int]]:
    """Draw commits: parents among those before, minutes of its date, a file."""
    commits: list[tuple[list[int], int, int]] = []
    for number in range(draw(st.integers(2, 14))):
        near = range(max(0, number - 4), number)
        some = st.lists(st.sampled_from(near), max_size=3, unique=True)
        parents = draw(some) if near else []
        minutes, path = draw(st.integers(0, 500)), draw(st.integers(0, 2))
        commits.append((parents, minutes, path))
    return commits


def import_(root: Path, commits: list[tuple[list[int], int, int]]) -> None:
    """Make a repository of these commits, a branch for each."""
    stream = []
    for number, (parents, minutes, path) in enumerate(commits):
        who = f"Robin Field <robin.field@example.com> {1_776_000_000 + 60 * minutes}"
        text = f"{number}\n"
        stream += [f"commit refs/heads/c{number}", f"mark :{number + 1}"]
        stream += [f"committer {who} +0000", "data 2", "x\n"]
        stream += [
            f"{'merge' if place else 'from'} :{parent + 1}"
            for place, parent in enumerate(parents)
        ]
        stream += [f"M 100644 inline {(A, B, C)[path]}", f"data {len(text)}", text]
    repository = Repository.create(root)
    repository.git("fast-import", "--quiet", stdin="\n".join(stream).encode() + b"\n")


@given(histories(), st.data())
@settings(max_examples=25, deadline=None)
def test_any_history_in_any_order(
    commits: list[tuple[list[int], int, int]], data: st.DataObject
) -> None:
    with TemporaryDirectory() as folder:
        root = Path(folder)
        import_(root, commits)
        if data.draw(st.booleans()):
            Repository(root).git("commit-graph", "write", "--reachable")
        numbers = st.integers(0, len(commits) - 1)
        for number in data.draw(st.lists(numbers, min_size=2, max_size=6)):
            git = Git.discover(root)
            cold = read_lineage(git, f"c{number}", (A, B), may_recall=False)
            assert read_lineage(git, f"c{number}", (A, B)) == cold


def test_what_is_kept_is_only_read(repository: Repository) -> None:
    grow(repository, 0, 1)
    asked(repository.root)
    places = Places.recall(kept_by(repository))
    assert places
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        places.add(0, "00", LANDED, ())
