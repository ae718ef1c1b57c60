"""Where a repository stands: its commits, its index, its policy on the disk.

For those who look before the engine is loaded; see `handoff.cli.recalled`.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence

from handoff.policy.sources import PATHS
from handoff.repository.asking import LEDGERS, ask
from handoff.repository.environment import hook_variables, scrub

_HEX = frozenset("0123456789abcdef")
_SECOND = 1_000_000


class Footing:
    """The repository that is asked about, where it stands.

    Attributes:
        root: its top folder, without links.
        git_dir: the git directory.
        commit: full id of the commit that was named.
        ledger: that of the ledger's; empty if there is none.
        environment: all variables git sees.
        policy: what lies on the disk of it, by path; it names the zone of days.

    Raises:
        OSError: a file of policy cannot be read, or is no regular one.
    """

    def __init__(self, told: Sequence[str], environment: Mapping[str, str]) -> None:
        self.commit, self.git_dir, self.root, *ledgers = told
        self.policy = dict(_read(self.root, PATHS))
        self.ledger = ledgers[0] if ledgers else ""
        self.environment = {**environment, **hook_variables(os.environ, self.git_dir)}

    @classmethod
    def found(cls, folder: str, rev: str) -> "Footing | None":
        """Find it as every command does.

        Returns:
            `None` where there is no work tree, history is cut off, policy cannot be
            read, or git warns of a name, as that it is ambiguous.
        """
        environment = scrub(os.environ)
        asked = ("--is-bare-repository", "--is-shallow-repository", f"{rev}^{{commit}}")
        places = ("--absolute-git-dir", "--show-toplevel")
        words = ("rev-parse", *asked, *places, *LEDGERS)
        told = ask(folder, words, environment, with_warnings=True)
        lines = os.fsdecode(told or b"").split("\n")[:-1]
        is_usual = lines[:2] == ["false", "false"]
        if not is_usual or not all(map(_is_id, (*lines[2:3], *lines[5:]))):
            return None
        try:
            return cls(lines[2:], environment)
        except OSError:
            return None

    def index(self) -> str:
        """Mark when what git knows of the files was written last."""
        own = os.path.join(self.git_dir, "index")
        return mark_of(self.environment.get("GIT_INDEX_FILE", own))

    def has_grown(self, old: str, new: str, spell: range) -> bool:
        """Tell whether one commit became another by commits of some spell alone.

        Then what was known before that spell is what it was.

        Args:
            old: the commit it was.
            new: the commit it is, on whose first-parent line the other has to be.
            spell: microseconds since 1970.
        """
        words = ("rev-list", "--first-parent", "--parents", "--timestamp")
        told = ask(self.root, (*words, f"{old}..{new}", "--"), self.environment)
        lines = [line.split(" ") for line in os.fsdecode(told or b"").split("\n")[:-1]]
        times = [line[0] for line in lines]
        is_later = all(t.isdigit() and int(t) * _SECOND in spell for t in times)
        return is_later and bool(lines) and lines[-1][2:3] == [old]

    def knows_policy(self) -> bool:
        """Tell whether git tracks the policy there is, and keeps none off the disk."""
        words = ("ls-files", "-t", "-z", "--", *PATHS)
        told = os.fsdecode(ask(self.root, words, self.environment) or b"")
        listed = [line.partition(" ") for line in told.split("\0")[:-1]]
        is_sparse = any(tag == "S" for tag, _, _ in listed)
        return not is_sparse and {path for _, _, path in listed}.issuperset(self.policy)


def _read(root: str, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Give path and content of those files that are there."""
    for path in paths:
        full = os.path.join(root, path)
        is_plain = os.path.realpath(full) == full
        if is_plain and os.path.isfile(full):
            with open(full, "rb") as file:
                yield path, file.read()
        elif not is_plain or os.path.lexists(full):
            raise OSError(full)


def _is_id(text: str) -> bool:
    return len(text) in {40, 64} and _HEX.issuperset(text)


def mark_of(path: str) -> str:
    """Give what changes whenever a file is written or put in place."""
    try:
        status = os.stat(path)
    except OSError:
        return "-"
    return f"{status.st_mtime_ns} {status.st_size} {status.st_ino}"
