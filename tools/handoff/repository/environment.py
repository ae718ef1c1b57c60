"""The environment git runs in: nothing of ours may depend on who started us.

Every `GIT_*` variable can redirect git to another repository, index or history, so
all are dropped but those listed here.
"""

import os
from collections.abc import Mapping
from pathlib import Path

_KEPT = (
    "GIT_ASKPASS",
    "GIT_AUTHOR_",
    "GIT_CEILING_DIRECTORIES",
    "GIT_COMMITTER_",
    "GIT_CONFIG",  # `safe.directory` may come this way; what changes bytes is pinned
    "GIT_EXEC_PATH",
    "GIT_SSH",
    "GIT_SSL",
    "GIT_TEST_ASSUME_DIFFERENT_OWNER",  # git's own switch to try foreign ownership
)
_FIXED = {
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_OBJECTS = ("GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES")


def scrub(environ: Mapping[str, str]) -> dict[str, str]:
    """Copy an environment without what could turn git away from the repository.

    Identity, transport and configuration stay. Grafts and replaced objects are
    switched off: both forge history under unchanged commit ids.
    """
    kept = {
        name: value
        for name, value in environ.items()
        if not name.startswith("GIT_") or name.startswith(_KEPT)
    }
    return kept | _FIXED


def hook_variables(environ: Mapping[str, str], git_dir: Path) -> dict[str, str]:
    """Pick what git told a hook of this very repository, as absolute paths.

    That is the index of a partial commit, which lies in `git_dir`, and the
    quarantine of a push. The same variables pointing elsewhere belong to another
    repository. `GIT_DIR` and `GIT_WORK_TREE` are not needed: the folder says both.
    """
    own = git_dir.resolve()
    found: dict[str, str] = {}
    if index := environ.get("GIT_INDEX_FILE"):
        path = Path(index).resolve()
        found |= {"GIT_INDEX_FILE": str(path)} if path.parent == own else {}
    for name in _OBJECTS:
        path = Path(environ.get(name, os.devnull)).resolve()
        found |= {name: str(path)} if path.is_relative_to(own / "objects") else {}
    return found
