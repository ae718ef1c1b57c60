"""A repository as it looks after years: many deals, most of them over, and history.

Usage: python population.py FOLDER DEALS
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import IO

from endings import ended
from measuring import ROOT, git

from handoff.evaluation.digest import packet_digest
from handoff.policy.policy import Policy, load_policy
from handoff.records.reading import read_file
from handoff.records.record import Opportunity, Packet
from handoff.repository.git import Git
from handoff.repository.snapshot import WorktreeSnapshot

Text = tuple[str, str]
"""Path and text of a record."""
_DATE = re.compile(r"20[0-9]{2}-[01][0-9]-[0-3][0-9]")
_AT = re.compile(r"\bat: (\S+T[0-9:.]+(?:Z|[+-][0-9:]{5}))")
_EVENT = re.compile(r"^  - event: ", re.MULTILINE)
_NAMED = re.compile(r"^opportunity: (\S+)$", re.MULTILINE)
_COMPANY = re.compile(r"^company: (.+)$", re.MULTILINE)
_DEAL = re.compile(r"^( +deal: .+)$", re.MULTILINE)
_ACKNOWLEDGEMENT = re.compile(r"^acknowledgement:\n(?:  .+\n)+", re.MULTILINE)
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_MONTH = timedelta(days=28)  # so that weekdays stay
_YEARS = 104  # such months over which deals that are over are spread
_LATEST = 5  # such months from the shipped records to the newest that are over
_OPEN = 10  # one deal in so many is not over
_NOW = timedelta(weeks=30)  # from the shipped records to those of deals still open
_LATE = 5  # of those, one in so many has not moved for a week
_STEP = 3  # events logged between two commits


def populate(root: Path, deals: int) -> None:
    """Make a git repository of so many opportunities, with commits over years."""
    git(ROOT, "init", "--quiet", "--initial-branch=main", str(root))
    shutil.copytree(ROOT / "schemas", root / "schemas")
    for name in ("people", "clocks"):
        path = root / f"schemas/policy/{name}.yaml"
        path.write_text(path.read_text("utf-8").replace("2026-01-01", "2016-01-01"))
    policy, _ = load_policy(WorktreeSnapshot(Git.discover(root)))
    if policy is None:
        message = "the shipped policy is broken"
        raise SystemExit(message)
    words = ("git", "-C", str(root), "fast-import", "--quiet")
    with subprocess.Popen(words, stdin=subprocess.PIPE) as importer:  # noqa: S603 - no shell
        if importer.stdin:
            _begin(importer.stdin, root)
            _write(importer.stdin, deals, policy)
    if importer.returncode:
        raise SystemExit(importer.returncode)
    git(root, "reset", "--quiet", "--hard", "main")


def _write(stream: IO[bytes], deals: int, policy: Policy) -> None:
    """Write every version of every file, then the commits in the order of time."""
    changes: list[tuple[float, int, str]] = []
    shipped = list(_shipped())
    over = [ended(files, number) for number, files in enumerate(shipped)]
    alive = [a for a, b in zip(shipped, over, strict=True) if a != b]
    for number in range(deals):
        turn = number // _OPEN
        if number % _OPEN == 0:
            files, later = alive[turn % len(alive)], _NOW
            later -= timedelta(weeks=turn % _LATE == 0)
        else:
            files = over[number % len(over)]
            later = (_LATEST - turn % _YEARS) * _MONTH
        for path, text in _bound(_copy(files, number, later), policy):
            for when, version in _versions(text):
                content = version.encode()
                changes.append((when, len(changes) + 1, path))
                stream.write(b"blob\nmark :%d\n" % len(changes))
                stream.write(b"data %d\n%s\n" % (len(content), content))
    for when, mark, path in sorted(changes):
        stream.write(_commit(when))
        stream.write(f"M 100644 :{mark} {path}\n".encode())


def _begin(stream: IO[bytes], root: Path) -> None:
    """Write the commit that brings the policy."""
    stream.write(_commit(datetime(2016, 1, 1, tzinfo=UTC).timestamp()))
    for path in sorted((root / "schemas").rglob("*.*")):
        name, content = path.relative_to(root).as_posix(), path.read_bytes()
        stream.write(f"M 100644 inline {name}\ndata {len(content)}\n".encode())
        stream.write(content + b"\n")


def _commit(when: float) -> bytes:
    who = "Robin Field <robin.field@example.com>"
    lines = ("commit refs/heads/main", f"committer {who} {when:.0f} +0000")
    return "\n".join((*lines, "data 6", "change\n")).encode()


def _shipped() -> Iterator[list[Text]]:
    """Give the shipped deals, each with its packets."""
    packets = [
        (path.relative_to(ROOT).as_posix(), path.read_text("utf-8"))
        for path in sorted((ROOT / "handoffs").rglob("*.md"))
    ]
    for path in sorted((ROOT / "opportunities").rglob("*.md")):
        own = [pair for pair in packets if path.stem in _NAMED.findall(pair[1])]
        yield [(path.relative_to(ROOT).as_posix(), path.read_text("utf-8")), *own]


def _copy(files: list[Text], number: int, later: timedelta) -> Iterator[Text]:
    """Copy a deal under another name, every date in it moved."""
    slug = Path(files[0][0]).stem[:-11]

    def move(found: re.Match[str]) -> str:
        return (date.fromisoformat(found[0]) + later).isoformat()

    for path, text in files:
        name = path.rpartition("/")[2].replace(slug, f"{slug[:40]}-{number:06}")
        moved = _DATE.sub(move, text.replace(f": {slug}", f": {slug[:40]}-{number:06}"))
        moved = _COMPANY.sub(rf"\g<0> {number}", moved, count=1)
        name = _DATE.sub(move, name)
        found = _DATE.search(name)
        month = found[0][:7].replace("-", "/") if found else ""
        copied = _DEAL.sub(rf"\1-{number}", moved, count=1)
        yield f"{path.partition('/')[0]}/{month}/{name}", copied


def _bound(files: Iterator[Text], policy: Policy) -> Iterator[Text]:
    """Bind acknowledgements to the copies."""
    path, text = next(files)
    yield path, text
    for name, content in files:
        packet = read_file(name, content.encode(), policy).record
        deal = read_file(path, text.encode(), policy).record
        if isinstance(packet, Packet) and isinstance(deal, Opportunity):
            yield name, _DIGEST.sub(packet_digest(packet, deal), content)


def _versions(text: str) -> Iterator[tuple[float, str]]:
    """Give a record as it grew, with the second of each version."""
    for grown in dict.fromkeys(_grown(text)):
        times = _AT.findall(grown.split("\n---\n", 1)[0])
        yield max(map(datetime.fromisoformat, times)).timestamp(), grown


def _grown(text: str) -> Iterator[str]:
    """Give a packet without and with its acknowledgement, events a few at a time."""
    header, ending = text.split("\n---\n", 1)
    start, *events = _EVENT.split(header)
    if not events:
        yield _ACKNOWLEDGEMENT.sub("", text)
    for count in range(1, len(events), _STEP):
        grown = "  - event: ".join((start, *events[:count])).removesuffix("\n")
        yield f"{grown}\n---\n{ending}"
    yield text


if __name__ == "__main__":
    populate(Path(sys.argv[1]), int(sys.argv[2]))
