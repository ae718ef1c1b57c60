"""Real git repositories for tests, with pinned identity and dates."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True, slots=True)
class Repository:
    """A git repository on the disk; `root` is its work tree."""

    root: Path

    @classmethod
    def create(cls, root: Path, *options: str) -> Self:
        """Make an empty repository whose first branch is `main`."""
        root.mkdir(parents=True, exist_ok=True)
        made = cls(root)
        made.git("init", "--quiet", "--initial-branch=main", *options)
        return made

    def clone(self, name: str, *options: str) -> Self:
        """Clone this repository into a folder beside it."""
        root = self.root.parent / name
        self.git("clone", "--quiet", *options, str(self.root), str(root))
        return type(self)(root)

    def git(
        self,
        *args: str,
        stdin: bytes = b"",
        env: Mapping[str, str] | None = None,
    ) -> str:
        """Run git here; give its output without the last line feed.

        Args:
            args: command and arguments.
            stdin: what git reads.
            env: variables on top of those of the tests.
        """
        done = subprocess.run(  # noqa: S603 - no shell
            ["git", *args],  # noqa: S607 - the git of the machine is the one to test
            cwd=self.root,
            input=stdin,
            capture_output=True,
            check=False,
            env={**os.environ, **(env or {})},
        )
        assert done.returncode == 0, done.stderr.decode(errors="replace")
        return done.stdout.decode("utf-8", "surrogateescape").removesuffix("\n")

    def write(self, path: str, content: str | bytes) -> Path:
        """Write a file, text as UTF-8, with its folders."""
        encoded = path.encode("utf-8", "surrogateescape")
        target = self.root / os.fsdecode(encoded)
        target.parent.mkdir(parents=True, exist_ok=True)
        data = content.encode() if isinstance(content, str) else content
        target.write_bytes(data)
        return target

    def commit(
        self,
        message: str = "change",
        at: str = "2026-04-21T10:00:00Z",
        *,
        author: str = "Robin Field",
    ) -> str:
        """Commit everything there is; give the full id.

        Args:
            message: the message.
            at: author and committer date.
            author: name of author and committer; the address follows from it.
        """
        self.git("add", "--all")
        options = ("--quiet", "--allow-empty", "--no-verify", "-m", message)
        self.git("commit", *options, env=_identity(author, at))
        return self.head()

    def head(self) -> str:
        """Give the full id of the current commit."""
        return self.git("rev-parse", "HEAD")

    def branch(self, name: str, start: str = "HEAD") -> None:
        """Make a branch and switch to it."""
        self.git("checkout", "--quiet", "-b", name, start)

    def switch(self, name: str) -> None:
        """Switch to a branch, a tag or a commit (detached)."""
        self.git("checkout", "--quiet", name)

    def merge(
        self, *names: str, at: str = "2026-04-21T10:00:00Z", strategy: str = ""
    ) -> str:
        """Merge branches into the current one by a merge commit; give its full id."""
        chosen = (f"--strategy={strategy}",) if strategy else ()
        options = ("--quiet", "--no-ff", "-m", f"merge {' '.join(names)}", *chosen)
        self.git("merge", *options, *names, env=_identity("Robin Field", at))
        return self.head()


def _identity(name: str, at: str) -> dict[str, str]:
    """Give the variables that make somebody author and committer at some time."""
    email = f"{name.lower().replace(' ', '.')}@example.com"
    return {
        f"GIT_{role}_{key}": value
        for role in ("AUTHOR", "COMMITTER")
        for key, value in (("NAME", name), ("EMAIL", email), ("DATE", at))
    }
