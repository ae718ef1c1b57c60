"""Lines lead to the same commits, whether git looks at all of a history or is led."""

import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handoff.repository import blame, history_index, lineage
from handoff.repository.git import Git
from handoff.repository.history import Touch, introduced_lines
from handoff.repository.lineage import read_lineage
from support.cli import handoff, records
from support.deals import KITES, KITES_PACKET, KITES_PATH
from support.git import Repository
from support.reports import WON

A, B = "handoffs/2026/04/a.md", "handoffs/2026/04/b.md"
_Tree = dict[str, tuple[str, ...]]
_ACTS = ("edit", "edit", "edit", "add", "remove", "rename", "reformat", "take", "none")


@pytest.fixture(autouse=True)
def _any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let an index be made and kept in a repository of any size."""
    monkeypatch.setattr(lineage, "_FEWEST", 0)
    monkeypatch.setattr(history_index, "_WORTH", 1)


def asked(root: Path, rev: str = "HEAD", path: str = A) -> Mapping[int, str]:
    """Ask git, and once more where it is led; both must agree."""
    git = Git.discover(root)
    whole = dict(blame.writers(git, rev, [path], may_recall=False))
    read_lineage(git, rev, [path])
    assert git.private_path("handoff/history").exists()
    assert dict(blame.writers(git, rev, [path])) == whole
    return {line: commit for (_, line), commit in whole.items()}


def is_led(root: Path) -> bool:
    """Tell whether git need not look at all commits."""
    git, ways = Git.discover(root), []

    def seen(led: Git, rev: str, path: str) -> Mapping[int, Touch]:
        ways.append(led.environment["GIT_GRAFT_FILE"])
        return introduced_lines(led, rev, path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blame, "introduced_lines", seen)
        assert dict(blame.writers(git, "HEAD", [A]))
    return os.devnull not in ways


def grow(repository: Repository, *lines: str, at: int, path: str = A) -> str:
    repository.write(path, "".join(f"{line}\n" for line in lines))
    return repository.commit("change", f"2026-04-21T10:{at:02}:00Z")


def stray(repository: Repository, *minutes: int) -> None:
    """Commit what has nothing to do with the file."""
    for minute in minutes:
        grow(repository, f"{minute}", at=minute, path=B)


def test_git_is_led_along_one_line(repository: Repository) -> None:
    stray(repository, 0, 1)
    one = grow(repository, "one", "two", at=2)
    stray(repository, 3, 4)
    two = grow(repository, "  one", "two", at=5)  # new layout
    stray(repository, 6)
    assert asked(repository.root) == {1: two, 2: one}
    assert is_led(repository.root)


def test_git_is_led_past_the_beginning_of_branches(repository: Repository) -> None:
    stray(repository, 0)
    repository.branch("new")
    one = grow(repository, "one", "two", "three", at=1)
    repository.switch("main")
    stray(repository, 2, 3)
    repository.merge("new", at="2026-04-21T10:04:00Z")
    stray(repository, 5)
    repository.branch("changed")
    two = grow(repository, "one", "new", "three", at=6)
    repository.switch("main")
    stray(repository, 7)
    three = grow(repository, "one", "two", "three", "four", at=8)
    repository.merge("changed", at="2026-04-21T10:09:00Z")
    stray(repository, 10)
    assert asked(repository.root) == {1: one, 2: two, 3: one, 4: three}
    assert is_led(repository.root)


def test_a_branch_brought_up_to_date_may_be_led(repository: Repository) -> None:
    stray(repository, 0)
    repository.branch("old")
    grow(repository, "beside", at=1, path="handoffs/2026/04/c.md")
    repository.switch("main")
    one = grow(repository, "one", "two", at=2)
    repository.switch("old")
    repository.merge("main", at="2026-04-21T10:03:00Z")
    two = grow(repository, "one", "new", at=4)
    repository.switch("main")
    stray(repository, 5)
    repository.merge("old", at="2026-04-21T10:06:00Z")
    assert asked(repository.root) == {1: one, 2: two}
    assert is_led(repository.root)


def test_git_goes_the_whole_way_through_another_name(repository: Repository) -> None:
    one = grow(repository, *"abcdefgh", at=0, path=B)
    repository.git("mv", B, A)
    two = grow(repository, *"abcdefgX", at=1)
    assert asked(repository.root) == {**dict.fromkeys(range(1, 8), one), 8: two}
    assert not is_led(repository.root)


def test_git_goes_the_whole_way_round_a_removal(repository: Repository) -> None:
    one = grow(repository, *"abcdefgh", at=0)
    repository.branch("beside")
    repository.git("rm", "--quiet", A)
    repository.commit("remove", "2026-04-21T10:01:00Z")
    grow(repository, *"abcdefgh", at=2)
    repository.switch("main")
    stray(repository, 3)
    repository.merge("beside", at="2026-04-21T10:04:00Z")
    assert set(asked(repository.root).values()) == {one}
    assert not is_led(repository.root)


def test_without_an_index_nothing_is_read_for_one(repository: Repository) -> None:
    one = grow(repository, "one", at=0)
    git = Git.discover(repository.root)
    assert dict(blame.writers(git, "HEAD", [A])) == {(A, 1): one}
    assert not git.private_path("handoff/history").exists()


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[list[int], int, _Tree]]:
    """Draw commits: parents among those before, minutes of its date, its files."""
    commits: list[tuple[list[int], int, _Tree]] = []
    for number in range(draw(st.integers(3, 16))):
        near = range(max(0, number - 4), number)
        usual = st.just([number - 1]) if number else st.just([])
        some = (
            st.lists(st.sampled_from(near), max_size=3, unique=True) if near else usual
        )
        parents = draw(usual | some)
        tree = dict(commits[parents[0]][2]) if parents else {}
        for path in (A, B):
            act = draw(st.sampled_from(_ACTS))
            other = commits[parents[-1]][2] if parents else {}
            _act(draw, act, path, tree, other, number)
        tree["z.md"] = (f"{number}",)
        commits.append((parents, draw(st.integers(0, 500)), tree))
    return commits


def _act(  # noqa: PLR0913, PLR0917 - all there is to an act
    draw: st.DrawFn, act: str, path: str, tree: _Tree, other: _Tree, number: int
) -> None:
    lines = list(tree.get(path, ()))
    if act == "remove":
        tree.pop(path, None)
    elif act == "rename" and lines:
        tree[A if path == B else B] = tree.pop(path)
    elif act == "take" and path in other:
        tree[path] = other[path]
    elif act == "reformat" and lines:
        tree[path] = tuple(f" {line}" for line in lines)
    elif act == "add" and not lines:
        tree[path] = tuple(f"{number} {line}" for line in "abcdef")
    elif act == "edit" and lines:
        place = draw(st.integers(0, len(lines) - 1))
        lines[place : place + draw(st.integers(0, 2))] = [f"{number}"]
        tree[path] = tuple(lines)


def import_(root: Path, commits: list[tuple[list[int], int, _Tree]]) -> None:
    """Make a repository of these commits, a branch for each."""
    stream: list[str] = []
    for number, (parents, minutes, tree) in enumerate(commits):
        who = f"Robin Field <robin.field@example.com> {1_776_000_000 + 60 * minutes}"
        stream += [f"commit refs/heads/c{number}", f"mark :{number + 1}"]
        stream += [f"committer {who} +0000", "data 2", "x\n"]
        stream += [
            f"{'merge' if place else 'from'} :{parent + 1}"
            for place, parent in enumerate(parents)
        ]
        stream.append("deleteall")
        for path, lines in tree.items():
            text = "".join(f"{line}\n" for line in lines)
            stream += [f"M 100644 inline {path}", f"data {len(text)}", text]
    repository = Repository.create(root)
    repository.git("fast-import", "--quiet", stdin="\n".join(stream).encode() + b"\n")


@given(histories(), st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_history_gives_the_same(
    commits: list[tuple[list[int], int, _Tree]], data: st.DataObject
) -> None:
    with TemporaryDirectory() as folder:
        import_(Path(folder), commits)
        numbers = st.integers(0, len(commits) - 1)
        for number in data.draw(st.lists(numbers, min_size=1, max_size=4)):
            for path in commits[number][2].keys() & {A, B}:
                asked(Path(folder), f"c{number}", path)


def test_a_page_names_the_same_commits(tmp_path: Path) -> None:
    made = records(tmp_path / "records", WON)
    for path in (KITES_PATH, KITES_PACKET):
        made.write(path, f"{WON[path]}\nA remark.\n")
    made.commit("Remark", at="2026-04-22T09:00:00Z")
    words = ("sla", KITES, "--explain", "--rev", "HEAD")
    cold = handoff(*words, at=made)
    assert handoff("history", KITES, at=made).code == 0
    assert (made.root / ".git/handoff/history").exists()
    assert handoff(*words, at=made) == cold
    assert handoff(*words, "--no-cache", at=made) == cold
    assert made.git("rev-parse", "HEAD~1")[:12] in cold.out
