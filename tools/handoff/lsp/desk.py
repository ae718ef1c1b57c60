"""The open files, and the repositories they lie in."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from handoff.evaluation.few import Few
from handoff.evaluation.judgement import judge
from handoff.lsp.guide import Guide
from handoff.lsp.overlay import Overlay
from handoff.lsp.text import split_lines
from handoff.model.diagnostic import Diagnostic, Severity
from handoff.model.errors import HandoffError
from handoff.model.identity import Kind, tree_of
from handoff.model.span import TOP
from handoff.policy.policy import Policy, load_policy
from handoff.policy.sources import FILES, OPTIONAL, policy_path
from handoff.records.ledger import ABOUT_RECORDS
from handoff.records.register import load_part
from handoff.repository.git import Git
from handoff.repository.ledger import read_ledger
from handoff.repository.snapshot import Snapshot, WorktreeSnapshot
from handoff.repository.unreadable import SIZE_LIMIT

_POLICY_FILES = {
    policy_path(name): f"policy/properties/{name}" for name in (*FILES, *OPTIONAL)
}
_Known = tuple[Policy | None, tuple[Diagnostic, ...]]
_Found = Mapping[Path, tuple[Diagnostic, ...]]


@dataclass(frozen=True, slots=True)
class View:
    """One open file with everything that questions about it need.

    Attributes:
        path: path in the repository.
        kind: the kind of record; `None` for a file of policy.
        lines: without their ends.
        snapshot: its repository, with the unsaved text of all open files.
        policy: of that snapshot; if it is broken now, the last one that was right.
    """

    path: str
    kind: Kind | None
    text: str
    lines: tuple[str, ...]
    snapshot: Snapshot
    policy: Policy
    guide: Guide


class Desk:
    """Open files, and what the check says about them.

    Args:
        read_clock: gives the present instant.
    """

    def __init__(self, read_clock: Callable[[], datetime]) -> None:
        self._read_clock = read_clock
        self._texts: dict[Path, str] = {}
        self._homes: dict[Path, Git] = {}
        self._known: dict[Git, tuple[Mapping[str, object], _Known]] = {}
        self._right: dict[Git, Policy] = {}
        self._guides: dict[tuple[str, str], Guide] = {}

    def put(self, file: Path, text: str) -> None:
        """Take note of a file's text, saved or not."""
        self._texts[file] = text

    def remove(self, file: Path) -> None:
        """Forget a file that was closed."""
        self._texts.pop(file, None)

    def text(self, file: Path) -> str:
        """Give the text of an open file; empty if it is not open."""
        return self._texts.get(file, "")

    def judge(self) -> _Found:
        """Judge all open files as `handoff check` would if they were saved now.

        A file that is neither a record nor policy, or lies in no repository, has
        nothing said about it.
        """
        texts = dict(self._texts)
        found: dict[Path, tuple[Diagnostic, ...]] = dict.fromkeys(texts, ())
        for git, files in self._by_repository(texts).items():
            diagnostics = self._judge(git, files, texts)
            for path, file in files.items():
                found[file] = tuple(d for d in diagnostics if d.path == path)
        return found

    def view(self, file: Path) -> View | None:
        """Look at one open file; `None` if nothing can be said about it."""
        texts = dict(self._texts)
        text = texts.get(file, "")
        for git, files in self._by_repository(texts).items():
            path = next((path for path in files if files[path] == file), None)
            if path and len(text) <= SIZE_LIMIT:
                return self._view(git, path, text, _contents(files, texts))
        return None

    def _view(
        self, git: Git, path: str, text: str, contents: Mapping[str, bytes]
    ) -> View | None:
        try:
            saved = WorktreeSnapshot(git)
            snapshot = Overlay(saved, contents)
            policy = self._policy(git, snapshot)[0] or self._right.get(git)
            policy = policy or load_policy(saved)[0]
        except HandoffError:  # `judge` says it at the top of the file
            return None
        kind = tree_of(path)
        reference = kind.value if kind else _POLICY_FILES[path]
        if policy is None:
            return None
        guide = self._guide(policy, reference)
        return View(path, kind, text, split_lines(text), snapshot, policy, guide)

    def _judge(
        self, git: Git, files: Mapping[str, Path], texts: Mapping[Path, str]
    ) -> Sequence[Diagnostic]:
        records = [path for path in files if tree_of(path)]
        try:
            snapshot = Overlay(WorktreeSnapshot(git), _contents(files, texts))
            policy, found = self._policy(git, snapshot)
            if policy is None:
                return [*found, *(_notice(p, _broken(found[0])) for p in records)]
            now = self._read_clock()
            if self._few(git, snapshot, policy, now).judge(records):
                return found
            register = load_part(snapshot, policy, records)
            verdict = judge(register, policy, now, is_replay=False).verdict
        except HandoffError as error:
            return [_notice(path, error) for path in files]
        return [*found, *verdict.diagnostics]

    def _few(self, git: Git, snapshot: Overlay, policy: Policy, now: datetime) -> Few:
        """Give what remembers which deals are fine, once their files are saved."""
        saved = dict(snapshot.base.read_many(snapshot.open))
        return Few(
            snapshot,
            policy,
            now,
            is_replay=False,
            read_ledger=lambda: read_ledger(git, kinds=ABOUT_RECORDS),
            git=git if saved == snapshot.open else None,
        )

    def _by_repository(self, texts: Mapping[Path, str]) -> dict[Git, dict[str, Path]]:
        """Sort the open files that concern us by repository, each with its path."""
        files: dict[Git, dict[str, Path]] = {}
        for file in texts:
            try:
                git, path = self._place(file)
            except HandoffError:  # an editor opens files of no repository as well
                continue
            if tree_of(path) or path in _POLICY_FILES:
                files.setdefault(git, {})[path] = file
        return files

    def _place(self, file: Path) -> tuple[Git, str]:
        """Give the repository of a file, whose folder may be new, and the path in it.

        Git gives the repository's real path, so links on the way are followed.
        """
        folder = next(parent for parent in file.parents if parent.is_dir())
        if folder not in self._homes:
            self._homes[folder] = Git.discover(folder)
        git = self._homes[folder]
        real = Path(os.path.realpath(folder)) / file.relative_to(folder)
        return git, real.relative_to(os.path.realpath(git.root)).as_posix()

    def _policy(self, git: Git, snapshot: Snapshot) -> _Known:
        """Load policy, unless its files are the same as last time."""
        sources = dict(snapshot.read_many(snapshot.paths("schemas")))
        if git not in self._known or self._known[git][0] != sources:
            self._known[git] = (sources, load_policy(snapshot))
        known = self._known[git][1]
        if known[0]:
            self._right[git] = known[0]
        return known

    def _guide(self, policy: Policy, reference: str) -> Guide:
        key = (policy.digest, reference)
        if key not in self._guides:
            self._guides[key] = Guide(policy.schemas, reference)
        return self._guides[key]


def _contents(
    files: Mapping[str, Path], texts: Mapping[Path, str]
) -> Mapping[str, bytes]:
    """Give the content of open files by path; half characters fail as not UTF-8."""
    return {p: texts[f].encode("utf-8", "surrogatepass") for p, f in files.items()}


def _broken(first: Diagnostic) -> HandoffError:
    place = f"{first.path}:{first.span.line}:{first.span.column}"
    message = f"policy is broken at {place}, so this record was not judged"
    return HandoffError(message, f"{first.message}. {first.hint}".strip())


def _notice(path: str, error: HandoffError) -> Diagnostic:
    """Say at the top of a file why it was not judged."""
    return Diagnostic(
        path=path,
        span=TOP,
        rule="",
        severity=Severity.ERROR,
        message=error.message,
        hint=error.hint,
        related=(),
        source="",
    )
