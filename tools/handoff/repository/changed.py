"""Which paths differ between two revisions, without reading a file."""

from handoff.repository.git import Git

_NAMES = ("-z", "--name-only", "--no-renames", "--ignore-submodules=all")


def changed_paths(
    git: Git, before: str, after: str | None, trees: tuple[str, ...]
) -> tuple[str, ...]:
    """List the paths that may differ, sorted; a file on disk may prove to be equal.

    Args:
        git: the repository.
        before: full id of a commit.
        after: full id of a commit, `index`, or `None` for the files on disk.
        trees: folders to look at.

    Raises:
        HandoffError: git cannot compare them.
    """
    if after is None:
        others = ("ls-files", "--others", "--exclude-standard", "-z", "--", *trees)
        listed = git.run("diff-index", *_NAMES, before, "--", *trees) + git.run(*others)
    elif after == "index":
        listed = git.run("diff-index", "--cached", *_NAMES, before, "--", *trees)
    else:
        listed = git.run("diff-tree", "-r", *_NAMES, before, after, "--", *trees)
    return tuple(
        sorted(set(listed.decode("utf-8", "surrogateescape").split("\0")[:-1]))
    )
