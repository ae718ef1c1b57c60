"""What reading commands need in repositories of growing size, in time and memory."""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from measuring import ENVIRONMENT, Command, handoff, interleave, table

_LAST_MONTH = "2026-10-31"
# Written with `=`, a question is not answered from kept answers, only from what is
# remembered of deals; `asked again` is.
_THEN = ("--as-of=2026-11-20T12:00:00Z", "--rev=HEAD")
_FINDS = (0, 1)


def main() -> None:
    """Make the repositories, ask each command, print a table for every size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deals", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--only", nargs="*", help="names of the commands to ask")
    options = parser.parse_args()
    script = str(Path(__file__).with_name("population.py"))
    for deals in options.deals:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder) / "records"
            words = (sys.executable, script, str(root), str(deals))
            subprocess.run(words, check=True, env=ENVIRONMENT)  # noqa: S603 - no shell
            commands = [
                command
                for command in _commands(root)
                if not options.only or command.name in options.only
            ]
            taken = interleave(commands, options.rounds)
        print(table(f"{deals:,} opportunities", taken, commands[0].name), flush=True)


def _commands(root: Path) -> list[Command]:
    name = min((root / "opportunities").rglob("*.md")).stem
    words = {
        "git status": ("git", "status", "--porcelain"),
        "check --no-cache": handoff("check", "--no-cache"),
        "check --no-cache --rev HEAD": handoff("check", "--no-cache", "--rev", "HEAD"),
        "check": handoff("check"),
        "check --as-of": handoff("check", f"--as-of={_LAST_MONTH}"),
        "board --no-cache": handoff("board", "--no-cache", *_THEN),
        "board": handoff("board", *_THEN),
        "board --format json": handoff("board", "--format", "json", *_THEN),
        "sla --no-cache": handoff("sla", "--no-cache", *_THEN),
        "sla": handoff("sla", *_THEN),
        "daily --no-cache": handoff("daily", "--no-cache", "--date", _LAST_MONTH),
        "daily": handoff("daily", f"--date={_LAST_MONTH}"),
        "daily, asked again": handoff("daily", "--date", _LAST_MONTH),
        "inbox": handoff("inbox", *_THEN),
        "tasks": handoff("tasks", *_THEN),
        "status ID": handoff("status", name),
        "history ID": handoff("history", name),
    }
    return [Command(name, line, root, _FINDS) for name, line in words.items()]


main()
