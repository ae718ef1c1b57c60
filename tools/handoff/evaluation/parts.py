"""The verdict on a repository of any size, put together from batches of deals.

Deals say nothing about each other, but for three things: a packet may name an
opportunity that its name does not fit, a deal of another system may be linked twice,
and a reference that leads nowhere is answered with the nearest name there is. Batches
that are entangled in that way are judged once more, together.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from handoff.evaluation.judgement import judge
from handoff.evaluation.judging import policy_defects
from handoff.evaluation.ledger_defects import ledger_defects
from handoff.evaluation.waiving import Waived
from handoff.model.identity import Kind, tree_of
from handoff.model.instant import day_of
from handoff.model.verdict import Verdict
from handoff.policy.policy import Policy
from handoff.records.record import Opportunity
from handoff.records.register import Register
from handoff.repository.ledger import Ledger

Batches = Sequence[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Part:
    """What the rules say about one batch, and what ties it to others.

    Attributes:
        links: the deals of other systems that its opportunities link to.
        absent: ids of opportunities that its packets name and it does not hold.
        unread: paths of its opportunities that cannot be evaluated.
    """

    verdict: Verdict
    waived: tuple[Waived, ...]
    links: tuple[str, ...]
    absent: tuple[str, ...]
    unread: tuple[str, ...]


def judge_part(
    register: Register,
    policy: Policy,
    now: datetime,
    *,
    is_replay: bool,
    ledger: Ledger,
) -> Part:
    """Judge one batch as if there were no other; see `handoff.evaluation.judgement`."""
    judgement = judge(register, policy, now, is_replay=is_replay, ledger=ledger)
    held = {path.rpartition("/")[2].removesuffix(".md") for path in register.files}
    named = {packet.opportunity for packet in register.packets.values()}
    return Part(
        judgement.verdict,
        judgement.waived,
        links=tuple(register.by_deal),
        absent=tuple(sorted(named - held)),
        unread=tuple(
            path
            for path, file in register.files.items()
            if tree_of(path) is Kind.OPPORTUNITY
            and not isinstance(file.record, Opportunity)
        ),
    )


def entangled(parts: Sequence[Part], batches: Batches) -> tuple[int, ...]:
    """Give the numbers of the batches that cannot be judged apart."""
    if len(batches) == 1:
        return ()
    times = Counter(link for part in parts for link in part.links)
    absent = {name for part in parts for name in part.absent}
    names = {f"{name}.md" for name in absent}
    return tuple(
        number
        for number, part in enumerate(parts)
        if part.absent
        or any(times[link] > 1 for link in part.links)
        or (names and any(p.rpartition("/")[2] in names for p in batches[number]))
    )


def elsewhere(
    parts: Sequence[Part], batches: Batches, together: Iterable[int]
) -> Iterator[str]:
    """Name the opportunities that can be evaluated in all other batches."""
    for number in sorted(set(range(len(batches))) - set(together)):
        unread = set(parts[number].unread)
        for path in batches[number]:
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
    all_parts = tuple(parts)
    today = day_of(now, policy.zone)
    waived = tuple(entry for part in all_parts for entry in part.waived)
    verdicts = [part.verdict for part in all_parts]
    found = [each for verdict in verdicts for each in verdict.diagnostics]
    found += policy_defects(excused, policy, waived, today)
    found += ledger_defects(ledger, policy)
    found += [each for verdict in verdicts for each in verdict.shadow]
    found.sort(key=lambda diagnostic: diagnostic.order)
    return Verdict(
        sum(verdict.files_listed for verdict in verdicts),
        sum(verdict.files_judged for verdict in verdicts),
        tuple(each for each in found if each.rule not in policy.shadow),
        tuple(each for each in found if each.rule in policy.shadow),
    )
