"""The check of a few files whose answer is known: without the engine, at once.

It says that they are fine where an earlier run found that of the same deals, under the
same policy, by the same code. In any doubt, and of everything typed that it does not
expect, it says nothing, and the whole command line is asked.

Nothing imported here may take long; `tests/test_cli_quick.py` counts the modules.
"""

import os
from collections.abc import Iterable, Mapping, Sequence

from handoff.cli.ticks import microseconds
from handoff.evaluation.fine import NAME, NO_LEDGER, are_apart, key_of, read, stamp
from handoff.model.trees import HANDOFFS, OPPORTUNITIES, top_of
from handoff.policy.sources import PATHS
from handoff.records.batches import deal_of
from handoff.repository.asking import LEDGERS, ask
from handoff.repository.environment import SWITCHES, hook_variables, scrub
from handoff.repository.remembered import Memory
from handoff.views.all_fine import all_fine

_STAGED = ("--rev", "index")
_TREES = (OPPORTUNITIES, HANDOFFS)
_REGULAR = ("100644", "100755")


class Asked:
    """A check of a few files, typed as hooks type it.

    Attributes:
        place: the repository they lie in.
        paths: of the records, in the repository.
        is_staged: whether what is staged counts, and not what lies on the disk.
    """

    def __init__(
        self, place: "Place", paths: frozenset[str], *, is_staged: bool
    ) -> None:
        self.place = place
        self.paths = paths
        self.is_staged = is_staged

    @classmethod
    def read(cls, words: Sequence[str]) -> "Asked | None":
        """Read `handoff check [--rev index] PATHS…`; `None` if it is anything else.

        Args:
            words: what was typed after `handoff`.
        """
        if words[:1] != ["check"] or any(map(os.environ.get, SWITCHES)):
            return None
        is_staged = tuple(words[1:3]) == _STAGED
        typed = words[3 if is_staged else 1 :]
        if not typed or any(not word or word.startswith("-") for word in typed):
            return None
        place = Place.found()
        paths = place and place.inside(typed)
        return cls(place, paths, is_staged=is_staged) if place and paths else None

    def answer(self) -> str | None:
        """Say what a check says, if all of it is known to be fine."""
        return _judged(self.place, self.paths, is_staged=self.is_staged)


class Place:
    """The repository that one stands in.

    Attributes:
        git_dir: the git directory.
        root: its top folder, without links.
        memory: the file with what is known to be fine.
        ledger: commit of the ledger; `NO_LEDGER` if there is none.
        environment: all variables git sees.
    """

    def __init__(self, told: Sequence[str], environment: Mapping[str, str]) -> None:
        _, self.git_dir, self.root, *ledgers = told
        self.memory = os.path.join(self.git_dir, NAME)
        self.ledger = ledgers[0] if ledgers else NO_LEDGER
        self.environment = {**environment, **hook_variables(os.environ, self.git_dir)}

    @classmethod
    def found(cls) -> "Place | None":
        """Find it as every command does; `None` where there is no work tree."""
        environment = scrub(os.environ)
        asked = ("--is-bare-repository", "--absolute-git-dir", "--show-toplevel")
        words = ("rev-parse", *asked, *LEDGERS)
        told = ask(".", words, environment)
        lines = os.fsdecode(told or b"").split("\n")[:-1]
        return cls(lines, environment) if lines[:1] == ["false"] else None

    def inside(self, typed: Iterable[str]) -> frozenset[str] | None:
        """Give the paths in this repository; `None` if one lies elsewhere."""
        top = f"{self.root}/"
        full = [os.path.abspath(word) for word in typed]
        if not all(path.startswith(top) for path in full):
            return None
        paths = frozenset(path[len(top) :] for path in full)
        return paths if all(top_of(path) in _TREES for path in paths) else None

    def staged(self) -> dict[str, str]:
        """Give path and id of what is staged; no id of what is no regular file."""
        words = ("ls-files", "-s", "-z", "--", *_TREES, "schemas")
        found: dict[str, str] = {}
        for line in _fields(ask(self.root, words, self.environment)):
            about, _, path = line.partition("\t")
            mode, blob, stage = about.split(" ")
            found[path] = blob if mode in _REGULAR and stage == "0" else ""
        return found

    def listed(self) -> dict[str, str]:
        """Give the paths of what lies on the disk, or is tracked; without ids."""
        others = ("--cached", "--others", "--exclude-standard")
        words = ("ls-files", "-z", *others, "--", *_TREES, "schemas")
        return dict.fromkeys(_fields(ask(self.root, words, self.environment)), "")

    def on_disk(self, paths: Sequence[str]) -> dict[str, str]:
        """Give the ids of files on the disk; none at all if one is no regular file."""
        for path in paths:
            full = os.path.join(self.root, path)
            if os.path.realpath(full) != full or not os.path.isfile(full):
                return {}
        words = ("hash-object", "--no-filters", "--", *paths)
        ids = os.fsdecode(ask(self.root, words, self.environment) or b"").split()
        return dict(zip(paths, ids, strict=False))


def _fields(told: bytes | None) -> list[str]:
    return (told or b"").decode("utf-8", "surrogateescape").split("\0")[:-1]


def _judged(place: Place, wanted: frozenset[str], *, is_staged: bool) -> str | None:
    """Say that files are fine, if every deal of theirs is known to be."""
    listed = place.staged() if is_staged else place.listed()
    records = [path for path in listed if top_of(path) in _TREES]
    deals = {deal_of(path, records) for path in sorted(wanted)}
    policy = [path for path in PATHS if path in listed]
    asked = [*policy, *(path for deal in deals for path in deal)]
    ids = listed if is_staged else place.on_disk(asked)
    if () in deals or not all(ids.get(path) for path in asked):
        return None
    name = stamp({path: ids[path] for path in policy})
    memory = Memory(place.memory, name)
    links: list[str] = []
    for deal in deals:
        told = memory.find(key_of((path, ids[path]) for path in deal)) if name else None
        if told is None:
            return None
        since, ledger, _, linked = read(told)
        rests = any(top_of(path) == HANDOFFS for path in deal)
        if since > microseconds() or (rests and ledger != place.ledger):
            return None
        links += linked
    return all_fine(len(wanted)) if are_apart(links) else None
