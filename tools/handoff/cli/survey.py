"""What commands show of all deals, gathered where each deal is evaluated.

A deal is evaluated with all its files and forgotten again; what is kept of it is what
the command asked for, so that memory holds little more than what will be printed.
"""

import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from handoff.cli.whole import Whole
from handoff.evaluation.parts import Ties, ties_of
from handoff.evaluation.report import Frame, Report, evaluate
from handoff.records.ledger import joined, oldest
from handoff.records.register import Register
from handoff.repository.ledger import Ledger

_Share = TypeVar("_Share")


def survey(
    whole: Whole, frame: Frame, share_of: Callable[[Report], _Share], *, is_replay: bool
) -> Iterator[_Share]:
    """Evaluate every deal, and give what somebody makes of their reports.

    Args:
        whole: all records.
        frame: what is asked about them.
        share_of: makes of the report of some deals what is wanted of it, without the
            documents in it: that goes from one process to another.
        is_replay: whether the instant lies in the past on purpose.

    Returns:
        What was made of all reports, in no particular order.
    """
    begin = oldest(frame.ledger)
    parts = [*whole.parts(_Surveying(frame, share_of, begin, is_replay))]
    while parts:
        part = parts.pop()
        yield from part.shares
        for packed in part.packed:
            yield from pickle.loads(packed)  # noqa: S301 - packed below


@dataclass(frozen=True, slots=True)
class _Part(Generic[_Share]):
    """What was made of some deals; `packed` takes a tenth of the room."""

    ties: tuple[Ties, ...]
    shares: tuple[_Share, ...] = ()
    packed: tuple[bytes, ...] = ()

    @property
    def links(self) -> tuple[str, ...]:
        return tuple(link for ties in self.ties for link in ties.links)

    @property
    def absent(self) -> tuple[str, ...]:
        return tuple(name for ties in self.ties for name in ties.absent)

    @property
    def unread(self) -> tuple[str, ...]:
        return tuple(path for ties in self.ties for path in ties.unread)


@dataclass(frozen=True, slots=True)
class _Surveying(Generic[_Share]):
    """See `handoff.cli.whole.Errand`."""

    frame: Frame
    share_of: Callable[[Report], _Share]
    begin: Ledger
    is_replay: bool

    @property
    def remembers(self) -> bool:
        return False

    def recall(
        self, _key: str, _deal: Sequence[str], _ledger: Ledger
    ) -> _Part[_Share] | None:
        return None

    def ask(self, register: Register, ledger: Ledger) -> _Part[_Share]:
        frame = self.frame
        report = evaluate(
            register,
            frame.policy,
            frame.now,
            rev=frame.rev,
            is_replay=self.is_replay,
            ledger=joined(ledger.tip, (self.begin, ledger)),
        )
        report = replace(report, branches=frame.branches, clashes=frame.clashes)
        return _Part((ties_of(register),), (self.share_of(report),))

    def together(self, parts: Sequence[_Part[_Share]]) -> _Part[_Share]:
        shares = [share for part in parts for share in part.shares]
        packed = pickle.dumps(shares, pickle.HIGHEST_PROTOCOL)
        return _Part(tuple(t for part in parts for t in part.ties), packed=(packed,))

    def value(self, _part: _Part[_Share], _deal: Sequence[str], _ledger: Ledger) -> str:
        return ""

    def keep(self, found: Mapping[str, str]) -> None:
        """Remember nothing."""
