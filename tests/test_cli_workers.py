"""Work in several processes gives what one would have given."""

import os
import signal
from collections.abc import Iterator

import pytest

from handoff.cli.workers import processors, spread


def _squares(numbers: range) -> Iterator[tuple[int, str]]:
    for number in numbers:
        yield number * number, "x" * 70_000  # more than a pipe holds


@pytest.mark.parametrize("workers", [1, 2, 3, 7])
@pytest.mark.parametrize("count", [0, 1, 5, 20])
def test_results_come_in_order(workers: int, count: int) -> None:
    assert [*spread(_squares, count, workers)] == [*_squares(range(count))]


def test_the_work_is_done_elsewhere() -> None:
    def where(numbers: range) -> Iterator[int]:
        return (os.getpid() for _ in numbers)

    found = [*spread(where, 6, 2)]
    assert found[0] == found[2] != found[1]
    assert os.getpid() not in found


def test_what_a_lost_worker_left_is_done_here() -> None:
    here = os.getpid()

    def fragile(numbers: range) -> Iterator[tuple[int, bool]]:
        for number in numbers:
            if number == 3 and os.getpid() != here:
                os.kill(os.getpid(), signal.SIGKILL)
            yield number, os.getpid() == here

    found = [*spread(fragile, 6, 2)]
    assert found == [(n, n >= 3) for n in range(6)]


def test_an_error_is_raised_as_it_would_have_been(
    capfd: pytest.CaptureFixture[str],
) -> None:
    def broken(numbers: range) -> Iterator[int]:
        for number in numbers:
            if number == 2:
                message = "disk on fire"
                raise OSError(message)
            yield number

    results = spread(broken, 5, 2)
    assert [next(results), next(results)] == [0, 1]
    with pytest.raises(OSError, match="on fire"):
        next(results)
    assert capfd.readouterr().err == ""


def test_no_process_is_left_when_nobody_listens_any_more() -> None:
    results = spread(_squares, 50, 3)
    next(results)
    assert isinstance(results, Iterator)
    results.close()  # type: ignore[attr-defined]
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_a_machine_that_cannot_fork_has_one_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert 1 <= processors() <= 8
    monkeypatch.delattr(os, "fork")
    assert processors() == 1
