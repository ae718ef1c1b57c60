"""When every record was first added and last changed, and what became of one."""

import argparse
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from measuring import Command, Took, git, interleave, run, table

_READ = """\
from pathlib import Path
from handoff.repository.git import Git
from handoff.repository.history import read_history
history = read_history(Git.discover(Path()))
print(sum(bool(history.first(p) and history.last(p)) for p in history.touched))
"""
_ASK = """\
import sys
from pathlib import Path
from handoff.repository.git import Git
from handoff.repository.lineage import read_lineage
may_recall, rev, path = sys.argv[1] == "index", sys.argv[2], sys.argv[3]
print(read_lineage(Git.discover(Path()), rev, (path,), may_recall=may_recall))
"""
_NEW = 100
_LOG = ("git", "log", "--raw", "-z", "--no-renames", "--format=%H %ct", "HEAD")
_FIRST_DAY = 1_767_225_600  # 2026-01-01 in UTC
_STEP = 600
_PER_DAY = 12
"""Records opened on a day; they share the folder of their month."""


def main() -> None:
    """Make a history, run the rounds, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--commits", type=int, default=20_000)
    parser.add_argument("--slice", type=int, default=20, help="files of the slow way")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "records"
        root.mkdir()
        paths = _grow(root, options.commits)
        sample = random.Random(7).sample(paths, min(options.slice, len(paths)))  # noqa: S311 - a benchmark needs the same sample each time
        ways = (
            Command("git log --raw -z", _LOG, root),
            Command("read_history", (sys.executable, "-c", _READ), root),
        )
        taken = dict(interleave(ways, options.rounds))
        name = f"git log -1 per file, {len(sample)} of {len(paths):,} scaled up"
        scale = len(paths) / len(sample)
        taken[name] = [_one_by_one(root, sample, scale)] * options.rounds
        title = f"{options.commits:,} commits, {len(paths):,} records"
        print(table(title, taken, "git log --raw -z"))
        taken = dict(interleave(tuple(_one_record(root, paths[0])), options.rounds))
    print(table(f"One record among {options.commits:,} commits", taken, "a pass"))


def _one_record(root: Path, path: str) -> Iterator[Command]:
    """Ask what became of one record: by a pass over the log, and by the index.

    The index is made for a commit that others follow, too few to bring it forward.
    """
    words = (sys.executable, "-c", _ASK)
    old = f"HEAD~{_NEW}"
    run(Command("make", (*words, "index", old, path), root))
    yield Command("a pass", (*words, "pass", "HEAD", path), root)
    yield Command("index, nothing new", (*words, "index", old, path), root)
    name = f"index, {_NEW} new commits"
    yield Command(name, (*words, "index", "HEAD", path), root)
    yield Command("python -c pass", (sys.executable, "-c", "pass"), root)


def _grow(root: Path, commits: int) -> list[str]:
    """Write a history: a third of the commits opens records, the rest change some."""
    git(root, "init", "--quiet", "--initial-branch=main")
    paths: list[str] = []
    stream = b"".join(_commits(commits, paths))
    git(root, "fast-import", "--quiet", stdin=stream)
    git(root, "checkout", "--quiet", "main")
    return paths


def _commits(commits: int, paths: list[str]) -> Iterator[bytes]:
    chance = random.Random(7)  # noqa: S311 - a benchmark needs the same history each time
    for number in range(commits):
        if number % 3 == 0:
            paths.append(_path(len(paths)))
            path = paths[-1]
        else:
            path = chance.choice(paths[-2000:])
        when = _FIRST_DAY + number * _STEP
        text = f"---\nowner: somebody\nnumber: {number}\n---\n".encode() * 20
        yield (
            f"commit refs/heads/main\ncommitter Robin Field <robin.field@example.com> "
            f"{when} +0000\ndata 6\nchange\nM 100644 inline {path}\ndata {len(text)}\n"
        ).encode() + text


def _path(number: int) -> str:
    month, day = divmod(number // _PER_DAY, 28)
    year, month = divmod(month, 12)
    date = f"{2026 + year}-{month + 1:02}-{day + 1:02}"
    folder = date[:7].replace("-", "/")
    return f"opportunities/{folder}/company-{number}-{date}.md"


def _one_by_one(root: Path, paths: list[str], scale: float) -> Took:
    """Ask for the last change of some files, each on its own; scale to all of them."""
    taken = [
        run(Command(path, ("git", "log", "-1", "--format=%ct", "--", path), root))
        for path in paths
    ]
    return Took(
        sum(took.seconds for took in taken) * scale,
        max(took.peak for took in taken),
        sum(took.processor for took in taken) * scale,
    )


main()
