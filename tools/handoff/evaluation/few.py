"""The verdict on a few files: by their deals, as long as all of those are fine.

A deal in which nothing is found when all its files are judged together has nothing
found in any of them when it is judged with what it refers to: every packet of it is
named after an opportunity of it, so that both ways the same files are looked at.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from handoff.evaluation.fine import are_apart
from handoff.evaluation.known import Known, key_of_contents
from handoff.evaluation.parts import Part, judge_part
from handoff.model.identity import TREES, Kind, tree_of
from handoff.model.verdict import Verdict
from handoff.policy.policy import Policy
from handoff.records.batches import deal_of
from handoff.records.ledger import of_records
from handoff.records.reading import read_file
from handoff.records.register import Register
from handoff.repository.git import Git
from handoff.repository.ledger import EMPTY, Ledger
from handoff.repository.snapshot import Content, Snapshot

_FEW = 50  # files: more are told apart sooner by judging them all


@dataclass(frozen=True, slots=True)
class Few:
    """What a few files are judged by.

    Attributes:
        snapshot: all files.
        policy: from the same snapshot.
        now: the instant to judge for, in UTC.
        is_replay: whether `now` lies in the past on purpose.
        read_ledger: gives what bots observed; asked where a packet is among the files.
        git: where to remember which deals are fine; `None` to judge everything.
    """

    snapshot: Snapshot
    policy: Policy
    now: datetime
    is_replay: bool
    read_ledger: Callable[[], Ledger]
    git: Git | None

    def judge(self, paths: Iterable[str]) -> Verdict | None:
        """Judge some files; `None` if anything may be found in one of them."""
        wanted = frozenset(paths)
        deals = self._deals(wanted)
        waived = {waiver.record for waiver in self.policy.waivers}
        if not deals or any(path in waived for deal in deals for path in deal):
            return None
        contents = dict(self.snapshot.read_many(p for deal in deals for p in deal))
        packets = any(tree_of(path) is Kind.PACKET for path in contents)
        ledger = self.read_ledger() if packets else EMPTY
        pairs = {deal: [(path, contents[path]) for path in deal] for deal in deals}
        keys = {
            deal: key_of_contents(pairs[deal]) if self.git else "" for deal in deals
        }
        known = Known.open(self.git, self.policy)
        found: dict[str, str] = {}
        links: list[str] = []
        for deal, key in keys.items():
            observed = of_records(ledger, deal)
            part = known.part(key, len(deal), observed, self.now)
            part = part or self._part(pairs[deal], observed)
            if part.since is None:
                return None
            links += part.links
            if key and (value := known.value(deal, part, observed)):
                found[key] = value
        known.add(found)
        size = len(wanted)
        return Verdict(size, size, ()) if are_apart(links) else None

    def _deals(self, wanted: frozenset[str]) -> Sequence[tuple[str, ...]]:
        """Give the deals of the files; none if names do not tell them apart."""
        if len(wanted) > _FEW:
            return ()
        known = self.snapshot.paths(*TREES.values())
        deals = {deal_of(path, known) for path in sorted(wanted)}
        return () if () in deals else sorted(deals)

    def _part(self, deal: Sequence[tuple[str, Content]], ledger: Ledger) -> Part:
        files = {path: read_file(path, content, self.policy) for path, content in deal}
        return judge_part(
            Register(files, tuple(files)),
            self.policy,
            self.now,
            is_replay=self.is_replay,
            ledger=ledger,
        )
