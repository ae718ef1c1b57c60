"""The ledger: an append-only branch of facts, one file each (domain part 15).

Two writers never edit the same line, because every fact has a file of its own. A
commit is made by plumbing, without work tree or index, and offered by a plain push:
whoever comes second is refused, fetches, and decides again.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from handoff.model.entry import (
    Entry,
    EntryKind,
    Unread,
    entry_bytes,
    entry_path,
    parse_entry,
)
from handoff.repository import failure
from handoff.repository.git import Git
from handoff.repository.history_moments import commit_at
from handoff.repository.ledger_commit import Author, write_commit
from handoff.repository.ledger_refs import (
    BRANCH,
    fetch_ledger,
    holds,
    offer,
    remote_of,
    tip_of,
)
from handoff.repository.snapshot import CommitSnapshot
from handoff.repository.unreadable import Content, Unreadable

__all__ = [
    "BOT",
    "BRANCH",
    "EMPTY",
    "Appended",
    "Author",
    "Ledger",
    "append",
    "fetch_ledger",
    "read_ledger",
    "remote_of",
]

ATTEMPTS = 24
"""How often an addition is tried; each failure means that another writer was first."""
BOT = Author("handoff", "ledger@handoff.invalid")


@dataclass(frozen=True, slots=True)
class Ledger:
    """The facts of one commit of the ledger.

    Attributes:
        entries: all facts by kind and key, in the order of their paths.
        unread: files that are no entries; they are told, and never counted.
        tip: full id of the commit; empty where there is no ledger.
    """

    entries: Mapping[tuple[EntryKind, str], Entry] = field(default_factory=dict)
    unread: tuple[Unread, ...] = ()
    tip: str = ""

    def get(self, kind: EntryKind, key: str) -> Entry | None:
        """Give the entry of a key, if there is one."""
        return self.entries.get((kind, key))

    def of(self, kind: EntryKind) -> tuple[Entry, ...]:
        """Give all entries of a kind, in an order that never depends on the writer."""
        return tuple(entry for (own, _), entry in self.entries.items() if own == kind)


EMPTY = Ledger()
"""What is known where there is no ledger: nothing, not even that nothing happened."""


@dataclass(frozen=True, slots=True)
class Appended:
    """What came of an addition.

    Attributes:
        added: entries that this call wrote.
        existing: as they stand in the ledger, those that were there already.
        tip: full id of the ledger's commit after it; empty if there still is none.
    """

    added: tuple[Entry, ...]
    existing: tuple[Entry, ...]
    tip: str


def read_ledger(
    git: Git,
    rev: str | None = None,
    *,
    at: datetime | None = None,
    kinds: Iterable[EntryKind] = (),
    may_recall: bool = True,
) -> Ledger:
    """Read the ledger as this clone knows it; `fetch_ledger` brings what is new.

    Args:
        git: the repository.
        rev: a commit of the ledger, instead of its newest one.
        at: read it as it was at this instant, by the times of its own commits.
        kinds: read entries of these alone, and no file beside them; all if empty.
        may_recall: see `known_at`.

    Raises:
        HandoffError: `rev` names no commit; or the clone is shallow, so that it cannot
            tell what was known `at` an instant.
    """
    tip = git.resolve(rev) if rev else tip_of(git)
    if tip and at:
        tip = commit_at(git, at, tip, may_recall=may_recall) or ""
    if not tip:
        return EMPTY
    snapshot = CommitSnapshot(git, tip)
    read = [_read(*file) for file in snapshot.read_many(snapshot.paths(*kinds))]
    entries = {(e.kind, e.key): e for e in read if isinstance(e, Entry)}
    unread = tuple(found for found in read if isinstance(found, Unread))
    return Ledger(entries, unread, tip)


def _read(path: str, content: Content) -> Entry | Unread:
    if isinstance(content, Unreadable):
        return Unread(path, content.reason)
    return parse_entry(path, content)


def append(  # noqa: PLR0913 - one parameter for each thing a caller may decide
    git: Git,
    entries: Iterable[Entry],
    *,
    remote: str | None,
    now: datetime,
    author: Author = BOT,
    attempts: int = ATTEMPTS,
    wait: Callable[[int], None] = lambda _: None,
) -> Appended:
    """Add facts to the ledger; those whose key is there already stay as they are.

    Nothing but the ledger's own refs is touched, and nothing is ever forced. A file
    that stands where a fact belongs and is none is replaced; history keeps it.

    Args:
        git: the repository.
        entries: the facts; of two with one kind and key the first counts.
        remote: the remote whose branch decides, or `None` for the local branch alone.
        now: date of the commit.
        author: who writes it.
        attempts: how often to try before giving up.
        wait: called with the number of the failed attempt before the next one; a
            pause of random length keeps many writers from colliding again.

    Raises:
        HandoffError: the remote cannot be reached, its ledger was rewritten, or it
            refused every attempt.
        ValueError: an entry is too large, or holds what JSON cannot say.
    """
    wanted: dict[str, Entry] = {}
    for entry in entries:
        wanted.setdefault(entry_path(entry.kind, entry.key), entry)
    contents = {path: entry_bytes(entry) for path, entry in wanted.items()}
    done, refused = None, ""
    for attempt in range(attempts):
        if attempt:
            wait(attempt)
        tip = fetch_ledger(git, remote) if remote else tip_of(git, None)
        if done and holds(git, tip, done.tip):  # taken after all: the answer was lost
            return replace(done, tip=tip)
        existing = _existing(git, tip, wanted)
        added = {path: wanted[path] for path in wanted if path not in existing}
        if not added:
            return Appended((), tuple(existing.values()), tip)
        files = {path: contents[path] for path in added}
        commit = write_commit(git, tip, files, author, now)
        done = Appended(tuple(added.values()), tuple(existing.values()), commit)
        if (refusal := offer(git, remote, commit, tip)) is None:
            return done
        refused = refusal
    raise failure.ledger_refused(remote, attempts, refused)


def _existing(git: Git, tip: str, paths: Iterable[str]) -> Mapping[str, Entry]:
    """Give the entries that stand at some paths already.

    Raises:
        HandoffError: what stands there is of a version this program does not know.
    """
    if not tip:
        return {}
    found: dict[str, Entry] = {}
    for path, content in CommitSnapshot(git, tip).read_many(paths):
        entry = _read(path, content)
        if isinstance(entry, Entry):
            found[path] = entry
        elif entry.is_newer:
            raise failure.ledger_newer(path)
    return found
