"""What is remembered of deals that are over, so that they are not evaluated again.

Kept in the git directory under the ids of a deal's contents and their paths; safe to
delete. Another version of the tool, the policy or the rules of time zones remembers
for itself.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Self

from handoff.evaluation.fine import stamp
from handoff.evaluation.known import digest_of
from handoff.policy.policy import Policy
from handoff.repository.git import Git
from handoff.repository.ledger import Ledger
from handoff.repository.remembered import Memory, tidy
from handoff.repository.zone_rules import zone_rules_version
from handoff.views.cards import Card
from handoff.views.quiet import Quiet

_NAME = "handoff/quiet"


@dataclass(frozen=True, slots=True)
class Quieted:
    """What earlier runs found to be over.

    Attributes:
        memory: where it is kept; `None` if nothing is.
    """

    memory: Memory | None = None

    @classmethod
    def open(cls, git: Git | None, policy: Policy) -> Self:
        """Recall what this tool found under this policy; nothing without a place."""
        name = stamp(policy.blobs) if git else ""
        if git is None or not name:
            return cls()
        name = f"{name} {zone_rules_version()}"
        return cls(Memory(str(git.private_path(_NAME)), name))

    def find(
        self, key: str, ledger: Ledger, now: datetime
    ) -> tuple[Quiet, tuple[str, ...]] | None:
        """Give what is known of a deal, and its links; `None` if it may be otherwise.

        Args:
            key: of its contents.
            ledger: what it says of the deal, and when it begins.
            now: the instant asked about.
        """
        if not self.memory or (told := self.memory.find(key)) is None:
            return None
        since, observed, links, *quiet = json.loads(told)
        is_known = datetime.fromisoformat(since) <= now and observed == digest_of(
            ledger
        )
        return (_read(*quiet), tuple(links)) if is_known else None

    def value(
        self, quiet: Quiet, links: tuple[str, ...], ledger: Ledger, now: datetime
    ) -> str:
        """Write what was found of a deal at an instant."""
        since = now.astimezone(UTC).isoformat()
        return json.dumps([since, digest_of(ledger), links, *_written(quiet)])

    def add(self, found: Mapping[str, str]) -> None:
        """Keep what was found now, beside all the rest."""
        if self.memory:
            self.memory.add(found)

    def tidy(self, used: str) -> None:
        """Bring what is kept into order, without what nobody needs any more."""
        if self.memory:
            tidy(self.memory, used)


def _written(quiet: Quiet) -> list[object]:
    cards = [
        (c.id, c.company, c.owner, c.stage, c.since and c.since.isoformat(), c.missing)
        for c in quiet.cards
    ]
    days = sorted(day.isoformat() for day in quiet.days)
    spells = [(first.isoformat(), last.isoformat()) for first, last in quiet.spells]
    return [cards, dict(quiet.readings), days, spells]


def _read(
    cards: list[list[Any]],
    readings: dict[str, int],
    days: list[str],
    spells: list[list[str]],
) -> Quiet:
    return Quiet(
        tuple(_card(*card) for card in cards),
        readings,
        frozenset(map(date.fromisoformat, days)),
        tuple((date.fromisoformat(a), date.fromisoformat(b)) for a, b in spells),
    )


def _card(  # noqa: PLR0913, PLR0917 - in the order in which they are written
    name: str,
    company: str,
    owner: str,
    stage: str,
    since: str | None,
    missing: int | None,
) -> Card:
    entered = datetime.fromisoformat(since) if since else None
    return Card(
        name,
        company,
        owner,
        stage,
        is_open=False,
        since=entered,
        next=None,
        is_overdue=False,
        is_on_hold=False,
        missing=missing,
        breaches=(),
    )
