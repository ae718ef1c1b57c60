"""From approvals to evidence: what to look at, and what to record of it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from handoff.authoring.approval import (
    entry_of,
    is_claimed,
    review_number,
    said_of,
    standing,
    void_of,
)
from handoff.connectors.approvals import Desk
from handoff.connectors.http import UnreachableError
from handoff.connectors.metering import SpentError
from handoff.evaluation.approval_run import Findings, Looked, Trouble
from handoff.model.entry import Entry, EntryKind
from handoff.model.errors import HandoffError
from handoff.model.instant import Moment, parse_instant
from handoff.model.review import Verdict
from handoff.policy.policy import Policy
from handoff.records.record import Packet
from handoff.records.register import Register
from handoff.repository.history import History
from handoff.repository.ledger import Ledger

_MOST_PACKETS = 100
_TOUCHES = 3
_WATCHED_FOR = timedelta(days=30)
_HOPELESS = (SpentError, UnreachableError)


def waiting_packets(
    register: Register, ledger: Ledger, policy: Policy
) -> tuple[Packet, ...]:
    """List the filed packets nobody has acknowledged as they are, newest filing first.

    Those filed before policy was enforced are history, and wait for nobody.
    """
    found: list[tuple[datetime, Packet]] = []
    for packet in register.packets.values():
        opportunity = register.opportunities.get(packet.opportunity)
        filed = packet.filed.moment.instant if packet.filed else None
        if opportunity is None or filed is None:
            continue
        said = said_of(packet.id, ledger)
        stands = is_claimed(packet, opportunity, said)
        stands = stands or standing(packet, opportunity, said) is not None
        if not stands and policy.is_enforced(Moment(filed), packet.identity.day):
            found.append((filed, packet))
    found.sort(key=lambda pair: (pair[0], pair[1].id), reverse=True)
    return tuple(packet for _, packet in found)


def find(
    desk: Desk, packets: Iterable[Packet], history: History, ledger: Ledger
) -> Findings:
    """Look at the pull requests that brought packets, and at the open ones.

    Args:
        desk: where to look.
        packets: those that wait.
        history: of the default branch, to know which commits touched them.
        ledger: what is recorded already.

    Returns:
        What is new. A look-up that fails is told and decides nothing; where the forge
        does not answer at all, the run ends there.
    """
    waiting = tuple(packets)
    chosen = waiting[:_MOST_PACKETS]
    run = _Run(desk, {}, [], [])
    run.each(
        ("the open pull requests", lambda: run.look_at(desk.open_pulls())),
        *((p.id, _brought(run, p, history)) for p in chosen),
        *((str(e.body.get("packet")), _watch(run, e)) for e in _recent(desk, ledger)),
    )
    return run.findings(ledger, waiting, len(waiting) - len(chosen))


def find_in(
    desk: Desk, number: int, waiting: Iterable[Packet], ledger: Ledger
) -> Findings:
    """Look at one pull request alone."""
    run = _Run(desk, {}, [], [])
    run.each((f"#{number}", lambda: run.look_at([number])))
    return run.findings(ledger, tuple(waiting), 0)


@dataclass(frozen=True, slots=True)
class _Run:
    desk: Desk
    looked: dict[int, Looked]
    voids: list[Entry]
    troubles: list[Trouble]

    def each(self, *tasks: tuple[str, Callable[[], None]]) -> None:
        """Do one after the other; one that fails is told, and ends all if hopeless."""
        for about, task in tasks:
            try:
                task()
            except HandoffError as error:
                self.troubles.append(Trouble(about, error))
                if isinstance(error, _HOPELESS):
                    return

    def look_at(self, numbers: Iterable[int]) -> None:
        """Look at pull requests, at each once."""
        for number in numbers:
            if number not in self.looked:
                self.looked[number] = self.desk.look(number)

    def findings(
        self, ledger: Ledger, waiting: tuple[Packet, ...], unseen: int
    ) -> Findings:
        """Sum up."""
        seen = tuple(self.looked[number] for number in sorted(self.looked))
        found = [*_entries(seen), *self.voids]
        new = tuple(e for e in found if ledger.get(e.kind, e.key) is None)
        ids = tuple(packet.id for packet in waiting)
        return Findings(seen, new, tuple(self.troubles), ids, unseen)


def _entries(looked: Iterable[Looked]) -> Iterator[Entry]:
    for each in looked:
        for outcome in each.outcomes if each.packet else ():
            if entry := entry_of(outcome, each.packet, each.number):
                yield entry


def _brought(run: _Run, packet: Packet, history: History) -> Callable[[], None]:
    """Look at the pull requests of the latest commits that touched a packet."""

    def look() -> None:
        touches = [t for t in history.touches(packet.path) if t.landed]
        for touch in touches[: -_TOUCHES - 1 : -1]:
            run.look_at(run.desk.github.pulls_with(touch.commit))

    return look


def _recent(desk: Desk, ledger: Ledger) -> Iterator[Entry]:
    """Give the acknowledgements whose approval may still be dismissed."""
    for entry in ledger.of(EntryKind.ACKNOWLEDGEMENT):
        at = parse_instant(str(entry.body.get("at")))
        is_void = ledger.get(EntryKind.VOID, entry.key) is not None
        if at and desk.now - at <= _WATCHED_FOR and not is_void:
            yield entry


def _watch(run: _Run, entry: Entry) -> Callable[[], None]:
    """Notice that an approval was dismissed after it acknowledged a packet."""

    def look() -> None:
        pull, review = entry.body.get("pull"), review_number(entry)
        if isinstance(pull, int) and review:
            found = run.desk.github.review(pull, review)
            if found.verdict is Verdict.DISMISSED:
                run.voids.append(void_of(entry, run.desk.now))

    return look
