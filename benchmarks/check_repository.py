"""How long it takes to judge a whole repository, beside other ways to do it.

Peers judge headers against the schemas only; `handoff check` also judges sections,
references, stages and gates, and gives every error its line and column.
"""

import argparse
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from contenders import WAYS, commands, found
from corpus import broken
from measuring import ENVIRONMENT, Command, fill, interleave, table


def main() -> None:
    """Make the repository, run the rounds, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="+", choices=WAYS, default=[])
    parser.add_argument("--node-modules", type=Path, help="with the peers in Node")
    parser.add_argument(
        "--finds",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="also count, in a run of its own, the planted defects each way finds",
    )
    options = parser.parse_args()
    modules = options.node_modules and options.node_modules.resolve()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "records"
        planted = fill(root, options.files)
        ways = tuple(commands(root, modules, options.only))
        if options.finds:
            print("\n".join(_counts(ways, options.files, planted)), flush=True)
        taken = interleave(ways, options.rounds, warm_up=not options.finds)
    print(table(f"{options.files:,} records", taken, ways[0].name))


def _counts(ways: Sequence[Command], files: int, planted: int) -> Iterator[str]:
    """Say how many of the planted defects each way finds; also warms the caches."""
    wrong = broken(files)
    for way in ways:
        if way.name == "cat":
            continue
        done = subprocess.run(  # noqa: S603 - no shell of ours
            way.words, cwd=way.folder, env=ENVIRONMENT, capture_output=True, check=False
        )
        named = found(done.stdout + done.stderr)
        more = len(named - wrong)
        fine = f", and names {more} that are fine" if more else ""
        yield f"- {way.name} finds {len(named & wrong)} of {planted}{fine}"


main()
