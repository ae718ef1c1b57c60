"""Deals known to be fine: judged again only when something about them changes.

What is remembered of a deal is that nothing was found in it, by the ids of its contents
and their paths. Another version of the tool or of the policy remembers for itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Self

from handoff.evaluation.fine import (
    NAME,
    NO_LEDGER,
    key_of,
    read,
    stamp,
    written,
)
from handoff.evaluation.parts import Part, fine
from handoff.model.entry import entry_bytes
from handoff.policy.policy import Policy
from handoff.repository.git import Git
from handoff.repository.ledger import Ledger
from handoff.repository.objects import blob_of
from handoff.repository.remembered import Memory, tidy
from handoff.repository.snapshot import Ids
from handoff.repository.unreadable import Content

_START = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Known:
    """What earlier runs found to be fine.

    Attributes:
        memory: where it is kept; `None` if nothing is.
        waived: paths that waivers name; what they excuse is not remembered.
    """

    memory: Memory | None = None
    waived: frozenset[str] = frozenset()

    @classmethod
    def open(cls, git: Git | None, policy: Policy) -> Self:
        """Recall what this tool found under this policy; nothing without a place.

        Args:
            git: where it is kept; `None` if it is not to be.
            policy: what the deals are judged by.
        """
        name = stamp(policy.blobs) if git else ""
        if git is None or not name:
            return cls()
        waived = frozenset(waiver.record for waiver in policy.waivers)
        return cls(Memory(str(git.private_path(NAME)), name), waived)

    def part(self, key: str, size: int, ledger: Ledger, now: datetime) -> Part | None:
        """Give the part of a deal of so many files, if it is known to be fine."""
        value = self.memory.find(key) if self.memory and key else None
        if value is None:
            return None
        since, _, observed, links = read(value)
        begin = instant_of(since)
        if observed != digest_of(ledger) or begin > now:
            return None
        return fine(size, tuple(map(_link, links)), begin)

    def value(self, deal: Sequence[str], part: Part, ledger: Ledger) -> str:
        """Write what is remembered of a deal that is fine; empty if it is not."""
        if part.since is None or not self.waived.isdisjoint(deal):
            return ""
        since = microseconds_of(part.since)
        tip = ledger.tip or NO_LEDGER
        return written((since, tip, digest_of(ledger), part.links))

    def add(self, found: Mapping[str, str]) -> None:
        """Keep what was found now, beside all the rest."""
        if self.memory:
            self.memory.add(found)

    def tidy(self, used: str) -> None:
        """Bring what is kept into order, without what nobody needs any more."""
        if self.memory:
            tidy(self.memory, used)


def is_known_policy(git: Git, blobs: Mapping[str, str]) -> bool:
    """Tell whether this code has judged by a policy before, so that it has no fault.

    Args:
        git: where that is kept.
        blobs: ids of the files of policy, by path.
    """
    name = stamp(blobs)
    return bool(name) and Memory(str(git.private_path(NAME)), name).is_there


def microseconds_of(instant: datetime) -> int:
    """Give an instant in microseconds since the start of 1970 in UTC."""
    return (instant - _START) // _MICROSECOND


def instant_of(microseconds: int) -> datetime:
    """Give the instant, in UTC, so many microseconds after the start of 1970."""
    return _START + microseconds * _MICROSECOND


def key_of_contents(deal: Sequence[tuple[str, Content]]) -> str:
    """Give the key of a deal; empty if a file of it cannot be read."""
    blobs = [(p, blob_of(c)) for p, c in deal if isinstance(c, bytes)]
    return key_of(blobs) if len(blobs) == len(deal) else ""


def key_of_ids(deal: Sequence[str], tell: Ids) -> str:
    """Give the same by ids that are known already; empty if one is not."""
    blobs = [tell(path) for path in deal]
    return "" if "" in blobs else key_of(zip(deal, blobs, strict=True))


def digest_of(ledger: Ledger) -> str:
    """Sum up what the ledger says of a deal."""
    if not ledger.tip:
        return NO_LEDGER
    total = sha256()
    for kind, name in sorted(ledger.entries):
        entry = ledger.entries[kind, name]
        total.update(f"\0{kind} {name} ".encode() + entry_bytes(entry))
    return total.hexdigest()[:40]


def _link(text: str) -> str:
    return bytes.fromhex(text).decode("utf-8", "surrogatepass")
