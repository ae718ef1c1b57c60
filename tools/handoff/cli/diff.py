"""`handoff diff`: what changed between two revisions, in the words of the domain."""

from pathlib import Path

import click

from handoff.cli.options import directory_option, format_option, style_of_stdout, write
from handoff.cli.session import STAGED, Session, open_session
from handoff.evaluation.comparison import compare
from handoff.model.identity import TREES
from handoff.repository.changed import changed_paths
from handoff.views import comparison_json, comparison_text


@click.command()
@click.argument("revisions", metavar="[A..B]", default="HEAD")
@directory_option
@format_option("text", "json")
def diff(*, revisions: str, directory: Path, form: str) -> None:
    """Tell what changed from revision A to revision B, deal by deal.

    A alone, or HEAD if nothing is named, is compared with the files on disk;
    `A..index` with what is staged. The stage is that of each side by its own policy.
    Layout makes no difference: only what a record says does.
    """
    before, after = _sides(directory, revisions)
    paths = changed_paths(
        before.git,
        before.snapshot.label,
        None if ".." not in revisions else after.snapshot.label,
        tuple(TREES.values()),
    )
    changes = compare(before.report(paths), after.report(paths), paths)
    if form == "json":
        sides = before.snapshot.label, after.snapshot.label
        write(comparison_json.render(*sides, changes))
    else:
        write(comparison_text.render(changes, style_of_stdout()))


def _sides(directory: Path, revisions: str) -> tuple[Session, Session]:
    """Open both sides; an end that is left out is HEAD, as with git."""
    first, dots, second = revisions.partition("..")
    if first == STAGED or second.startswith("."):
        message = "write A..B, with a commit as A and a commit or `index` as B"
        raise click.UsageError(message)
    after = open_session(directory, (second or "HEAD") if dots else None, None)
    return open_session(directory, first or "HEAD", None), after
