"""The environment git runs in: nothing of ours may depend on who started us.

Every `GIT_*` variable can redirect git to another repository, index or history, so
all are dropped but those listed here.
"""

import os
from collections.abc import Mapping

# Settings of the user or the repository that would change the bytes git prints.
_PINNED = (
    "advice.graftFileDeprecated=false",
    "core.fsmonitor=false",
    "core.quotePath=false",
    "core.warnAmbiguousRefs=true",
    "diff.algorithm=myers",
    "diff.indentHeuristic=true",
    "log.follow=false",
    "log.showRoot=true",
    "submodule.recurse=false",
)
# By default git maps the whole pack and keeps 96 MB of what it has unpacked; less does,
# as commits, versions of a file and files of a folder lie close together.
_MODEST = (
    "core.deltaBaseCacheLimit=16m",
    "core.packedGitLimit=16m",
    "core.packedGitWindowSize=1m",
)
SETTINGS = tuple(part for setting in (*_PINNED, *_MODEST) for part in ("-c", setting))
"""What every git command line begins with."""
SWITCHES = ("HANDOFF_NO_CACHE", "_HANDOFF_COMPLETE")
"""Variables that change what a command line means."""
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


def hook_variables(
    environ: Mapping[str, str], git_dir: "str | os.PathLike[str]"
) -> dict[str, str]:
    """Pick what git told a hook of this very repository, as absolute paths.

    That is the index of a partial commit, which lies in `git_dir`, and the
    quarantine of a push. The same variables pointing elsewhere belong to another
    repository. `GIT_DIR` and `GIT_WORK_TREE` are not needed: the folder says both.
    """
    own = os.path.realpath(git_dir)
    objects = os.path.join(own, "objects")
    found: dict[str, str] = {}
    if index := environ.get("GIT_INDEX_FILE"):
        path = os.path.realpath(index)
        is_own = os.path.dirname(path) == own
        found |= {"GIT_INDEX_FILE": path} if is_own else {}
    for name in _OBJECTS:
        path = os.path.realpath(environ.get(name, os.devnull))
        is_own = path == objects or path.startswith(objects + os.sep)
        found |= {name: path} if is_own else {}
    return found
