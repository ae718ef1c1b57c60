"""The whole repository, a few deals at a time, by as many processes as pay."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Protocol, TypeVar

from handoff.cli.progress import counted
from handoff.cli.workers import processors, spread
from handoff.evaluation.known import key_of_contents, key_of_ids
from handoff.evaluation.parts import Tied, elsewhere, entangled
from handoff.model.identity import is_near_tree
from handoff.policy.policy import Policy
from handoff.records.batches import Batch, Deal, batched, files, split
from handoff.records.ledger import by_subject, of_records
from handoff.records.reading import ReadFile, read_file
from handoff.records.register import Register
from handoff.repository.ledger import Ledger
from handoff.repository.snapshot import Content, Ids, Snapshot

_SIZE = 120  # files of a batch: few to hold, enough to be worth a message
_FEWEST = 500  # files: fewer are judged sooner than a second process is at work

_Part = TypeVar("_Part", bound=Tied)
_Told = tuple[_Part, str, dict[str, str]]
"""What came of a batch; its keys; and what to remember by key."""


class Errand(Protocol[_Part]):
    """What is asked about every deal; the answers are put together from parts.

    Parts go from one process to another.
    """

    @property
    def remembers(self) -> bool:
        """Whether there is a memory to keep anything in."""

    def recall(self, key: str, deal: Sequence[str], ledger: Ledger) -> _Part | None:
        """Give the part of a deal of those files, if what is remembered is enough."""

    def ask(self, register: Register, ledger: Ledger) -> _Part:
        """Ask about some deals, with what the ledger says of them."""

    def together(self, parts: Sequence[_Part]) -> _Part:
        """Put the parts of several deals into one."""

    def value(self, key: str, part: _Part, deal: Sequence[str], ledger: Ledger) -> str:
        """Give what is to be remembered of a deal; empty if nothing is."""

    def add(self, found: Mapping[str, str]) -> None:
        """Keep what was found, by key; it may be known already."""

    def tidy(self, used: str) -> None:
        """Forget the rest, if it is too much; `used` has the keys of all deals."""


@dataclass(frozen=True)
class Whole:
    """Everything there is at one moment; a few deals of it are held at a time.

    Attributes:
        snapshot: the files.
        policy: from the same snapshot.
        ledger: what bots observed.
    """

    snapshot: Snapshot
    policy: Policy
    ledger: Ledger

    @cached_property
    def listed(self) -> Sequence[str]:
        """Every file of the two trees, by code point."""
        return tuple(filter(is_near_tree, self.snapshot.paths()))

    @property
    def is_large(self) -> bool:
        """Whether remembering and a second process pay."""
        return len(self.listed) >= _FEWEST

    def parts(self, errand: Errand[_Part]) -> Sequence[_Part]:
        """Ask about every deal; give the answers in parts, in no particular order."""
        parts, asked, used = list[_Part](), list[Batch](), list[str]()
        left: list[Deal] = []
        tell = self.snapshot.ids() if errand.remembers else None
        for batch in split(self.listed, _SIZE):
            known = dict(self._known(errand, batch, tell)) if tell else {}
            left += (deal for deal in batch if deal not in known)
            if known:
                parts.append(errand.together([part for _, part in known.values()]))
                asked.append(tuple(known))
                used.append(" ".join(key for key, _ in known.values()))
        fresh = tuple(batched(left, _SIZE))
        for batch, told in zip(fresh, self._spread(errand, fresh), strict=True):
            part, keys, found = told
            parts.append(part)
            asked.append(batch)
            used.append(keys)
            errand.add(found)
        errand.tidy(" ".join(used))
        return self._disentangled(errand, parts, asked)

    def read(self, paths: Iterable[str]) -> dict[str, ReadFile]:
        """Read some files."""
        return self._typed(self.snapshot.read_many(paths))

    def _known(
        self, errand: Errand[_Part], batch: Batch, tell: Ids
    ) -> Iterator[tuple[Deal, tuple[str, _Part]]]:
        """Give key and part of the deals that are known by what the snapshot tells."""
        for deal in batch:
            key = key_of_ids(deal, tell)
            part = errand.recall(key, deal, self._known_of(deal)) if key else None
            if part is not None:
                yield deal, (key, part)

    def _spread(
        self, errand: Errand[_Part], batches: Sequence[Batch]
    ) -> Iterator[_Told[_Part]]:
        """Ask about deals by as many processes as pay."""

        def work(numbers: Iterable[int]) -> Iterator[_Told[_Part]]:
            return self._asked(errand, [batches[number] for number in numbers])

        sizes = [len(files(batch)) for batch in batches]
        workers = processors() if sum(sizes) >= _FEWEST else 1
        return counted(spread(work, len(batches), workers), sizes)

    def _asked(
        self, errand: Errand[_Part], batches: Sequence[Batch]
    ) -> Iterator[_Told[_Part]]:
        """Ask about batch after batch, deal after deal, but for what is remembered."""
        contents = self.snapshot.read_many(p for b in batches for p in files(b))
        for batch in batches:
            parts: list[_Part] = []
            keys: list[str] = []
            found: dict[str, str] = {}
            for deal in batch:
                pairs = [*islice(contents, len(deal))]
                key = key_of_contents(pairs) if errand.remembers else ""
                ledger = self._known_of(deal)
                part = errand.recall(key, deal, ledger) if key else None
                if part is None:
                    register = Register(self._typed(pairs), deal)
                    part = errand.ask(register, ledger)
                    if key and (value := errand.value(key, part, deal, ledger)):
                        found[key] = value
                keys.append(key)
                parts.append(part)
            yield errand.together(parts), " ".join(keys), found

    def _disentangled(
        self, errand: Errand[_Part], parts: list[_Part], batches: Sequence[Batch]
    ) -> Sequence[_Part]:
        """Ask once more, as one, about batches with deals that depend on each other."""
        numbers = frozenset(entangled(parts, batches))
        if not numbers:
            return parts
        paths = tuple(p for number in sorted(numbers) for p in files(batches[number]))
        names = tuple(elsewhere(parts, batches, numbers))
        register = Register(self.read(paths), paths, elsewhere=names)
        apart = [part for number, part in enumerate(parts) if number not in numbers]
        return [*apart, errand.ask(register, self._known_of(paths))]

    def _typed(self, pairs: Iterable[tuple[str, Content]]) -> dict[str, ReadFile]:
        return {path: read_file(path, content, self.policy) for path, content in pairs}

    def _known_of(self, paths: Iterable[str]) -> Ledger:
        """Give what the ledger says of some records."""
        if not self._observed:
            return self._silent
        return of_records(self.ledger, paths, self._observed)

    @cached_property
    def _silent(self) -> Ledger:
        """Say nothing of any record, in the ledger's name."""
        return of_records(self.ledger, ())

    @cached_property
    def _observed(self) -> dict[str, Ledger]:
        return dict(by_subject(self.ledger))
