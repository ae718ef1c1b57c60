"""Made-up repositories of any size, from the pairs of records that are shipped.

Usage: python corpus.py FOLDER FILES
"""

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from measuring import ROOT, git

from handoff.evaluation.digest import packet_digest
from handoff.policy.policy import load_policy
from handoff.records.register import load_register
from handoff.repository.git import Git
from handoff.repository.snapshot import WorktreeSnapshot

_PAIR = re.compile(r"^opportunity: (?P<id>\S+)$", re.MULTILINE)
_COMPANY = re.compile(r"^company: (.+)$", re.MULTILINE)
_DEAL = re.compile(r"^( +deal: .+)$", re.MULTILINE)
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
# Each makes a header that its schema refuses: a missing field, a strange key, a word
# of no list, a value of no format.
_DEFECTS = (
    (re.compile(r"^owner: .*\n", re.MULTILINE), ""),
    (re.compile(r"^owner: ", re.MULTILINE), "colour: red\nowner: "),
    (re.compile(r"^urgency: .*$", re.MULTILINE), "urgency: breathtaking"),
    (re.compile(r"^  email: .*$", re.MULTILINE), "  email: nobody"),
)
EVERY = 117
"""One pair in so many carries a defect."""


def fill(root: Path, files: int) -> int:
    """Make a git repository of records under the shipped policy, all committed.

    Args:
        root: a folder that does not exist yet.
        files: how many records; every second one is a packet.

    Returns:
        How many records carry a planted defect.
    """
    shutil.copytree(ROOT / "schemas", root / "schemas")
    wrong = broken(files)
    for number, (deal, packet) in zip(range(files // 2), _pairs(), strict=False):
        for path, text in _copies(deal, packet, number, is_broken=number in wrong):
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
    git(root, "init", "--quiet", "--initial-branch=main")
    _acknowledge_again(root)
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message=Records")
    return len(wrong)


def broken(files: int) -> frozenset[int]:
    """Give the numbers of the pairs that carry a defect, of so many records."""
    return frozenset(range(EVERY - 1, files // 2, EVERY))


def _acknowledge_again(root: Path) -> None:
    """Bind acknowledgements to the copies: their digests are those of the originals."""
    snapshot = WorktreeSnapshot(Git.discover(root))
    policy, _ = load_policy(snapshot)
    if policy is None:
        message = "the shipped policy is broken"
        raise SystemExit(message)
    register = load_register(snapshot, policy)
    for packet in register.packets.values():
        opportunity = register.opportunities.get(packet.opportunity)
        if opportunity:
            path = root / packet.path
            text = path.read_text(encoding="utf-8")
            digest = packet_digest(packet, opportunity)
            path.write_text(_DIGEST.sub(digest, text), encoding="utf-8")


def _pairs() -> Iterator[tuple[Path, Path]]:
    """Give each shipped packet with its opportunity, over and over."""
    deals = {path.stem: path for path in (ROOT / "opportunities").rglob("*.md")}
    packets = sorted((ROOT / "handoffs").rglob("*.md"))
    pairs = []
    for packet in packets:
        found = _PAIR.search(packet.read_text(encoding="utf-8"))
        if found:
            pairs.append((deals[found["id"]], packet))
    while pairs:
        yield from pairs


def _copies(
    deal: Path,
    packet: Path,
    number: int,
    *,
    is_broken: bool,
) -> Iterator[tuple[str, str]]:
    """Write a pair under another name; links to other systems differ too."""
    slug = deal.stem[:-11]
    other = f"{slug[:40]}-{number:06}"
    pattern, wrong = _DEFECTS[number // EVERY % len(_DEFECTS)]
    for path in (deal, packet):
        text = path.read_text(encoding="utf-8")
        text = text.replace(deal.stem, f"{other}{deal.stem[-11:]}")
        text = _COMPANY.sub(rf"company: \1 {number}", text, count=1)
        text = _DEAL.sub(rf"\1-{number}", text, count=1)
        if is_broken and path is deal:
            text = pattern.sub(wrong, text, count=1)
        yield path.relative_to(ROOT).as_posix().replace(slug, other), text


if __name__ == "__main__":
    print(fill(Path(sys.argv[1]), int(sys.argv[2])))
