"""What a command works on: a snapshot, its policy, and the instant it asks about."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from handoff.cli.clock import read_clock
from handoff.cli.output import holds_after, spoil
from handoff.cli.progress import watched
from handoff.evaluation.few import Few
from handoff.evaluation.judgement import judge
from handoff.evaluation.known import is_known_policy, microseconds_of
from handoff.model.diagnostic import Diagnostic
from handoff.model.entry import EntryKind
from handoff.model.errors import HandoffError
from handoff.model.identity import TREES
from handoff.model.instant import (
    format_instant,
    last_of_day,
    parse_date,
    parse_instant,
)
from handoff.model.verdict import Verdict
from handoff.policy.policy import Policy, load_policy
from handoff.records.ledger import ABOUT_RECORDS
from handoff.records.register import Register, load_part, load_register
from handoff.repository.git import Git
from handoff.repository.ledger import EMPTY, Ledger, read_ledger
from handoff.repository.snapshot import (
    CommitSnapshot,
    IndexSnapshot,
    Snapshot,
    WorktreeSnapshot,
)

if TYPE_CHECKING:
    from handoff.evaluation.report import Frame, Report
    from handoff.records.branches import Clash
    from handoff.views.standing import Standing

STAGED = "index"
_Share = TypeVar("_Share")


class BrokenPolicyError(HandoffError):
    """Policy itself has errors, so that nothing can be judged by it."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        first = diagnostics[0]
        place = f"{first.path}:{first.span.line}:{first.span.column}"
        more = f" (and {len(diagnostics) - 1} more)" if len(diagnostics) > 1 else ""
        message = f"policy is broken: {place}: {first.message}{more}"
        super().__init__(message, first.hint or "Run `handoff check` to see all of it.")
        self.diagnostics = diagnostics


@dataclass(frozen=True, slots=True)
class Session:
    """An opened repository at one moment.

    Attributes:
        now: the instant asked about, in UTC.
        is_replay: whether that instant lies in the past on purpose.
        ledger_at: the instant whose ledger is read; `None` for that of today.
        branches: of each record that waits on a branch, its name; where asked for.
        clashes: records of which two versions wait.
        may_recall: whether what earlier runs found of deals may be used.
    """

    git: Git
    snapshot: Snapshot
    policy: Policy
    now: datetime
    is_replay: bool
    ledger_at: datetime | None = None
    branches: Mapping[str, str] = field(default_factory=dict)
    clashes: tuple["Clash", ...] = ()
    may_recall: bool = True

    def report(self, paths: Iterable[str] | None = None) -> "Report":
        """Evaluate all records, or only those at some paths and what they refer to."""
        from handoff.evaluation.report import evaluate  # noqa: PLC0415 - not for check

        report = evaluate(
            self._register(paths),
            self.policy,
            self.now,
            rev=self.snapshot.label,
            is_replay=self.is_replay,
            ledger=self.ledger(),
        )
        return replace(report, branches=self.branches, clashes=self.clashes)

    def survey(
        self,
        of_report: Callable[["Report"], _Share],
        of_standing: Callable[["Standing", "Frame"], _Share | None] | None = None,
        fewer: Callable[[list[_Share]], list[_Share]] = list,
    ) -> tuple["Frame", Iterator[_Share]]:
        """Evaluate all records, a few deals at a time; see `handoff.cli.survey`.

        Args:
            of_report: see `handoff.cli.survey.Wanted`.
            of_standing: as above; `None` to evaluate every deal.
            fewer: as above.

        Returns:
            What was asked, and what was made of each report.
        """
        from handoff.cli.survey import Wanted, survey  # noqa: PLC0415 - not for check
        from handoff.cli.whole import Whole  # noqa: PLC0415 - as above
        from handoff.evaluation.report import Frame  # noqa: PLC0415 - as above

        snapshot, policy, ledger = self.snapshot, self.policy, self.ledger()
        where = (self.branches, self.clashes)
        frame = Frame(self.now, snapshot.label, policy, ledger, *where)
        whole = Whole(snapshot, policy, ledger)
        wanted = Wanted(of_report, of_standing, fewer)
        git = self.git if self.may_recall and of_standing else None
        return frame, survey(whole, frame, wanted, is_replay=self.is_replay, git=git)

    def with_branches(self) -> "Session":
        """Look also at what waits on the open branches that policy names.

        A snapshot that was asked for by its revision, and one of the past, is that
        and nothing else: what waited then on branches is not known any more.
        """
        if self.is_replay or not isinstance(self.snapshot, WorktreeSnapshot):
            return self
        return self.beside_branches()

    def beside_branches(self) -> "Session":
        """Put what waits on open branches today beside any snapshot."""
        from handoff.records.branches import gather  # noqa: PLC0415 - not for hooks
        from handoff.repository.branches import open_branches  # noqa: PLC0415 - nor this

        trees = tuple(TREES.values())
        waiting = open_branches(self.git, self.policy.open_branches, trees)
        if not waiting:
            return self
        found = gather(self.git, self.snapshot, waiting, self.policy)
        return replace(
            self,
            snapshot=found.snapshot,
            branches=found.branches,
            clashes=found.clashes,
        )

    def verdict(self, paths: Iterable[str] | None) -> Verdict:
        """Judge all records, or only those at some paths and what they refer to."""
        replay = self.is_replay
        if paths is None:
            from handoff.cli.verdict import judge_whole  # noqa: PLC0415 - not for hooks
            from handoff.cli.whole import Whole  # noqa: PLC0415 - as above

            whole = Whole(self.snapshot, self.policy, self.ledger())
            git = self.git if self.may_recall else None
            return judge_whole(whole, self.now, is_replay=replay, git=git)
        wanted = frozenset(paths)
        if fine := self._few().judge(wanted):
            return fine
        register = self._register(wanted)
        # Without a packet nothing that is judged rests on the ledger.
        ledger = self.ledger(ABOUT_RECORDS) if register.packets else EMPTY
        done = judge(register, self.policy, self.now, is_replay=replay, ledger=ledger)
        return done.verdict

    def take_note(self, paths: Iterable[str]) -> None:
        """Judge a few records for the hook's sake: what is fine is known from then."""
        self._few().judge(paths)

    def _few(self) -> Few:
        """Give what remembers which deals are fine."""
        return Few(
            watched(self.snapshot),
            self.policy,
            self.now,
            self.is_replay,
            lambda: self.ledger(ABOUT_RECORDS),
            self.git if self.may_recall else None,
        )

    def ledger(self, kinds: Iterable[EntryKind] = ()) -> Ledger:
        """Read the ledger, or some kinds, as this clone knows it or knew it then."""
        at, may_recall = self.ledger_at, self.may_recall
        return read_ledger(self.git, at=at, kinds=kinds, may_recall=may_recall)

    def _register(self, paths: Iterable[str] | None) -> Register:
        snapshot = watched(self.snapshot)
        if paths is None:
            return load_register(snapshot, self.policy)
        return load_part(snapshot, self.policy, paths)


