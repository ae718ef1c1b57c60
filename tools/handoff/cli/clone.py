"""What git keeps outside the files of a repository, so that every clone sets it up."""

from pathlib import Path

from handoff.cli.files import write_atomically
from handoff.model.errors import HandoffError
from handoff.model.identity import TREES
from handoff.repository.git import Git

HOOK = ".githooks/pre-commit"
HOOKS_PATH = ("core.hooksPath", ".githooks")
DRIVERS = {
    "merge.handoff.name": "records, field by field",
    "merge.handoff.driver": "handoff merge-driver %O %A %B %P",
    "diff.handoff.textconv": "handoff textconv",
}
ATTRIBUTES = tuple(
    f"{tree}/**/*.md merge=handoff diff=handoff" for tree in TREES.values()
)
"""Lines of `.gitattributes` that send records through the drivers."""
_EXECUTABLE = 0o755


def set_up_clone(directory: Path) -> str:
    """Install hook and drivers, in a new git repository if there is none yet.

    Hooks that somebody set up before are left alone.

    Returns:
        What was done, a line each.

    Raises:
        HandoffError: git is missing or refuses.
    """
    _write_attributes(directory)
    git, said = _repository(directory)
    for name, value in DRIVERS.items():
        git.run("config", "--local", name, value)
    said += "git merges and shows records of this clone field by field\n"
    hook = directory / HOOK
    if not hook.is_file():
        return said
    hook.chmod(_EXECUTABLE)
    name, wanted = HOOKS_PATH
    found = setting(git, name)
    if found not in ("", wanted):
        return f"{said}hooks are left as they are: `{name}` is `{found}`\n"
    git.run("config", "--local", name, wanted)
    return f"{said}a commit that breaks a record is refused, with what to do\n"


def setting(git: Git, name: str) -> str:
    """Give a setting of git; empty where there is none."""
    listed = git.run("config", "--list", "-z", "--includes").decode("utf-8", "replace")
    pairs = (entry.partition("\n") for entry in listed.split("\0"))
    values = [value for key, _, value in pairs if key.casefold() == name.casefold()]
    return values[-1] if values else ""


def missing_attributes(directory: Path) -> tuple[str, ...]:
    """Give the lines that `.gitattributes` lacks."""
    path = directory / ".gitattributes"
    known = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return tuple(line for line in ATTRIBUTES if line not in known)


def _write_attributes(directory: Path) -> None:
    if missing := missing_attributes(directory):
        path = directory / ".gitattributes"
        known = path.read_text(encoding="utf-8") if path.is_file() else ""
        start = f"{known.rstrip()}\n" if known.strip() else ""
        write_atomically(path, (start + "\n".join(missing) + "\n").encode())


def _repository(directory: Path) -> tuple[Git, str]:
    try:
        return Git.discover(directory), ""
    except HandoffError:
        if (directory / ".git").exists():
            raise
    Git(directory).run("init", "--quiet", "--initial-branch=main")
    return Git.discover(directory), "made a git repository with the branch `main`\n"
