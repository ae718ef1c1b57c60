"""The only place that runs git: plumbing, NUL-separated, in an environment of our own.

`subprocess` is imported where it is used: it costs 9 ms, more than the rest of the
start-up, and commands such as `handoff explain` never need it.
"""

import os
import re
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Self

from handoff.repository import failure
from handoff.repository.environment import SETTINGS, hook_variables, scrub

_COMMIT_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_CHUNK = 1 << 18


def _decode(output: bytes) -> str:
    """Read a path as git printed it; bytes that are not UTF-8 survive."""
    return output.removesuffix(b"\n").decode("utf-8", "surrogateescape")


@dataclass(frozen=True, slots=True)
class Git:
    """A repository, and the way to ask git about it. Get one with `discover`.

    Attributes:
        root: top folder of the work tree; of a bare repository the folder itself.
        is_bare: whether there is no work tree, so that only commits can be read.
        environment: all variables git sees.
        folder: the git directory; `None` where git was not asked for it.
    """

    root: Path
    is_bare: bool = False
    environment: Mapping[str, str] = field(
        default_factory=lambda: scrub(os.environ), repr=False, compare=False
    )
    folder: Path | None = field(default=None, repr=False, compare=False)

    @classmethod
    def discover(cls, start: Path) -> Self:
        """Find the repository that `start` lies in.

        Raises:
            HandoffError: git is missing, or `start` lies in no usable repository.
        """
        probe = cls(start)
        answer = probe.run("rev-parse", "--is-bare-repository", "--absolute-git-dir")
        bare, _, rest = _decode(answer).partition("\n")
        git_dir = Path(rest)
        environment = {**probe.environment, **hook_variables(os.environ, git_dir)}
        if bare == "true":
            return cls(git_dir, is_bare=True, environment=environment, folder=git_dir)
        root = Path(_decode(probe.run("rev-parse", "--show-toplevel")))
        return cls(root, environment=environment, folder=git_dir)

    def _command(self, args: tuple[str, ...]) -> list[bytes]:
        """Build the command line; paths that are not UTF-8 go in as they are."""
        words = ("git", "-C", str(self.root), *SETTINGS, *args)
        return [word.encode("utf-8", "surrogateescape") for word in words]

    def _execute(self, args: tuple[str, ...], stdin: bytes) -> tuple[int, bytes, bytes]:
        """Run git to its end; give exit code, output and errors."""
        import subprocess  # noqa: PLC0415 - slow to import, see the module

        try:
            done = subprocess.run(  # noqa: S603 - no shell, arguments are a list
                self._command(args),
                input=stdin,
                capture_output=True,
                check=False,
                env=self.environment,
            )
        except (FileNotFoundError, PermissionError) as error:
            raise failure.git_missing() from error
        return done.returncode, done.stdout, done.stderr

    def run(self, *args: str, stdin: bytes = b"") -> bytes:
        """Run one git command and give its output.

        Put `--end-of-options` or `--` before anything a person typed.

        Raises:
            HandoffError: git failed; says what it could not do.
        """
        code, output, errors = self._execute(args, stdin)
        if code:
            raise failure.explain(args[0], errors, self.root)
        return output

    def attempt(self, *args: str) -> str | None:
        """Run one git command that others may keep from succeeding.

        Returns:
            `None` if it went well, or else what git said, in English.
        """
        code, _, errors = self._execute(args, b"")
        return errors.decode("utf-8", "replace") if code else None

    @contextmanager
    def pipe(self, *args: str) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
        """Run one git command while talking to it.

        Yields:
            Its standard input and output. Read the output to the end, or raise.

        Raises:
            HandoffError: git failed, or stopped listening.
        """
        import subprocess  # noqa: PLC0415 - slow to import, see the module
        from threading import Thread  # noqa: PLC0415 - comes with subprocess

        errors: list[bytes] = []
        try:
            process = subprocess.Popen(  # noqa: S603 - no shell, arguments are a list
                self._command(args),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=self.environment,
            )
        except (FileNotFoundError, PermissionError) as error:
            raise failure.git_missing() from error
        with process:
            if not (process.stdin and process.stdout and process.stderr):
                raise AssertionError  # all three are pipes
            # Unread errors would fill their pipe and stop git for ever.
            drain = Thread(target=lambda e=process.stderr: errors.append(e.read()))
            drain.start()
            try:
                yield process.stdin, process.stdout
                process.stdin.close()
            except BaseException:
                process.kill()
                raise
            finally:
                drain.join()
        if process.returncode:
            raise failure.explain(args[0], b"".join(errors), self.root)

    def fields(self, *args: str, end: bytes = b"\0") -> Generator[bytes, None, None]:
        """Run one git command and stream its fields.

        Args:
            args: the command.
            end: the byte that ends each.

        Who needs no more of them may stop: then git is stopped too.
        """
        with self.pipe(*args) as (_, output):
            rest = b""
            while chunk := output.read(_CHUNK):
                *whole, rest = (rest + chunk).split(end)
                yield from whole

    def private_path(self, name: str) -> Path:
        """Give the path of a file of ours in the git directory."""
        if self.folder:
            return self.folder / name
        told = self.run("rev-parse", "--git-path", name)
        return self.root / os.fsdecode(told.removesuffix(b"\n"))

    def is_unborn(self) -> bool:
        """Tell whether the current branch has no commit yet."""
        code, output, _ = self._execute(("symbolic-ref", "-q", "HEAD"), b"")
        branch = _decode(output)
        refs = ("for-each-ref", "--format=%(refname)", "--", branch)
        return not code and branch not in _decode(self.run(*refs)).split("\n")

    def resolve(self, rev: str) -> str:
        """Give the full id of the commit that a person named.

        Args:
            rev: branch, tag, (short) commit id, or any other spelling git knows.

        Raises:
            HandoffError: it names no commit, or more than one thing.
        """
        if "\0" in rev:
            raise failure.unknown_revision(rev, is_ambiguous=False)
        wanted = ("--end-of-options", f"{rev}^{{commit}}")
        code, output, errors = self._execute(("rev-parse", "--verify", *wanted), b"")
        found = _decode(output)
        is_ambiguous = b"is ambiguous" in errors
        if not code and _COMMIT_ID.fullmatch(found) and not is_ambiguous:
            return found
        self.run("rev-parse", "--git-dir")  # first tell whether git works at all
        if rev == "HEAD" and self.is_unborn():
            raise failure.unborn()
        raise failure.unknown_revision(rev, is_ambiguous=is_ambiguous)

    def is_shallow(self) -> bool:
        """Tell whether the history of this clone is cut off."""
        return self.run("rev-parse", "--is-shallow-repository") == b"true\n"

    def require_full_history(self) -> None:
        """Refuse a shallow clone: it answers questions about history wrongly.

        Grafts and replaced objects need no refusal: git runs here without them, so
        the history it shows is the one that was committed.

        Raises:
            HandoffError: the clone is shallow.
        """
        if self.is_shallow():
            raise failure.shallow()
