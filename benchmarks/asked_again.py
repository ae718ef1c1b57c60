"""What the summary of a past day costs those who ask again, from start to exit."""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from measuring import ENVIRONMENT, Command, git, handoff, interleave, table

_DAY = ("--date", "2026-10-31")
_LATER = ("--allow-empty", "--no-verify", "-m", "Change nothing", "--quiet")


def main() -> None:
    """Make a repository, ask twice, run the rounds, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deals", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "records"
        script = str(Path(__file__).with_name("population.py"))
        words = (sys.executable, script, str(root), str(options.deals))
        subprocess.run(words, check=True, env=ENVIRONMENT)  # noqa: S603 - no shell
        _compare(root, f"{options.deals:,} opportunities", options.rounds)
        git(root, "commit", *_LATER)
        _compare(root, "The same after one more commit", options.rounds)


def _compare(root: Path, title: str, rounds: int) -> None:
    python = str(Path(sys.executable))
    commands = (
        Command("python -c pass", (python, "-c", "pass"), root),
        Command("git status", ("git", "status", "--porcelain"), root),
        Command("handoff daily --date, asked before", handoff("daily", *_DAY), root),
    )
    print(table(title, interleave(commands, rounds), commands[0].name), flush=True)


main()
