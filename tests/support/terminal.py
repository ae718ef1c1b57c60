"""The commands in a real pseudo-terminal, at a given time."""

import os
import pty
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from support.cli import ROOT
from support.git import Repository

_PATIENCE = 20  # seconds until a terminal that says nothing is given up
_START = """
import sys
from handoff.cli import session
from handoff.model.instant import parse_instant
now = parse_instant(sys.argv.pop(1))
session.read_clock = lambda: now
from handoff.cli.main import main
main()
"""


@dataclass
class Terminal:
    """A command that runs in a pseudo-terminal.

    Attributes:
        master: our end of it.
        said: everything it has shown.
    """

    master: int
    process: subprocess.Popen[bytes]
    said: str = field(default="")

    def wait(self) -> str:
        """Read on to the next prompt, or to the end; give what was new."""
        new = b""
        while not new.endswith(b"> ") and not new.endswith(b"[y/n]: "):
            ready, _, _ = select.select([self.master], [], [], _PATIENCE)
            assert ready, f"the command says no more after: {self.said}{new!r}"
            try:
                part = os.read(self.master, 4096)
            except OSError:  # Linux says so when the other end is closed
                part = b""
            new += part
            if not part:
                break
        text = new.decode().replace("\r\n", "\n")
        self.said += text
        return text

    def type(self, *lines: str) -> str:
        """Answer prompts one after the other; give what was shown at last."""
        shown = ""
        for line in lines:
            os.write(self.master, f"{line}\n".encode())
            shown = self.wait()
        return shown

    def answer(self, answers: Mapping[str, Sequence[str]]) -> None:
        """Answer each question by its title, Enter where none is given, to the end."""
        shown = self.said
        while shown.endswith("> "):
            title = shown.rpartition("\n\n")[2].strip("\n").partition("\n")[0]
            lines = answers.get(title.removesuffix(" (optional)"), [""])
            shown = self.type(*lines)

    def interrupt(self) -> None:
        """Press Ctrl-C; again if it fell between the prompt and the reading."""
        ready: list[int] = []
        while not ready:
            self.process.send_signal(signal.SIGINT)
            ready, _, _ = select.select([self.master], [], [], 1)

    def end(self) -> int:
        """Wait for the end; give the exit code."""
        while self.process.poll() is None and self.wait():
            pass
        return self.process.wait(_PATIENCE)


@contextmanager
def terminal(repository: Repository, *args: str, now: str) -> Iterator[Terminal]:
    """Run a command in a terminal until its first prompt."""
    master, slave = pty.openpty()
    process = subprocess.Popen(  # noqa: S603 - no shell
        [sys.executable, "-c", _START, now, *args],
        cwd=repository.root,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT / "tools"),
            "TERM": "dumb",
            "HANDOFF_BY": "dana-okafor",
        },
    )
    os.close(slave)
    opened = Terminal(master, process)
    try:
        opened.wait()
        yield opened
    finally:
        process.kill()
        process.wait()
        os.close(master)
