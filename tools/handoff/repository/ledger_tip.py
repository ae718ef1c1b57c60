"""Whether the main branch still holds all that was judged (domain part 15).

Every run that judges main leaves a `tip` entry: `commit` (full id), `at`, and, where
people accepted that history was rewritten, `replaces` (the ids that are no longer in
it). A branch only ever grows, so all of them must be ancestors of what main is now.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from handoff.model.entry import Entry, EntryKind
from handoff.model.errors import HandoffError
from handoff.model.instant import format_instant
from handoff.repository.git import Git
from handoff.repository.ledger import Ledger

_HEXADECIMAL = frozenset("0123456789abcdef")
_LENGTHS = frozenset({40, 64})


@dataclass(frozen=True, slots=True)
class Rewritten:
    """Judged commits that are not part of main any more.

    Attributes:
        lost: their full ids, in the order of the ledger.
        main: full id of what main is now.
    """

    lost: tuple[str, ...]
    main: str

    def error(self) -> HandoffError:
        """Say it as a reason to stop."""
        more = f" (and {len(self.lost) - 1} more)" if len(self.lost) > 1 else ""
        return HandoffError(
            f"history was rewritten: commit {self.lost[0]}{more} was judged as part of"
            f" the main branch, and {self.main} does not come from it",
            "Nothing was written. Ask who forced that push. If it was meant, type"
            " `handoff ledger accept --reason` with the reason in quotes.",
        )


def tip_entry(
    commit: str, now: datetime, replaces: Sequence[str] = (), **said: str
) -> Entry:
    """Write that a commit of main was judged.

    Args:
        commit: full id.
        now: when.
        replaces: ids of judged commits that need not be part of main any more.
        said: what else is to be kept of it, by name.
    """
    body = {**said, "commit": commit, "at": format_instant(now)}
    if not replaces:
        return Entry(EntryKind.TIP, commit, body)
    return Entry(
        EntryKind.TIP,
        f"{commit}/accepted/{replaces[0]}",
        body | {"replaces": list(replaces)},
    )


def judge_tip(git: Git, ledger: Ledger, main: str) -> Rewritten | None:
    """Tell whether main lost a commit that was judged as part of it.

    Args:
        git: the repository, with its whole history.
        ledger: as it stands now.
        main: the revision that is about to be judged.

    Raises:
        HandoffError: the clone is shallow, or `main` names no commit.
    """
    git.require_full_history()
    tip = git.resolve(main)
    judged = _judged(ledger.of(EntryKind.TIP))
    if not judged:
        return None
    here = _present(git, judged)
    # What is reachable from a judged commit and not from main was lost.
    asked = "".join(f"{commit}\n" for commit in (*here, f"^{tip}")).encode()
    beyond = set(git.run("rev-list", "--stdin", stdin=asked).decode().split())
    lost = tuple(c for c in judged if c not in here or c in beyond)
    return Rewritten(lost, tip) if lost else None


def _judged(entries: Iterable[Entry]) -> tuple[str, ...]:
    """Give the ids that must still be part of main."""
    told = tuple(entries)
    commits = (str(entry.body.get("commit", "")) for entry in told)
    gone: set[object] = set()
    for entry in told:
        replaces = entry.body.get("replaces")
        gone.update(replaces if isinstance(replaces, list | tuple) else ())
    return tuple(dict.fromkeys(c for c in commits if _is_id(c) and c not in gone))


def _is_id(text: str) -> bool:
    return len(text) in _LENGTHS and set(text) <= _HEXADECIMAL


def _present(git: Git, commits: Iterable[str]) -> frozenset[str]:
    """Keep the commits this clone has."""
    stdin = "".join(f"{commit}\n" for commit in commits).encode()
    form = "--batch-check=%(objectname) %(objecttype)"
    lines = git.run("cat-file", form, stdin=stdin).decode().splitlines()
    pairs = (line.split(" ") for line in lines)
    return frozenset(name for name, kind in pairs if kind == "commit")
