"""Questions about the past that were answered before: answered again, at once.

What was known at a past instant follows from the words typed, the commits, policy and
the code: where all of these are as they were, so is the answer. In any doubt, and of
everything typed that it does not expect, it says nothing, and the whole command line is
asked; what that says is kept.

Nothing imported here may take long; `tests/test_cli_recalled.py` counts the modules.
"""

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from zlib import crc32

from handoff.cli.footing import Footing, mark_of
from handoff.cli.ticks import microseconds
from handoff.evaluation.fine import stamp
from handoff.repository.environment import SWITCHES

_FOLDER = "handoff/answers"
_SCREEN = ("COLUMNS", "FORCE_COLOR", "NO_COLOR", "TERM")
_MOMENT = frozenset({"--as-of", "--rev", "--format", "-C"})
OPTIONS: Mapping[str, frozenset[str]] = {
    "board": _MOMENT | {"--limit"},
    "check": _MOMENT,
    "daily": _MOMENT | {"--date"},
    "inbox": _MOMENT | {"--person", "--role"},
    "sla": _MOMENT | {"--clock"},
    "status": _MOMENT,
    "tasks": _MOMENT | {"--owner"},
}
"""Of each command that looks at all deals, the options that may stand with it; each
takes a value."""
_PAST = frozenset({"--as-of", "--date"})
_UNSTYLED = "daily"


class Question:
    """A question about a past instant, and all that its answer follows from.

    Attributes:
        words: what was typed after `handoff`.
        footing: the repository.
        is_then: whether it is about what was known then, not what is known today.
        place: the file where the answer is kept.
        asked: everything that has to be as it was, but for the commits.
    """

    def __init__(
        self,
        words: Sequence[str],
        footing: Footing,
        code: str,
        screen: Sequence[object],
    ) -> None:
        self.words = words
        self.footing = footing
        self.is_then = "--rev" not in words
        name = f"{crc32(ascii((words, screen)).encode()):08x}"
        self.place = os.path.join(footing.git_dir, _FOLDER, name)
        zones = os.environ.get("PYTHONTZPATH")
        policy = footing.policy
        sizes = [(path, len(policy[path])) for path in policy]
        about = ascii((words, screen, zones, code, sizes))
        self.asked = b"".join((about.encode(), *policy.values()))

    @classmethod
    def read(cls, words: Sequence[str]) -> "Question | None":
        """Read a command line; `None` if it is about the present, or unexpected.

        Args:
            words: what was typed after `handoff`.
        """
        options = _options(words)
        rev = options.get("--rev", "HEAD")
        if _PAST.isdisjoint(options) or rev == "index":
            return None
        if any(map(os.environ.get, SWITCHES)):
            return None
        footing = Footing.found(options.get("-C", "."), rev)
        is_styled = words[0] != _UNSTYLED and options.get("--format", "text") == "text"
        code, screen = stamp({}), _screen() if is_styled else ()
        return cls(words, footing, code, screen) if footing and code else None

    def answer(self) -> None:
        """End with the answer, if it is known."""
        from handoff.repository.answers import find  # noqa: PLC0415 - for some commands

        found = find(self.place, self.asked)
        if found is None or not self._holds(found.since, found.basis):
            return
        from handoff.cli.output import write_bytes  # noqa: PLC0415 - for answers only

        write_bytes((found.said,))
        raise SystemExit(found.code)

    def _holds(self, since: int, basis: bytes) -> bool:
        """Tell whether an answer about an instant that is over rests on the same."""
        footing, now = self.footing, microseconds()
        commit, ledger, index, *zones = os.fsdecode(basis).split("\n")
        rules = (line.split("\t") for line in zones)
        if since >= now or any(mark != mark_of(path) for mark, path in rules):
            return False
        spell = range(since + 1, now + 1)
        for old, new in ((commit, footing.commit), (ledger, footing.ledger)):
            is_later = self.is_then and old and new
            if old != new and not (is_later and footing.has_grown(old, new, spell)):
                return False
        return index == footing.index() or footing.knows_policy()


def _options(words: Sequence[str]) -> Mapping[str, str]:
    """Read options and their values; none at all where anything else is typed."""
    known = OPTIONS.get(words[0], frozenset()) if words else frozenset()
    names, values = words[1::2], words[2::2]
    is_odd = len(names) != len(values) or not known.issuperset(names)
    if is_odd or any(not value or value.startswith("-") for value in values):
        return {}
    return dict(zip(names, values, strict=True))


def _screen() -> tuple[object, ...]:
    """Give what the look of an answer depends on; see `cli.options.style_of_stdout`."""
    columns = 0
    if is_terminal := os.isatty(1):
        with suppress(OSError):
            columns = os.get_terminal_size(1).columns
    return (is_terminal, columns, *map(os.environ.get, _SCREEN))
