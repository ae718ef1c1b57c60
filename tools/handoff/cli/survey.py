"""What commands show of all deals, gathered where each deal is evaluated.

A deal is evaluated with all its files and forgotten again; what is kept of it is what
the command asked for, so that memory holds little more than what will be printed.
"""

import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from handoff.cli.standings import Standings
from handoff.cli.whole import Whole
from handoff.evaluation.parts import Ties, tied, ties_of
from handoff.evaluation.report import Frame, Report, evaluate
from handoff.records.ledger import joined, oldest
from handoff.records.register import Register
from handoff.repository.git import Git
from handoff.repository.ledger import Ledger
from handoff.views.standing import Standing, standing_of

_Share = TypeVar("_Share")


@dataclass(frozen=True, slots=True)
class Wanted(Generic[_Share]):
    """What somebody makes of every deal.

    Attributes:
        of_report: makes of the report of some deals what is wanted of it, without the
            documents in it: that goes from one process to another.
        of_standing: makes the same of what is remembered of some deals, or `None` if
            it needs more; `None` where nothing remembered will do.
        fewer: puts what was made of several deals into less.
    """

    of_report: Callable[[Report], _Share]
    of_standing: Callable[[Standing, Frame], _Share | None] | None = None
    fewer: Callable[[list[_Share]], list[_Share]] = list


def survey(
    whole: Whole,
    frame: Frame,
    wanted: Wanted[_Share],
    *,
    is_replay: bool,
    git: Git | None = None,
) -> Iterator[_Share]:
    """Evaluate every deal, and give what somebody makes of their reports.

    Args:
        whole: all records.
        frame: what is asked about them.
        wanted: what is made of them.
        is_replay: whether the instant lies in the past on purpose.
        git: where to remember which deals are over; `None` to evaluate everything.

    Returns:
        What was made of all reports, in no particular order.
    """
    memory = Standings.open(git if whole.is_large else None, frame.policy)
    begin = oldest(frame.ledger)
    parts = [*whole.parts(_Surveying(frame, wanted, begin, is_replay, memory))]
    while parts:
        part = parts.pop()
        yield from part.shares
        for packed in part.packed:
            yield from pickle.loads(packed)  # noqa: S301 - packed below


@dataclass(frozen=True, slots=True)
class _Part(Generic[_Share]):
    """What was made of some deals; `packed` takes a tenth of the room."""

    ties: Ties
    shares: tuple[_Share, ...] = ()
    packed: tuple[bytes, ...] = ()
    standing: Standing | None = None

    @property
    def links(self) -> tuple[str, ...]:
        return self.ties.links

    @property
    def absent(self) -> tuple[str, ...]:
        return self.ties.absent

    @property
    def unread(self) -> tuple[str, ...]:
        return self.ties.unread


@dataclass(frozen=True, slots=True)
class _Surveying(Generic[_Share]):
    """See `handoff.cli.whole.Errand`."""

    frame: Frame
    wanted: Wanted[_Share]
    begin: Ledger
    is_replay: bool
    memory: Standings

    @property
    def remembers(self) -> bool:
        return self.memory.memory is not None

    def recall(
        self, key: str, _deal: Sequence[str], ledger: Ledger
    ) -> _Part[_Share] | None:
        frame, make = self.frame, self.wanted.of_standing
        found = self.memory.find(key, self._since(ledger), frame.now)
        share = make(found[0], frame) if make and found else None
        if found is None or share is None:
            return None
        return _Part(Ties(found[1], (), ()), (share,))

    def ask(self, register: Register, ledger: Ledger) -> _Part[_Share]:
        frame = self.frame
        report = evaluate(
            register,
            frame.policy,
            frame.now,
            rev=frame.rev,
            is_replay=self.is_replay,
            ledger=self._since(ledger),
        )
        report = replace(report, branches=frame.branches, clashes=frame.clashes)
        standing = standing_of(report) if self.remembers else None
        shares = (self.wanted.of_report(report),)
        return _Part(ties_of(register), shares, standing=standing)

    def together(self, parts: Sequence[_Part[_Share]]) -> _Part[_Share]:
        shares = self.wanted.fewer([share for part in parts for share in part.shares])
        packed = pickle.dumps(shares, pickle.HIGHEST_PROTOCOL)
        return _Part(tied(part.ties for part in parts), packed=(packed,))

    def value(
        self, key: str, part: _Part[_Share], _deal: Sequence[str], ledger: Ledger
    ) -> str:
        if part.standing is None or part.absent:
            return ""
        return self.memory.value(key, part.standing, part.links, self._since(ledger))

    def add(self, found: Mapping[str, str]) -> None:
        self.memory.add(found)

    def tidy(self, used: str) -> None:
        self.memory.tidy(used)

    def _since(self, ledger: Ledger) -> Ledger:
        """Add to what the ledger says of a deal when it begins."""
        if not self.begin.entries:
            return ledger
        return joined(ledger.tip, (self.begin, ledger))
