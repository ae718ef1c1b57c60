"""The verdict on a repository of any size, put together from those on its deals.

Deals say nothing about each other, but for three things: a packet may name an
opportunity that its name does not fit, a deal of another system may be linked twice,
and a reference that leads nowhere is answered with the nearest name there is. Batches
that are entangled in that way are judged once more, together.

A deal without any finding stays without one as long as its files, the policy and the
ledger stay as they are and every fact in it has happened: time only makes clocks run,
and waivers end. So what is surely fine can be remembered.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Protocol

from handoff.evaluation.judgement import Judgement, judge
from handoff.evaluation.judging import policy_defects
from handoff.evaluation.ledger_defects import ledger_defects
from handoff.evaluation.waiving import Waived
from handoff.model.identity import Kind, tree_of
from handoff.model.instant import day_of
from handoff.model.verdict import Verdict
from handoff.policy.policy import Policy
from handoff.records.batches import Batch, files
from handoff.records.fact import Fact
from handoff.records.ledger import read_entry
from handoff.records.record import Opportunity, Record
from handoff.records.register import Register
from handoff.repository.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Part:
    """What the rules say about some deals, each judged alone, and what ties them.

    Attributes:
        links: the deals of other systems that its opportunities link to.
        absent: ids of opportunities that its packets name and it does not hold.
        unread: paths of its opportunities that cannot be evaluated.
        since: the instant from which on nothing is found in it; `None` if anything is.
    """

    verdict: Verdict
    waived: tuple[Waived, ...]
    links: tuple[str, ...]
    absent: tuple[str, ...]
    unread: tuple[str, ...]
    since: datetime | None = None


class Tied(Protocol):
    """What may tie some deals to others; see `Part` and `ties_of`."""

    @property
    def links(self) -> tuple[str, ...]:
        """The deals of other systems that its opportunities link to."""

    @property
    def absent(self) -> tuple[str, ...]:
        """Ids of opportunities that its packets name and it does not hold."""

    @property
    def unread(self) -> tuple[str, ...]:
        """Paths of its opportunities that cannot be evaluated."""


@dataclass(frozen=True, slots=True)
class Ties:
    """What may tie some deals to others, and nothing else of them."""

    links: tuple[str, ...]
    absent: tuple[str, ...]
    unread: tuple[str, ...]


def ties_of(register: Register) -> Ties:
    """Say what may tie the deals of a register to others."""
    held = {path.rpartition("/")[2].removesuffix(".md") for path in register.files}
    named = {packet.opportunity for packet in register.packets.values()}
    return Ties(
        links=tuple(register.by_deal),
        absent=tuple(sorted(named - held)),
        unread=tuple(
            path
            for path, file in register.files.items()
            if tree_of(path) is Kind.OPPORTUNITY
            and not isinstance(file.record, Opportunity)
        ),
    )


def tied(every: Iterable[Ties]) -> Ties:
    """Put what may tie several deals to others into one."""
    ties = tuple(every)
    return Ties(
        links=tuple(link for each in ties for link in each.links),
        absent=tuple(name for each in ties for name in each.absent),
        unread=tuple(path for each in ties for path in each.unread),
    )


def fine(size: int, links: tuple[str, ...], since: datetime) -> Part:
    """Give the part of a deal of so many files that is known to be without findings."""
    return Part(_fine(size), (), links, (), (), since)


@cache
def _fine(size: int) -> Verdict:
    return Verdict(size, size, ())


def together(parts: Iterable[Part]) -> Part:
    """Put the parts of several deals into one."""
    every = tuple(parts)
    verdicts = [part.verdict for part in every]
    return Part(
        Verdict(
            sum(verdict.files_listed for verdict in verdicts),
            sum(verdict.files_judged for verdict in verdicts),
            tuple(each for verdict in verdicts for each in verdict.diagnostics),
            tuple(each for verdict in verdicts for each in verdict.shadow),
        ),
        tuple(entry for part in every for entry in part.waived),
        tuple(link for part in every for link in part.links),
        tuple(name for part in every for name in part.absent),
        tuple(path for part in every for path in part.unread),
    )


def judge_part(
    register: Register,
    policy: Policy,
    now: datetime,
    *,
    is_replay: bool,
    ledger: Ledger,
) -> Part:
    """Judge one deal as if there were no other; see `handoff.evaluation.judgement`."""
    judgement = judge(register, policy, now, is_replay=is_replay, ledger=ledger)
    ties = ties_of(register)
    return Part(
        judgement.verdict,
        judgement.waived,
        ties.links,
        ties.absent,
        ties.unread,
        since=None if _says(judgement) else latest_of(register, ledger, now),
    )


def _says(judgement: Judgement) -> bool:
    """Tell whether anything at all was found."""
    verdict = judgement.verdict
    is_all = verdict.files_listed == verdict.files_judged
    return bool(verdict.diagnostics or verdict.shadow or judgement.waived) or not is_all


def latest_of(register: Register, ledger: Ledger, now: datetime) -> datetime | None:
    """Give the latest instant on record; `None` if it is still to come."""
    records = (file.record for file in register.files.values())
    own = (fact for record in records if record for fact in _facts(record))
    observed = (read_entry(entry) for entry in ledger.entries.values())
    facts = [fact for fact in (*own, *observed) if fact]
    instants = [at for f in facts for at in (f.moment.instant, f.recorded_at) if at]
    latest = max(instants, default=datetime.min.replace(tzinfo=UTC))
    return latest if latest <= now else None


def _facts(record: Record) -> tuple[Fact, ...]:
    return record.events if isinstance(record, Opportunity) else record.facts


def entangled(parts: Sequence[Tied], batches: Sequence[Batch]) -> tuple[int, ...]:
    """Give the numbers of the batches in which deals cannot be judged apart."""
    times = Counter(link for part in parts for link in part.links)
    absent = {name for part in parts for name in part.absent}
    names = {f"{name}.md" for name in absent}
    return tuple(
        number
        for number, part in enumerate(parts)
        if part.absent
        or any(times[link] > 1 for link in part.links)
        or (
            names and any(p.rpartition("/")[2] in names for p in files(batches[number]))
        )
    )


def elsewhere(
    parts: Sequence[Tied], batches: Sequence[Batch], numbers: Iterable[int]
) -> Iterator[str]:
    """Name the opportunities that can be evaluated in all other batches."""
    for number in sorted(set(range(len(batches))) - set(numbers)):
        unread = set(parts[number].unread)
        for path in files(batches[number]):
            if tree_of(path) is Kind.OPPORTUNITY and path not in unread:
                yield path.rpartition("/")[2].removesuffix(".md")


def combine(
    parts: Iterable[Part],
    excused: Register,
    policy: Policy,
    now: datetime,
    ledger: Ledger,
) -> Verdict:
    """Put the verdicts on all batches together, and judge what belongs to none.

    Args:
        parts: of all batches.
        excused: the records that waivers name.
        policy: from the same snapshot.
        now: the instant the parts were judged for.
        ledger: the whole of it.
    """
    whole = together(parts)
    today = day_of(now, policy.zone)
    found = [*whole.verdict.diagnostics, *whole.verdict.shadow]
    found += policy_defects(excused, policy, whole.waived, today)
    found += ledger_defects(ledger, policy)
    found.sort(key=lambda diagnostic: diagnostic.order)
    return Verdict(
        whole.verdict.files_listed,
        whole.verdict.files_judged,
        tuple(each for each in found if each.rule not in policy.shadow),
        tuple(each for each in found if each.rule in policy.shadow),
    )
