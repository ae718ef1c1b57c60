"""The whole repository judged, in batches, by as many processes as pay."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import islice

from handoff.cli.progress import counted
from handoff.cli.workers import processors, spread
from handoff.evaluation.known import Known, key_of_contents
from handoff.evaluation.parts import (
    Part,
    combine,
    elsewhere,
    entangled,
    judge_part,
    together,
)
from handoff.model.identity import is_near_tree
from handoff.model.verdict import Verdict
from handoff.policy.policy import Policy
from handoff.records.batches import Batch, files, split
from handoff.records.ledger import by_subject, of_records
from handoff.records.reading import ReadFile, read_file
from handoff.records.register import Register
from handoff.repository.git import Git
from handoff.repository.ledger import Ledger
from handoff.repository.snapshot import Content, Snapshot

_SIZE = 120  # files of a batch: few to hold, enough to be worth a message
_FEWEST = 500  # files: fewer are judged sooner than a second process is at work

_Told = tuple[Part, dict[str, str]]
"""What came of a batch, and by key what of it is fine."""


@dataclass(frozen=True)
class Whole:
    """Everything there is to judge at one moment; a few deals of it are held at a time.

    Attributes:
        snapshot: the files.
        policy: from the same snapshot.
        now: the instant to judge for, in UTC.
        ledger: what bots observed.
        is_replay: whether `now` lies in the past on purpose.
        git: where to remember which deals are fine; `None` to judge everything.
    """

    snapshot: Snapshot
    policy: Policy
    now: datetime
    ledger: Ledger
    is_replay: bool
    git: Git | None = None

    def judge(self) -> Verdict:
        """Judge every file of the two trees."""
        listed = frozenset(p for p in self.snapshot.paths() if is_near_tree(p))
        batches = split(sorted(listed), _SIZE)
        is_large = len(listed) >= _FEWEST
        known = Known.open(self.git, self.policy)

        def work(numbers: Iterable[int]) -> Iterator[_Told]:
            return self._judge([batches[number] for number in numbers], known)

        sizes = [len(files(batch)) for batch in batches]
        told = spread(work, len(batches), processors() if is_large else 1)
        parts: list[Part] = []
        seen: dict[str, str] = {}
        for part, found in counted(told, sizes):
            parts.append(part)
            seen |= found
        known.keep(seen)
        apart = self._disentangled(parts, batches)
        excused = tuple(sorted({w.record for w in self.policy.waivers} & listed))
        register = Register(self._read(excused), excused)
        return combine(apart, register, self.policy, self.now, self.ledger)

    def _judge(self, batches: Sequence[Batch], known: Known) -> Iterator[_Told]:
        """Judge batch after batch, deal after deal, but for those known to be fine."""
        contents = self.snapshot.read_many(p for b in batches for p in files(b))
        for batch in batches:
            parts: list[Part] = []
            found: dict[str, str] = {}
            for deal in batch:
                pairs = [*islice(contents, len(deal))]
                key = key_of_contents(pairs) if known.place else ""
                ledger = self._known_of(deal)
                part = known.part(key, len(deal), ledger, self.now)
                part = part or self._part(Register(self._typed(pairs), deal))
                if key and (value := known.value(deal, part, ledger)):
                    found[key] = value
                parts.append(part)
            yield together(parts), found

    def _disentangled(
        self, parts: list[Part], batches: Sequence[Batch]
    ) -> Sequence[Part]:
        """Judge batches with deals that depend on each other once more, as one."""
        numbers = frozenset(entangled(parts, batches))
        if not numbers:
            return parts
        paths = tuple(p for number in sorted(numbers) for p in files(batches[number]))
        names = tuple(elsewhere(parts, batches, numbers))
        register = Register(self._read(paths), paths, elsewhere=names)
        apart = [part for number, part in enumerate(parts) if number not in numbers]
        return [*apart, self._part(register)]

    def _read(self, paths: Iterable[str]) -> dict[str, ReadFile]:
        return self._typed(self.snapshot.read_many(paths))

    def _typed(self, pairs: Iterable[tuple[str, Content]]) -> dict[str, ReadFile]:
        return {path: read_file(path, content, self.policy) for path, content in pairs}

    def _part(self, register: Register) -> Part:
        return judge_part(
            register,
            self.policy,
            self.now,
            is_replay=self.is_replay,
            ledger=self._known_of(register.judged),
        )

    def _known_of(self, paths: Iterable[str]) -> Ledger:
        """Give what the ledger says of some records."""
        return of_records(self.ledger, paths, self._observed)

    @cached_property
    def _observed(self) -> dict[str, Ledger]:
        return dict(by_subject(self.ledger))
