"""The whole repository judged, in batches, by as many processes as pay."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from itertools import islice

from handoff.cli.progress import counted
from handoff.cli.workers import processors, spread
from handoff.evaluation.parts import (
    Batches,
    Part,
    combine,
    elsewhere,
    entangled,
    judge_part,
)
from handoff.model.identity import is_near_tree
from handoff.model.verdict import Verdict
from handoff.policy.policy import Policy
from handoff.records.batches import split
from handoff.records.ledger import by_subject, joined
from handoff.records.reading import read_file
from handoff.records.register import Register
from handoff.repository.ledger import Ledger
from handoff.repository.snapshot import Snapshot

_SIZE = 120  # files of a batch: few to hold, enough to be worth a message
_FEWEST = 500  # files: fewer are judged sooner than a second process is at work


@dataclass(frozen=True)
class Whole:
    """Everything there is to judge at one moment; a few deals of it are held at a time.

    Attributes:
        snapshot: the files.
        policy: from the same snapshot.
        now: the instant to judge for, in UTC.
        ledger: what bots observed.
        is_replay: whether `now` lies in the past on purpose.
    """

    snapshot: Snapshot
    policy: Policy
    now: datetime
    ledger: Ledger
    is_replay: bool

    def judge(self) -> Verdict:
        """Judge every file of the two trees."""
        listed = frozenset(p for p in self.snapshot.paths() if is_near_tree(p))
        batches = split(sorted(listed), _SIZE)
        workers = processors() if len(listed) >= _FEWEST else 1
        sizes = [len(batch) for batch in batches]

        def work(numbers: Iterable[int]) -> Iterator[Part]:
            return map(self._part, self._read([batches[n] for n in numbers]))

        parts = [*counted(spread(work, len(batches), workers), sizes)]
        parts = self._disentangled(parts, batches)
        named = {waiver.record for waiver in self.policy.waivers}
        excused = next(self._read([tuple(sorted(named & listed))]))
        return combine(parts, excused, self.policy, self.now, self.ledger)

    def _disentangled(self, parts: list[Part], batches: Batches) -> list[Part]:
        """Judge batches that depend on each other once more, together."""
        numbers = frozenset(entangled(parts, batches))
        if not numbers:
            return parts
        paths = tuple(path for number in sorted(numbers) for path in batches[number])
        names = tuple(elsewhere(parts, batches, numbers))
        together = replace(next(self._read([paths])), elsewhere=names)
        apart = [part for number, part in enumerate(parts) if number not in numbers]
        return [*apart, self._part(together)]

    def _read(self, batches: Batches) -> Iterator[Register]:
        """Read batch after batch in one go."""
        paths = [path for batch in batches for path in batch]
        contents = self.snapshot.read_many(paths)
        for batch in batches:
            pairs = islice(contents, len(batch))
            files = {path: read_file(path, c, self.policy) for path, c in pairs}
            yield Register(files, batch)

    def _part(self, register: Register) -> Part:
        known = (self._observed.get(name) for name in _ids(register.judged))
        return judge_part(
            register,
            self.policy,
            self.now,
            is_replay=self.is_replay,
            ledger=joined(self.ledger.tip, filter(None, known)),
        )

    @cached_property
    def _observed(self) -> dict[str, Ledger]:
        return dict(by_subject(self.ledger))


def _ids(paths: Iterable[str]) -> Iterator[str]:
    return (path.rpartition("/")[2].removesuffix(".md") for path in paths)
