"""`handoff init`: a new handoff repository."""

from collections.abc import Iterator
from datetime import datetime
from importlib.resources import files
from pathlib import Path

import click

from handoff.cli.options import write
from handoff.model.errors import HandoffError
from handoff.model.identity import TREES

_ENFORCED = "enforced_from:"


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
        target.parent.mkdir(parents=True, exist_ok=True)
        text = _with_date(content, enforce_from) if name.endswith(".yaml") else content
        target.write_text(text, encoding="utf-8", newline="\n")
        written += 1
    for tree in TREES.values():
        (directory / tree).mkdir(parents=True, exist_ok=True)
    write(f"{written} files written below {directory / 'schemas'}\n")


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
