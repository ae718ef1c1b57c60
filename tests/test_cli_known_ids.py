"""What git knows by its id is not read again, and the answer is the one of reading."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from handoff.repository import snapshot
from handoff.repository.git import Git
from handoff.repository.objects import Entry, read_blobs
from handoff.repository.snapshot import CommitSnapshot, IndexSnapshot
from handoff.repository.unreadable import Content
from support.cli import Ran, handoff
from support.git import Repository
from support.records import OPPORTUNITY, PACKET, base, shipped

_SLUG = OPPORTUNITY.rpartition("/")[2][:-14]
_NOW = "2026-07-01T00:00:00Z"
_TREES = ("opportunities/", "handoffs/")


def _named(path: str, number: int) -> str:
    return path.replace(_SLUG, f"{_SLUG}-{number}")


def _fill(made: Repository) -> Repository:
    for path, text in shipped("schemas").items():
        made.write(path, text)
    for number in range(3):
        for path, text in base().items():
            own = text.replace("crm:deal-1042", f"crm:deal-{number}")
            made.write(_named(path, number), own.replace(_SLUG, f"{_SLUG}-{number}"))
    made.commit()
    return made


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Make a repository of three deals."""
    return _fill(Repository.create(tmp_path / "records"))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give the records that are read from git's object store, as they are read."""
    seen: list[str] = []

    def reading(
        git: Git, wanted: Iterable[tuple[str, Entry]]
    ) -> Iterator[tuple[str, Content]]:
        listed = tuple(wanted)
        seen.extend(path for path, _ in listed if path.startswith(_TREES))
        return read_blobs(git, listed)

    monkeypatch.setattr(snapshot, "read_blobs", reading)
    return seen


def _check(repository: Repository, rev: str, *words: str) -> Ran:
    line = ("check", "-C", str(repository.root), "--rev", rev, *words)
    return handoff(*line, now=_NOW)


def _both(repository: Repository, rev: str) -> Ran:
    """Ask with and without what is remembered; both must say the same."""
    warm = _check(repository, rev)
    assert warm == _check(repository, rev, "--no-cache")
    return warm


def test_what_is_known_is_not_read(repository: Repository, asked: list[str]) -> None:
    assert _check(repository, "HEAD").code == 0
    assert len(asked) == 6
    for rev in ("HEAD", "index"):
        asked.clear()
        assert _check(repository, rev).out == "6 files checked, all fine\n"
        assert asked == []
    repository.write(_named(PACKET, 1), "nothing")
    repository.commit()
    assert _check(repository, "HEAD").code == 1
    assert {*asked} == {_named(OPPORTUNITY, 1), _named(PACKET, 1)}
    assert _both(repository, "HEAD~1").code == 0


def _lose(repository: Repository) -> None:
    blob = repository.git("rev-parse", f"HEAD:{_named(PACKET, 1)}")
    (repository.root / ".git/objects" / blob[:2] / blob[2:]).unlink()


def _link(repository: Repository) -> None:
    place = repository.root / _named(PACKET, 1)
    place.unlink()
    place.symlink_to("elsewhere.md")
    repository.commit()


def _submodule(repository: Repository) -> None:
    tip = repository.git("rev-parse", "HEAD")
    entry = f"160000,{tip},{_named(PACKET, 1)}"
    repository.git("update-index", "--cacheinfo", entry)
    repository.git("commit", "--quiet", "--message", "Name another repository")


def _execute(repository: Repository) -> None:
    repository.git("update-index", "--chmod=+x", _named(PACKET, 1))
    repository.git("commit", "--quiet", "--message", "Let it be run")


def _conflict(repository: Repository) -> None:
    path = _named(PACKET, 1)
    blob = repository.git("rev-parse", f"HEAD:{path}")
    lines = [f"0 {'0' * 40}\t{path}"]
    lines += [f"100644 {blob} {stage}\t{path}" for stage in (1, 2, 3)]
    text = "".join(f"{line}\n" for line in lines).encode()
    repository.git("update-index", "--index-info", stdin=text)


def _intend(repository: Repository) -> None:
    repository.write(_named(PACKET, 1).replace("04-21", "04-22"), "")
    repository.git("add", "--intent-to-add", ".")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_lose, "no content for it"),
        (_link, "a symbolic link"),
        (_submodule, "a submodule"),
        (_conflict, "an unfinished merge"),
        (_execute, ""),
        (_intend, ""),
    ],
)
def test_what_is_no_content_is_seen(
    change: Callable[[Repository], None], said: str, repository: Repository
) -> None:
    assert _check(repository, "HEAD").code == 0
    change(repository)
    seen = [_both(repository, rev) for rev in ("index", "HEAD")]
    assert said in seen[0].out
    assert seen[0].code == bool(said)
    assert seen[1].code == bool(said and change is not _conflict)


def test_ids_of_the_longer_hash_are_no_keys(tmp_path: Path, asked: list[str]) -> None:
    made = _fill(Repository.create(tmp_path / "long", "--object-format=sha256"))
    assert _both(made, "HEAD").code == 0
    kept = (made.root / ".git/handoff/fine").read_bytes()
    asked.clear()
    assert _check(made, "HEAD").code == 0
    assert len(asked) == 6
    assert (made.root / ".git/handoff/fine").read_bytes() == kept


def test_ids_are_those_of_git(repository: Repository) -> None:
    git = Git.discover(repository.root)
    path = _named(PACKET, 1)
    for found in (CommitSnapshot(git, "HEAD"), IndexSnapshot(git)):
        tell = found.ids()
        assert tell
        assert tell(path) == repository.git("rev-parse", f"HEAD:{path}")
        assert tell("handoffs/nothing.md") == ""
