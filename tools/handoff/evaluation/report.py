"""The single entry point: all that can be said about a snapshot at one instant."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from handoff.evaluation.clocks import read_clocks
from handoff.evaluation.deal import Deal
from handoff.evaluation.gates import Missing
from handoff.evaluation.judgement import judge
from handoff.evaluation.reading import Reading
from handoff.evaluation.status import Status, status_of
from handoff.evaluation.waiving import Waived
from handoff.model.verdict import Verdict
from handoff.policy.policy import Policy
from handoff.records.branches import Clash
from handoff.records.fact import Fact
from handoff.records.register import Register
from handoff.repository.ledger import EMPTY, Ledger


@dataclass(frozen=True, slots=True)
class Frame:
    """What was asked, whatever the answer: at which instant, of what, by which policy.

    Attributes:
        now: the instant, in UTC.
        rev: the snapshot: a commit id, `index` or `worktree`.
        ledger: what bots observed, all of it.
        branches: of each record that waits on a branch, the name of that branch.
        clashes: records of which branches hold versions that cannot be shown together.
    """

    now: datetime
    rev: str
    policy: Policy
    ledger: Ledger = EMPTY
    branches: Mapping[str, str] = field(default_factory=dict)
    clashes: tuple[Clash, ...] = ()

    def branches_of(self, paths: Iterable[str]) -> tuple[str, ...]:
        """Name the branches on which some records wait, in the order of the records."""
        found = (self.branches[path] for path in paths if path in self.branches)
        return tuple(dict.fromkeys(found))

    def branch_of(self, deal: Deal, *facts: Fact | None) -> str:
        """Name the branch on which something of a deal waits; empty if nothing does.

        Args:
            deal: the deal.
            facts: what the answer is about, of which the first that waits counts; if
                there is none, all branches of the deal and its packets are named.
        """
        about = [fact.path for fact in facts if fact]
        paths = about or [packet.path for packet in deal.packets]
        found = self.branches_of((*paths, deal.opportunity.path))
        return next(iter(found), "") if about else ", ".join(found)


@dataclass(frozen=True, slots=True)
class Report:
    """Everything evaluation produced, of all deals or of some.

    Attributes:
        now: the instant it was computed for, in UTC.
        rev: the snapshot: a commit id, `index` or `worktree`.
        ledger: what bots observed: all of it, or what is about these deals.
        statuses: one per deal that exists at `now`, in the order of their paths.
        readings: of every clock that counts, by deal.
        shadow: of every clock that is only tried out.
        not_evaluated: paths of records whose shape keeps them from being evaluated.
        branches: of each record that waits on a branch, the name of that branch.
        clashes: records of which branches hold versions that cannot be shown together.
    """

    now: datetime
    rev: str
    policy: Policy
    register: Register
    ledger: Ledger
    verdict: Verdict
    waived: tuple[Waived, ...]
    statuses: tuple[Status, ...]
    readings: tuple[Reading, ...]
    shadow: tuple[Reading, ...]
    not_evaluated: tuple[str, ...]
    branches: Mapping[str, str] = field(default_factory=dict)
    clashes: tuple[Clash, ...] = ()

    @property
    def frame(self) -> Frame:
        """What it is an answer to."""
        where = (self.branches, self.clashes)
        return Frame(self.now, self.rev, self.policy, self.ledger, *where)


def evaluate(  # noqa: PLR0913 - one parameter for each thing a verdict rests on
    register: Register,
    policy: Policy,
    now: datetime,
    *,
    rev: str,
    is_replay: bool,
    ledger: Ledger = EMPTY,
) -> Report:
    """Judge all records and compute stages, clocks and what is missing.

    Args:
        register: the records, from one snapshot.
        policy: from the same snapshot.
        now: the instant to evaluate for, in UTC.
        rev: name of the snapshot, repeated in the report.
        is_replay: whether `now` lies in the past on purpose.
        ledger: what bots observed; entries later than `now` do not exist.
    """
    judgement = judge(register, policy, now, is_replay=is_replay, ledger=ledger)
    folded, errors = judgement.folded, judgement.packet_errors
    readings = tuple(r for deal, _ in folded for r in read_clocks(deal, policy, now))
    return Report(
        now=now,
        rev=rev,
        policy=policy,
        register=register,
        ledger=ledger,
        verdict=judgement.verdict,
        waived=judgement.waived,
        statuses=tuple(
            status_of(deal, progress, policy, _packet_errors(deal, errors), now)
            for deal, progress in folded
        ),
        readings=tuple(r for r in readings if not r.clock.is_shadow),
        shadow=tuple(r for r in readings if r.clock.is_shadow),
        not_evaluated=tuple(
            path for path, file in sorted(register.files.items()) if not file.record
        ),
    )


def _packet_errors(deal: Deal, errors: Mapping[str, int]) -> tuple[Missing, ...]:
    """Say which packets of a deal do not count as filed because of their errors."""
    counted = ((packet.path, errors[packet.path]) for packet in deal.packets)
    return tuple(
        Missing("packet", path, f"packet `{path}` without its errors ({count} now)")
        for path, count in counted
        if count
    )
