"""What is remembered of deals, so that those of which nothing changed are not read.

Kept in the git directory under the ids of a deal's contents and their paths, with the
stretch of time for which it holds; safe to delete. Another version of the tool, the
policy or the rules of time zones remembers for itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from handoff.evaluation.fine import stamp
from handoff.evaluation.known import digest_of, instant_of, microseconds_of
from handoff.model.intervals import FOREVER, Interval
from handoff.policy.policy import Policy
from handoff.repository.git import Git
from handoff.repository.ledger import Ledger
from handoff.repository.remembered import Memory, tidy
from handoff.repository.zone_rules import zone_rules_version
from handoff.views.standing import Standing
from handoff.views.standing_text import read, written

_NAME = "handoff/standing"


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is kept of a deal: a stretch of time, and what stands in it."""

    stretch: Interval
    text: str

    def holds(self, now: datetime) -> bool:
        return self.stretch.start <= now < self.stretch.until


@dataclass(frozen=True, slots=True)
class Standings:
    """What earlier runs found deals to be, and for how long.

    Attributes:
        policy: of the snapshot.
        memory: where it is kept; `None` if nothing is.
    """

    policy: Policy
    memory: Memory | None = None

    @classmethod
    def open(cls, git: Git | None, policy: Policy) -> Self:
        """Recall what this tool found under this policy; nothing without a place."""
        name = stamp(policy.blobs) if git else ""
        if git is None or not name:
            return cls(policy)
        name = f"{name} {zone_rules_version()}"
        return cls(policy, Memory(str(git.private_path(_NAME)), name))

    def find(
        self, key: str, ledger: Ledger, now: datetime
    ) -> tuple[Standing, tuple[str, ...]] | None:
        """Give what is known of a deal, and its links; `None` if it may be otherwise.

        Args:
            key: of its contents.
            ledger: what it says of the deal, and when it begins.
            now: the instant asked about.
        """
        kept = self._kept(key, ledger)
        if kept is None or not kept.holds(now):
            return None
        return read(kept.text, kept.stretch, self.policy)

    def value(
        self, key: str, standing: Standing, links: tuple[str, ...], ledger: Ledger
    ) -> str:
        """Write what was found of a deal; nothing where what is kept is worth more.

        That is where it holds at the same instant or, where the two stretches do not
        meet, later: people ask about now.
        """
        since, until = standing.stretch.start, standing.stretch.until
        kept = self._kept(key, ledger)
        if kept and (kept.holds(since) or until <= kept.stretch.start):
            return ""
        stretch = f"{microseconds_of(since)} {microseconds_of(until)}"
        text = written(standing, links, self.policy)
        return f"{stretch} {digest_of(ledger)} {text}"

    def add(self, found: Mapping[str, str]) -> None:
        """Keep what was found now, beside all the rest."""
        if self.memory:
            self.memory.add(found)

    def tidy(self, used: str) -> None:
        """Bring what is kept into order, without what nobody needs any more."""
        if self.memory:
            tidy(self.memory, used)

    def _kept(self, key: str, ledger: Ledger) -> _Kept | None:
        told = self.memory.find(key) if self.memory else None
        if told is None:
            return None
        since, until, observed, text = told.split(" ", 3)
        if observed != digest_of(ledger):
            return None
        begin, end = instant_of(int(since)), instant_of(int(until))
        return _Kept(Interval(begin, None if end == FOREVER else end), text)
