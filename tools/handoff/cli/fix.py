"""`handoff fix`: repairs that need no decision."""

import sys
from collections.abc import Iterator, Mapping
from difflib import unified_diff
from pathlib import Path

import click

from handoff.cli.change import would_be
from handoff.cli.check import wanted_paths
from handoff.cli.files import write_atomically
from handoff.cli.options import directory_option, write
from handoff.cli.session import Session, open_session
from handoff.document.edit_lines import read_lines
from handoff.document.fixing import Form
from handoff.document.fixing import fix as fix_record
from handoff.model.identity import TREES, Kind, tree_of
from handoff.model.span import Pointer
from handoff.policy.schemas import CompiledSchema
from handoff.repository.snapshot import Unreadable
from handoff.views.escaping import workflow_safe_line


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--diff",
    "is_trial",
    is_flag=True,
    help="Show what would change and write nothing; exit with 1 if anything would.",
)
@directory_option
def fix(paths: tuple[Path, ...], *, is_trial: bool, directory: Path) -> None:
    """Repair records: all of them, or the files and folders at PATHS.

    Only what needs no decision: order of the fields, blanks, tabs, a missing zero or
    `T` in a date, quotes around a `#`. What a person meant stays as it is, and so
    does every other byte. `handoff check` tells what is left.
    """
    session = open_session(directory, None, None)
    wanted = wanted_paths(session, directory, paths) if paths else None
    changes = list(_changes(session, wanted))
    for path, old, new in changes:
        if is_trial:
            write(_diff(path, old, new))
        else:
            write_atomically(session.git.root / path, new)
            sys.stderr.write(f"repaired {workflow_safe_line(path)}\n")
    if not is_trial:
        after = would_be(session, {path: new for path, _, new in changes})
        after.take_note([path for path, _, _ in changes])
    raise SystemExit(1 if is_trial and changes else 0)


def _changes(
    session: Session, wanted: set[str] | None
) -> Iterator[tuple[str, bytes, bytes]]:
    """Give path, old and new content of every record that has something to repair."""
    snapshot = session.snapshot
    forms = {kind: _form(session.policy.schemas.schema(kind.value)) for kind in Kind}
    paths = snapshot.paths(*TREES.values()) if wanted is None else sorted(wanted)
    for path, content in snapshot.read_many(paths):
        kind = tree_of(path)
        if kind is None or isinstance(content, Unreadable):
            continue
        repaired = fix_record(content, forms[kind])
        if repaired != content:
            yield path, content, repaired


def _form(schema: CompiledSchema) -> Form:
    def refused(header: Mapping[str, object]) -> dict[Pointer, str]:
        value = schema.coerce(header)
        if schema.accepts(value):
            return {}
        return {
            violation.pointer: str(violation.detail)
            if violation.keyword == "format"
            else ""
            for violation in schema.violations(value)
        }

    return Form(tuple(name for name, _ in schema.fields(())), refused)


def _diff(path: str, old: bytes, new: bytes) -> str:
    """Show a change by lines; endings and byte-order mark stay as they are."""
    rows = unified_diff(
        read_lines(old).texts,
        read_lines(new).texts,
        f"a/{path}",
        f"b/{path}",
        lineterm="",
    )
    return "".join(f"{workflow_safe_line(row)}\n" for row in rows)
