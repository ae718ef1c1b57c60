"""Whether the ledger only ever grew."""

from collections.abc import Iterator
from dataclasses import dataclass

from handoff.repository.git import Git
from handoff.repository.history import Touch, read_history


@dataclass(frozen=True, slots=True)
class Tampering:
    """A file of the ledger that was changed or removed after it was written."""

    path: str
    commit: str
    author: str
    was_removed: bool


def find_tampering(git: Git, tip: str) -> Iterator[Tampering]:
    """Find every later touch of a file of the ledger, by path.

    Args:
        git: the repository, with its whole history.
        tip: full id of the ledger's commit.

    Raises:
        HandoffError: the clone is shallow.
    """
    history = read_history(git, tip)
    for path in sorted(history.touched):
        for touch in _landed(history.touches(path))[1:]:
            is_gone = touch.blob is None
            yield Tampering(path, touch.commit, touch.author, is_gone)


def _landed(touches: tuple[Touch, ...]) -> tuple[Touch, ...]:
    return tuple(touch for touch in touches if touch.landed)
