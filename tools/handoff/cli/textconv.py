"""`handoff textconv`: a record as git shows it in `git diff` and `git log -p`."""

import sys
from pathlib import Path

import click

from handoff.cli.options import write
from handoff.document.document import read_document
from handoff.evaluation.differences import version_of
from handoff.views.record_text import render


@click.command(hidden=True)
@click.argument("file", type=click.Path(path_type=Path))
def textconv(file: Path) -> None:
    """Print what FILE says, a line for each value; one that is no record as it is."""
    content = file.read_bytes()
    document, _ = read_document(file.name, content)
    if document is None:
        sys.stdout.buffer.write(content)
    else:
        write(render(version_of(document)))
