"""`handoff docs`: the generated reference pages."""

from pathlib import Path

import click

from handoff.cli.files import write_atomically
from handoff.cli.options import directory_option, write
from handoff.cli.session import open_session
from handoff.evaluation.rules import CATALOGUE
from handoff.views.reference import pages


@click.command()
@click.option(
    "--check", "is_check", is_flag=True, help="Write nothing; exit 1 if stale."
)
@directory_option
def docs(*, is_check: bool, directory: Path) -> None:
    """Write the pages of docs/ that are made from schemas, policy and rules."""
    session = open_session(directory, None, None)
    folder = session.git.root / "docs"
    stale = {
        folder / name: text
        for name, text in pages(session.policy, CATALOGUE).items()
        if not (folder / name).is_file()
        or (folder / name).read_text(encoding="utf-8") != text
    }
    for path, text in stale.items():
        if not is_check:
            write_atomically(path, text.encode())
        write(f"{'stale' if is_check else 'written'}: docs/{path.name}\n")
    raise SystemExit(1 if is_check and stale else 0)
