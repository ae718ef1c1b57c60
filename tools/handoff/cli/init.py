"""`handoff init`: a new handoff repository."""

from collections.abc import Iterator
from datetime import datetime
from importlib.resources import files
from pathlib import Path

import click

from handoff.cli.files import write_atomically
from handoff.cli.options import write
from handoff.model.errors import HandoffError
from handoff.model.identity import TREES
from handoff.repository.git import Git

_ENFORCED = "enforced_from:"
_DRIVER = {
    "merge.handoff.name": "records, field by field",
    "merge.handoff.driver": "handoff merge-driver %O %A %B %P",
    "diff.handoff.textconv": "handoff textconv",
}


@click.command()
@click.argument(
    "directory",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
)
@click.option(
    "--enforce-from",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="First day on which gates and clocks apply; older facts are imported history.",
)
def init(directory: Path, enforce_from: datetime | None) -> None:
    """Add the schemas and policy of a handoff repository to DIRECTORY, or here.

    Files that are there already are left alone, so it can be run again. The people in
    schemas/policy/people.yaml are an example: put in your own.
    """
    written = 0
    for name, content in _starter():
        target = directory / "schemas" / name
        if target.exists():
            continue
        text = _with_date(content, enforce_from) if name.endswith(".yaml") else content
        write_atomically(target, text.encode())
        written += 1
    for tree in TREES.values():
        (directory / tree).mkdir(parents=True, exist_ok=True)
    write(f"{written} files written below {directory / 'schemas'}\n")
    write(_install_drivers(directory))


def _install_drivers(directory: Path) -> str:
    """Tell git to merge and show records by field: in the folder, and in this clone."""
    attributes = directory / ".gitattributes"
    known = attributes.read_text(encoding="utf-8") if attributes.is_file() else ""
    lines = [f"{tree}/**/*.md merge=handoff diff=handoff" for tree in TREES.values()]
    missing = [line for line in lines if line not in known.splitlines()]
    if missing:
        start = f"{known.rstrip()}\n" if known.strip() else ""
        text = start + "\n".join(missing) + "\n"
        write_atomically(attributes, text.encode())
    try:
        git = Git.discover(directory)
        for name, value in _DRIVER.items():
            git.run("config", "--local", name, value)
    except HandoffError:
        again = "type `git init` there, then `handoff init` again"
        return f"merging and showing by field is not set up yet: {again}\n"
    return "git merges and shows records of this clone field by field\n"


def _starter() -> Iterator[tuple[str, str]]:
    """Give the files that come with the tool, or the checkout's own."""
    packaged = Path(str(files("handoff"))) / "starter" / "schemas"
    checkout = Path(__file__).parents[3] / "schemas"
    source = packaged if packaged.is_dir() else checkout
    if not (source / "policy").is_dir():
        message = "the files of a new repository did not come with this installation"
        raise HandoffError(message, "Install handoff-ledger again.")
    for path in sorted(source.rglob("*")):
        if path.is_file():
            yield path.relative_to(source).as_posix(), path.read_text(encoding="utf-8")


def _with_date(text: str, enforce_from: datetime | None) -> str:
    if enforce_from is None:
        return text
    lines = text.split("\n")
    dated = f"{_ENFORCED} {enforce_from.date().isoformat()}"
    return "\n".join(dated if x.startswith(_ENFORCED) else x for x in lines)