def open_session(
    directory: Path, rev: str | None, as_of: str | None, *, may_recall: bool = True
) -> Session:
    """Open the repository that holds a directory.

    Args:
        directory: anywhere inside the repository.
        rev: a revision, `index` for what is staged, or `None` for the files on disk.
        as_of: a day or an instant to ask about, or `None` for now. Without a
            revision the snapshot is the one of that moment: what was known then.
        may_recall: whether what an earlier run found to be fine is not judged again.

    Raises:
        HandoffError: not a repository, no such revision, broken policy.
    """
    git = Git.discover(directory)
    return session_of(git, rev, as_of, may_recall=may_recall)


def session_of(
    git: Git, rev: str | None, as_of: str | None, *, may_recall: bool = True
) -> Session:
    """Open a repository that was found already; see `open_session`."""
    now = parse_instant(as_of) or _last_instant(git, as_of) if as_of else read_clock()
    is_then = as_of is not None and rev is None
    if is_then:
        snapshot = _snapshot_of(git, now, may_recall=may_recall)
    else:
        snapshot = _snapshot(git, rev)
    policy, diagnostics = load_policy(
        snapshot, lambda blobs: may_recall and is_known_policy(git, blobs)
    )
    if policy is None:
        raise BrokenPolicyError(diagnostics)
    if as_of is not None and rev != STAGED:
        holds_after(microseconds_of(now))
    return Session(
        git,
        snapshot,
        policy,
        now,
        is_replay=as_of is not None,
        ledger_at=now if is_then else None,
        may_recall=may_recall,
    )


def _snapshot(git: Git, rev: str | None) -> Snapshot:
    if rev is None:
        return WorktreeSnapshot(git)
    return IndexSnapshot(git) if rev == STAGED else CommitSnapshot(git, rev)


def _last_instant(git: Git, as_of: str) -> datetime:
    """Give the last instant of a day, in the zone that policy names today."""
    policy, diagnostics = load_policy(WorktreeSnapshot(git))
    if policy is None:
        raise BrokenPolicyError(diagnostics)
    day = parse_date(as_of)
    if day is None:  # the command line has checked that it is one of the two
        message = f"`{as_of}` is neither a day nor an instant with an offset"
        raise HandoffError(message, "Write 2026-04-21 or 2026-04-21T14:30:00+02:00.")
    return last_of_day(day, policy.zone)


def _snapshot_of(git: Git, instant: datetime, *, may_recall: bool) -> Snapshot:
    from handoff.repository.history_moments import known_at  # noqa: PLC0415 - not for hooks

    known = known_at(git, instant, may_recall=may_recall)
    if known is None:
        message = f"this repository has no commit as old as {instant.isoformat()}"
        hint = "Add `--rev HEAD` to ask what is known today about that moment."
        raise HandoffError(message, hint)
    if (late := known.late) and late.at:
        spoil()  # an answer is kept without what is said beside it
        sys.stderr.write(
            f"handoff: commit {late.commit[:12]} is dated {format_instant(late.at)}, "
            "so what came after it counts from then, whatever its own dates say: see "
            "`handoff audit`\n"
        )
    return CommitSnapshot(git, known.commit)
