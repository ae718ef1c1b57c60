"""Work spread over processes: the same results in the same order, only sooner.

Processes are forked, which costs a millisecond and shares what is already loaded.
Where there is no fork, or one processor, the work is done here; so is the rest of it
where a worker ended early, so that an error is raised as it would have been.
"""

import os
import pickle
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, TypeVar

_Result = TypeVar("_Result")
Work = Callable[[range], Iterator[_Result]]
"""Does the pieces with some numbers, and gives one result for each, in order."""

_MOST = 8


def processors() -> int:
    """Give how many processes pay: 1 where they cannot be forked."""
    if not hasattr(os, "fork"):
        return 1
    if hasattr(os, "sched_getaffinity"):
        return min(len(os.sched_getaffinity(0)), _MOST)
    return min(os.cpu_count() or 1, _MOST)


def spread(work: Work[_Result], count: int, workers: int) -> Iterator[_Result]:
    """Do so many pieces of work, in turns by so many processes; results in order."""
    if workers < 2 or count < 2:  # noqa: PLR2004 - one process is this one
        yield from work(range(count))
        return
    started: list[_Worker] = []
    try:
        for first in range(workers):
            started.append(_start(work, range(first, count, workers), started))
        for number in range(count):
            try:
                result: _Result = pickle.load(started[number % workers].results)  # noqa: S301 - written by our own fork
            except (EOFError, pickle.UnpicklingError):
                yield from work(range(number, count))
                return
            yield result
    finally:
        for worker in started:
            worker.stop()


@dataclass(frozen=True, slots=True)
class _Worker:
    process: int
    results: IO[bytes]

    def stop(self) -> None:
        self.results.close()
        with suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)


def _start(work: Work[_Result], numbers: range, others: list[_Worker]) -> _Worker:
    """Fork a process that does some pieces and writes their results to a pipe."""
    ours, theirs = os.pipe()
    process = os.fork()
    if process:
        os.close(theirs)
        return _Worker(process, os.fdopen(ours, "rb"))
    try:  # nothing of the parent's may run here: no handlers, no buffers, no traceback
        for worker in others:
            worker.results.close()
        os.close(ours)
        with os.fdopen(theirs, "wb") as results:
            for result in work(numbers):
                pickle.dump(result, results, pickle.HIGHEST_PROTOCOL)
                results.flush()
    finally:
        os._exit(0)
