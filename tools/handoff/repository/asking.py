"""Git asked in the cheapest way there is, by those who can do without an answer.

Starting it through `subprocess` costs as much as starting Python.
"""

import os
from collections.abc import Iterable, Mapping

from handoff.repository.environment import SETTINGS


def ask(
    folder: str, words: Iterable[str], environment: Mapping[str, str]
) -> bytes | None:
    """Run one git command; `None` where it fails, for whatever reason.

    Args:
        folder: where git is to look for the repository.
        words: the command; `--` before anything a person typed.
        environment: all variables git sees.
    """
    if not hasattr(os, "posix_spawnp"):
        return None
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as answer:
        actions = (
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_DUP2, writing, 1),
            (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
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
