"""`handoff upgrade`: bring the files of an older repository forward."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

import click

from handoff.authoring.answers import Problem
from handoff.cli.change import misuse
from handoff.cli.files import write_atomically
from handoff.cli.options import directory_option, write
from handoff.cli.starter import (
    MANIFEST,
    copied_files,
    digest_of,
    made_files,
    read_manifest,
    write_manifest,
)
from handoff.repository.git import Git
from handoff.views.escaping import terminal


@dataclass(frozen=True, slots=True)
class Step:
    """One file that is not as this version of the tool would write it.

    Attributes:
        old: what is there; `None` where the file is missing.
        is_own: whether somebody changed it since the tool wrote it.
    """

    path: str
    old: bytes | None
    new: bytes
    is_own: bool

    def lines(self) -> Iterator[str]:
        """Write the difference."""
        before = (self.old or b"").decode("utf-8", "replace").splitlines()
        after = self.new.decode("utf-8", "replace").splitlines()
        found = unified_diff(before, after, self.path, self.path, lineterm="")
        return map(terminal, found)


@click.command()
@click.option("--diff", "is_dry", is_flag=True, help="Only show it, write nothing.")
@click.option(
    "--overwrite",
    "paths",
    multiple=True,
    metavar="PATH",
    help="Replace this file too, although it was changed here. Repeatable.",
)
@directory_option
def upgrade(*, is_dry: bool, paths: tuple[str, ...], directory: Path) -> None:
    """Bring schemas, workflows, forms and hooks to this version of the tool.

    Shows every difference. A file that was changed here since the tool wrote it is
    never replaced unless you name it with --overwrite. Records are not touched.
    """
    root = Git.discover(directory).root
    steps = _steps(root)
    if stray := set(paths) - {step.path for step in steps}:
        message = f"--overwrite {min(stray)}: it would not change, or is not of ours"
        misuse(Problem(terminal(message), "Name a file that `--diff` shows."))
    taken = [step for step in steps if not step.is_own or step.path in paths]
    left = [step for step in steps if step not in taken]
    for step in taken:
        write("".join(f"{line}\n" for line in step.lines()))
    if not is_dry:
        _take(root, taken)
    _say(taken, left, is_dry=is_dry)


def _steps(root: Path) -> list[Step]:
    """Compare what is there with what this version would write."""
    path = root / MANIFEST
    known = read_manifest(path.read_text(encoding="utf-8")) if path.is_file() else {}
    copied = list(_compared(root, copied_files(), known))
    after = {p.relative_to(root).as_posix(): p for p in (root / "schemas").rglob("*.*")}
    schemas = {name: file.read_bytes() for name, file in after.items()}
    schemas |= {step.path: step.new for step in copied if not step.is_own}
    return [*copied, *_compared(root, made_files(schemas), known)]


def _compared(
    root: Path, wanted: Mapping[str, bytes], known: Mapping[str, str]
) -> Iterator[Step]:
    for path, new in wanted.items():
        target = root / path
        old = target.read_bytes() if target.is_file() else None
        if old is None or digest_of(old) != digest_of(new):
            is_own = old is not None and known.get(path) != digest_of(old)
            yield Step(path, old, new, is_own)


def _take(root: Path, taken: list[Step]) -> None:
    for step in taken:
        write_atomically(root / step.path, step.new)
    path = root / MANIFEST
    known = read_manifest(path.read_text(encoding="utf-8")) if path.is_file() else {}
    digests = {step.path: digest_of(step.new) for step in taken}
    if digests:
        write_atomically(path, write_manifest({**known, **digests}))


def _say(taken: list[Step], left: list[Step], *, is_dry: bool) -> None:
    for step in left:
        write(f"changed here, left alone: {step.path}\n")
    if left:
        write("  see the new one: handoff upgrade --diff --overwrite PATH\n")
    done = "would change" if is_dry else "changed"
    write(f"{len(taken)} files {done}, {len(left)} left alone\n")
