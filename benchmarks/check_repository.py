"""How long it takes to judge a whole repository, beside other ways to do it.

Peers judge headers against the schemas only; `handoff check` also judges sections,
references, stages and gates, and gives every error its line and column.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from measuring import Command, beside_python, fill, handoff, interleave, table

_NAIVE = str(Path(__file__).parent / "peers" / "naive.py")
_CAT = "find opportunities handoffs -type f -print0 | xargs -0 cat"
_FINDS = (0, 1)  # exit codes of a check that did its work


def main() -> None:
    """Make the repositories, run the rounds, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--few", type=int, default=400, help="for slow peers")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _compare(Path(folder) / "many", options.files, options.rounds)
        _compare_slow(Path(folder) / "few", options.few, options.rounds)


def _compare(root: Path, files: int, rounds: int) -> None:
    planted = fill(root, files)
    print(
        f"{files:,} records, {planted} with a planted defect; found by handoff:",
        end=" ",
    )
    print(_found(root), end="\n\n")
    commands = (
        Command("handoff check", handoff("check", "--no-cache"), root, _FINDS),
        Command(
            "handoff check --rev HEAD",
            handoff("check", "--no-cache", "--rev", "HEAD"),
            root,
            _FINDS,
        ),
        Command("handoff check, once more", handoff("check"), root, _FINDS),
        Command(
            "python-frontmatter + jsonschema",
            (sys.executable, _NAIVE, str(root)),
            root,
            _FINDS,
        ),
        Command("find, xargs cat", ("sh", "-c", _CAT), root),
    )
    taken = interleave(commands, rounds)
    print(table(f"{files:,} records", taken, "handoff check"))


def _found(root: Path) -> int:
    """Count the records in which `handoff check` finds an error."""
    done = subprocess.run(  # noqa: S603 - no shell
        handoff("check", "-C", str(root), "--format", "json"),
        capture_output=True,
        check=False,
    )
    found = json.loads(done.stdout)["diagnostics"]
    return len({d["path"] for d in found if d["severity"] == "error"})


def _compare_slow(root: Path, files: int, rounds: int) -> None:
    program = beside_python("check-jsonschema")
    if program is None:
        print("check-jsonschema is not installed: left out")
        return
    fill(root, files)
    _extract_headers(root)
    schema = f"{program} --schemafile schemas"
    script = (
        f"{schema}/opportunity.schema.json headers/opportunities/*.yaml;"
        f"{schema}/packet.schema.json headers/handoffs/*.yaml"
    )
    commands = (
        Command("handoff check", handoff("check", "--no-cache"), root, _FINDS),
        Command("check-jsonschema", ("sh", "-c", script), root, _FINDS),
    )
    taken = interleave(commands, rounds)
    print(table(f"{files:,} records, a slow peer", taken, "handoff check"))


def _extract_headers(root: Path) -> None:
    """Write every header to a file of its own, as check-jsonschema needs it."""
    for tree in ("opportunities", "handoffs"):
        (root / "headers" / tree).mkdir(parents=True)
        for path in (root / tree).rglob("*.md"):
            header = path.read_text(encoding="utf-8").split("---\n")[1]
            target = root / "headers" / tree / f"{path.stem}.yaml"
            target.write_text(header, encoding="utf-8")


main()
