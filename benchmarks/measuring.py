"""Interleaved rounds of whole processes, and the table of what they took."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryFile

ROOT = Path(__file__).parents[1]
MEGABYTE = 1024 if sys.platform != "darwin" else 1024 * 1024
"""How many units of `ru_maxrss` make a megabyte: kilobytes, but bytes on macOS."""

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "tools")}


@dataclass(frozen=True, slots=True)
class Command:
    """A process to time.

    Attributes:
        name: its row in the table.
        words: the command line.
        folder: where it runs.
        codes: exit codes that mean it did its work.
    """

    name: str
    words: tuple[str, ...]
    folder: Path
    codes: tuple[int, ...] = (0,)


@dataclass(frozen=True, slots=True)
class Took:
    """One run of a command and of all processes it started.

    Attributes:
        seconds: from start to exit.
        peak: megabytes of the largest of the processes.
        processor: seconds that processors spent on them, for the kernel's part too.
    """

    seconds: float
    peak: float
    processor: float


def handoff(*words: str) -> tuple[str, ...]:
    """Give the command line of this checkout's `handoff`, installed or not."""
    script = Path(sys.executable).with_name("handoff")
    start = (str(script),) if script.exists() else (sys.executable, "-m", "handoff")
    return (*start, *words)


def beside_python(name: str) -> str | None:
    """Find a program of the running environment; `None` if it is not installed."""
    path = Path(sys.executable).with_name(name)
    return str(path) if path.exists() else None


def fill(root: Path, files: int) -> int:
    """Make a repository of records; give how many carry a planted defect.

    In a process of its own: on Linux the peak memory of a child is never below that
    of the process that started it, so this one stays small.
    """
    script = str(Path(__file__).with_name("corpus.py"))
    done = subprocess.run(  # noqa: S603 - no shell
        (sys.executable, script, str(root), str(files)),
        check=True,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
    )
    return int(done.stdout)


def git(root: Path, *words: str, stdin: bytes = b"") -> None:
    """Run git as somebody who does not exist, without the user's hooks."""
    settings = (
        "user.name=Robin Field",
        "user.email=robin.field@example.com",
        "core.hooksPath=/dev/null",
        "commit.gpgSign=false",
    )
    options = (word for setting in settings for word in ("-c", setting))
    subprocess.run(  # noqa: S603 - no shell
        ["git", *options, *words],  # noqa: S607 - the git of the machine
        cwd=root,
        input=stdin,
        check=True,
    )


def run(command: Command) -> Took:
    """Run a command once, its output thrown away.

    Raises:
        SystemExit: it failed, so that its time means nothing.
    """
    with TemporaryFile() as errors:
        began = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 - no shell
            command.words,
            cwd=command.folder,
            env=ENVIRONMENT,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        said = errors.read().decode(errors="replace")
    if process.returncode not in command.codes or "Traceback" in said:
        message = f"{command.name} ended with {process.returncode}\n{said}"
        raise SystemExit(message)
    processor = usage.ru_utime + usage.ru_stime
    return Took(seconds, usage.ru_maxrss / MEGABYTE, processor)


def interleave(
    commands: Sequence[Command],
    rounds: int,
    once: Callable[[Command], Took] = run,
    *,
    warm_up: bool = True,
) -> Mapping[str, Sequence[Took]]:
    """Run A B C, A B C, ...: a slow minute of the machine hits all alike.

    Args:
        commands: in the order of a round.
        rounds: how many are timed.
        once: runs one of them.
        warm_up: whether a first, untimed round warms the caches.
    """
    taken: dict[str, list[Took]] = {command.name: [] for command in commands}
    for number in range(-warm_up, rounds):
        for command in commands:
            took = once(command)
            if number >= 0:
                taken[command.name].append(took)
    return taken


def table(title: str, taken: Mapping[str, Sequence[Took]], unit: str) -> str:
    """Write a markdown table; ratios are medians of the ratios of each round.

    Args:
        title: a heading.
        taken: runs by command.
        unit: the command that counts as 1.
    """
    rows = [
        f"### {title}\n",
        "| command | ms | min..max | ratio | processor ms | ratio | peak MB |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for name, runs in taken.items():
        times = [1000 * took.seconds for took in runs]
        pairs = tuple(zip(runs, taken[unit], strict=True))
        cells = (
            name,
            f"{median(times):,.1f}",
            f"{min(times):,.0f}..{max(times):,.0f}",
            f"{median(took.seconds / base.seconds for took, base in pairs):,.2f}",
            f"{median(1000 * took.processor for took in runs):,.1f}",
            f"{median(took.processor / base.processor for took, base in pairs):,.2f}",
            f"{max(took.peak for took in runs):,.0f}",
        )
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows) + "\n"
