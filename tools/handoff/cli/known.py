"""Deals known to be fine: read again only when something about them changes.

What is remembered of a deal is that nothing was found in it, by a key over the ids of
its contents, its paths and what the ledger says of it. Another version of the tool or
of the policy has other keys. A finding is never remembered.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha1, sha256
from pathlib import Path
from typing import Self

from handoff import __version__
from handoff.evaluation.parts import Part, fine
from handoff.model.entry import entry_bytes
from handoff.policy.policy import Policy
from handoff.repository.git import Git
from handoff.repository.ledger import Ledger
from handoff.repository.remembered import recall, remember

_NAME = "fine"
_STALE = 10_000  # entries that were not used and are kept all the same


@dataclass(frozen=True, slots=True)
class Known:
    """What earlier runs found to be fine.

    Attributes:
        deals: by key, from when on, and the deals of other systems they link to.
        git: where it is kept; `None` if nothing is.
    """

    deals: Mapping[str, str]
    git: Git | None
    stamp: str

    @classmethod
    def open(cls, git: Git | None, policy: Policy) -> Self:
        """Recall what this tool found under this policy; nothing without a place."""
        stamp = _stamp(policy) if git else ""
        return cls(recall(git, _NAME, stamp) if git else {}, git, stamp)

    def part(self, key: str, size: int, now: datetime) -> Part | None:
        """Give the part of a deal of so many files, if it is known to be fine."""
        if not (found := self.deals.get(key)):
            return None
        since, links = json.loads(found)
        is_over = datetime.fromisoformat(since) <= now
        return fine(size, tuple(links)) if is_over else None

    def keep(self, found: Mapping[str, str]) -> None:
        """Keep what was used or found now, and of the rest what is not too much."""
        if self.git is None or found.keys() <= self.deals.keys():
            return
        kept = {**self.deals, **found}
        is_stale = len(kept) > len(found) * 2 + _STALE
        remember(self.git, _NAME, self.stamp, found if is_stale else kept)


def key_of(deal: Iterable[tuple[str, str]], ledger: Ledger) -> str:
    """Give the key of a deal: paths and ids of its contents, and what bots observed."""
    total = sha256(b"ledger" if ledger.tip else b"")
    for path, blob in deal:
        total.update(f"\0{blob} {path}".encode("utf-8", "surrogateescape"))
    for kind, name in sorted(ledger.entries):
        entry = ledger.entries[kind, name]
        total.update(f"\0{kind} {name} ".encode() + entry_bytes(entry))
    return total.hexdigest()[:40]


def value_of(part: Part) -> str:
    """Write what is remembered of a deal that is fine; empty if it is not."""
    if part.since is None:
        return ""
    return json.dumps([part.since.astimezone(UTC).isoformat(), part.links])


def blob_of(content: bytes) -> str:
    """Give the id git would give a content."""
    return sha1(
        b"blob %d\0%s" % (len(content), content), usedforsecurity=False
    ).hexdigest()


def _stamp(policy: Policy) -> str:
    """Name everything but the records that an answer rests on: the policy, the code."""
    total = sha256(f"{__version__} {sys.version} {policy.digest}".encode())
    folder = Path(__file__).parents[1]
    for path in sorted(folder.rglob("*.py")):
        status = path.stat()
        name = path.relative_to(folder).as_posix()
        total.update(f"\0{name} {status.st_size} {status.st_mtime_ns}".encode())
    return total.hexdigest()
