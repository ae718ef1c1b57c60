"""Git asked in the cheapest way there is, by those who can do without an answer.

Starting it through `subprocess` costs as much as starting Python.
"""

import os
from collections.abc import Iterable, Mapping

from handoff.repository.environment import SETTINGS

LEDGERS = (
    "--glob=refs/remotes/origin/handoff-ledge[r]",
    "--glob=refs/heads/handoff-ledge[r]",
)
"""How `git rev-parse` is asked for the commit of the ledger: the first it prints, if it
prints any. After a plain name that is missing it would look for no other."""


def ask(
    folder: str,
    words: Iterable[str],
    environment: Mapping[str, str],
    *,
    with_warnings: bool = False,
) -> bytes | None:
    """Run one git command; `None` where it fails, for whatever reason.

    Args:
        folder: where git is to look for the repository.
        words: the command; `--` before anything a person typed.
        environment: all variables git sees.
        with_warnings: whether what git warns of is put among its answer.
    """
    if not hasattr(os, "posix_spawnp"):
        return None
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as answer:
        aside = (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)
        actions = (
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_DUP2, writing, 1),
            (os.POSIX_SPAWN_DUP2, writing, 2) if with_warnings else aside,
        )
        command = ("git", "-C", folder, *SETTINGS, *words)
        try:
            process = os.posix_spawnp("git", command, environment, file_actions=actions)
        except (OSError, ValueError):  # git is missing, or a name holds a NUL
            return None
        finally:
            os.close(writing)
        said = answer.read()
    return said if os.waitpid(process, 0)[1] == 0 else None
