"""What was known at an instant, and that what is remembered of it changes nothing."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.model.errors import HandoffError
from handoff.repository import history_moments
from handoff.repository.git import Git
from handoff.repository.history_moments import Dated, Known, commit_at, known_at
from support.cli import handoff
from support.git import Repository
from support.records import shipped

_START = datetime(2026, 4, 12, 13, 20, tzinfo=UTC)


@pytest.fixture(autouse=True, scope="module")
def _small() -> None:
    """Let stretches be short, and remembered in a repository of any size."""
    patch = pytest.MonkeyPatch()
    patch.setattr(history_moments, "_LENGTH", 3)
    patch.setattr(history_moments, "_AT_ONCE", 4)


def at(minutes: int) -> datetime:
    return _START + timedelta(minutes=minutes)


def grow(root: Path, minutes: Sequence[int]) -> list[str]:
    """Put commits of these dates on top of a line; give the ids of all of it."""
    repository = Repository(root)
    stream = []
    for number, minute in enumerate(minutes):
        seconds = int(at(minute).timestamp())
        stream += [
            "commit refs/heads/main",
            f"committer Robin Field <robin.field@example.com> {seconds} +0000",
            f"data {len(text := f'{number} {minute}')}\n{text}",
        ]
        if not number and (root / ".git/refs/heads/main").exists():
            stream.append("from refs/heads/main^0")
    sent = "\n".join(stream).encode() + b"\n"
    repository.git("fast-import", "--quiet", "--force", stdin=sent)
    return repository.git("rev-list", "--reverse", "main").split()


def expected(line: Sequence[str], minutes: Sequence[int], asked: int) -> Known | None:
    """Say by hand what was known: everything before the first that is later."""
    late = next((i for i, minute in enumerate(minutes) if minute > asked), len(line))
    if not late:
        return None
    after = [minute for minute in minutes[late + 1 :] if minute <= asked]
    return Known(
        line[late - 1], Dated(line[late], at(minutes[late])) if after else None
    )


_LINES = st.lists(st.integers(0, 40), min_size=1, max_size=11)


@given(st.lists(_LINES, min_size=1, max_size=3), st.data())
@settings(max_examples=15, deadline=None)
def test_the_answer_is_the_same_however_much_is_remembered(
    lines: list[list[int]], data: st.DataObject
) -> None:
    with TemporaryDirectory() as folder:
        root = Path(folder)
        Repository.create(root)
        git, minutes = Git.discover(root), list[int]()
        for more in lines:
            minutes += more
            line = grow(root, more)
            for asked in data.draw(st.lists(st.integers(-1, 41), max_size=3)):
                wanted = expected(line, minutes, asked)
                assert known_at(git, at(asked), may_recall=False) == wanted
                assert known_at(git, at(asked)) == wanted
                damage(root, data.draw(st.integers(0, 400)))
                assert known_at(git, at(asked)) == wanted


def damage(root: Path, place: int) -> None:
    """Flip a bit of what is remembered, if it is that long."""
    file = root / ".git/handoff/line"
    content = bytearray(file.read_bytes() if file.exists() else b"")
    if place < len(content):
        content[place] ^= 1
        file.write_bytes(content)


def test_only_what_is_new_is_walked(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    walked: list[bytes] = []
    fields = Git.fields

    def noting(git: Git, *words: str, end: bytes) -> Iterator[bytes]:
        for field in fields(git, *words, end=end):
            walked.append(field)
            yield field

    def asked() -> int:
        walked.clear()
        assert commit_at(git, at(10)) == line[10]
        return len(walked)

    git = Git.discover(repository.root)
    line = grow(repository.root, range(50))
    monkeypatch.setattr(Git, "fields", noting)
    assert asked() == 50 + 3  # the line, then the stretch of the answer once more
    assert asked() == 3
    grow(repository.root, [50, 51])
    assert asked() == asked() == 3 + 3  # two new ones, and what is known


def test_little_is_not_remembered(repository: Repository) -> None:
    grow(repository.root, [0, 1])
    assert known_at(Git.discover(repository.root), at(1))
    assert not (repository.root / ".git/handoff").exists()
    grow(repository.root, [2, 3])
    assert known_at(Git.discover(repository.root), at(1), may_recall=False)
    assert not (repository.root / ".git/handoff").exists()


def test_a_line_that_was_rewritten_is_walked_from_where_it_parts(
    repository: Repository,
) -> None:
    git = Git.discover(repository.root)
    line = grow(repository.root, range(20))
    assert commit_at(git, at(15)) == line[15]
    repository.git("update-ref", "refs/heads/main", line[7])
    line = grow(repository.root, range(30, 40))
    assert commit_at(git, at(15)) == line[7]
    assert commit_at(git, at(35)) == line[13]


def test_a_folder_that_cannot_be_written_keeps_nothing(repository: Repository) -> None:
    line = grow(repository.root, range(9))
    (repository.root / ".git/handoff").write_text("in the way")
    assert commit_at(Git.discover(repository.root), at(4)) == line[4]


def test_a_shallow_clone_is_refused_whatever_is_remembered(
    repository: Repository, tmp_path: Path
) -> None:
    grow(repository.root, range(9))
    assert commit_at(Git.discover(repository.root), at(4))
    clone = tmp_path / "clone"
    repository.git(
        "clone", "--quiet", "--depth=1", repository.root.as_uri(), str(clone)
    )
    (clone / ".git/handoff").mkdir()
    kept = (repository.root / ".git/handoff/line").read_bytes()
    (clone / ".git/handoff/line").write_bytes(kept)
    with pytest.raises(HandoffError, match="shallow"):
        commit_at(Git.discover(clone), at(4))


def test_commands_say_the_same_with_and_without(repository: Repository) -> None:
    for path, text in shipped("schemas", "opportunities", "handoffs").items():
        repository.write(path, text)
    for minute in range(6):
        repository.commit(f"{minute}", f"2026-04-24T08:0{minute}:00Z")
    words = ("check", "--as-of", "2026-04-24T10:03:30+02:00")
    cold = handoff(*words, "--no-cache", at=repository)
    kept = repository.root / ".git/handoff/line"
    assert not kept.exists()
    for _ in range(2):
        assert handoff(*words, at=repository) == cold
        assert kept.exists()
