"""Progress: a line for somebody at a terminal, nothing for anybody else."""

import sys
from collections.abc import Iterable, Iterator

import pytest

from handoff.cli.progress import WatchedSnapshot, walked, watched
from handoff.repository.snapshot import Content, MemorySnapshot


def _many(count: int) -> MemorySnapshot:
    return MemorySnapshot({f"opportunities/{n:04}.md": b"x" for n in range(count)})


def test_nobody_at_a_terminal_sees_nothing() -> None:
    snapshot = _many(1)
    assert watched(snapshot) is snapshot


@pytest.mark.parametrize(("ci", "is_watched"), [("", True), ("true", False)])
def test_a_terminal_is_told_but_not_that_of_a_bot(
    ci: str,
    is_watched: bool,  # noqa: FBT001 - pytest passes parameters by name
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("CI", ci)
    assert isinstance(watched(_many(1)), WatchedSnapshot) is is_watched


def test_reading_many_files_is_told_and_wiped(
    capsys: pytest.CaptureFixture[str],
) -> None:
    inner = _many(1234)
    outer = WatchedSnapshot(inner)
    assert outer.label == inner.label
    paths = outer.paths("opportunities")
    assert paths == inner.paths("opportunities")
    assert [*outer.read_many(paths)] == [*inner.read_many(paths)]
    assert outer.read(paths[0]) == b"x"
    said = capsys.readouterr()
    assert said.out == ""
    assert "\rreading 1,200 of 1,234 files" in said.err
    assert said.err.endswith("\r\x1b[K")


def test_reading_a_few_files_is_not_worth_a_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    outer = WatchedSnapshot(_many(499))
    assert len([*outer.read_many(outer.paths())]) == 499
    assert capsys.readouterr().err == ""


def test_the_line_is_wiped_when_reading_fails(
    capsys: pytest.CaptureFixture[str],
) -> None:
    class Breaking(MemorySnapshot):
        def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, Content]]:
            yield from [(path, b"") for path in paths][:250]
            raise OSError

    snapshot = WatchedSnapshot(Breaking(_many(600).files))
    with pytest.raises(OSError, match=r"^$"):
        list(snapshot.read_many(snapshot.paths()))
    assert capsys.readouterr().err.endswith("\r\x1b[K")


@pytest.mark.parametrize("is_seen", [True, False])
def test_what_has_no_known_end_is_counted_and_wiped(
    is_seen: bool,  # noqa: FBT001 - pytest passes parameters by name
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("handoff.cli.progress.is_watched", lambda: is_seen)
    assert [*walked(iter(range(1_200)), "judged {:,} records")] == [*range(1_200)]
    said = "\rjudged 500 records\rjudged 1,000 records\r\x1b[K"
    assert capsys.readouterr().err == (said if is_seen else "")
