"""`handoff import csv`: opportunities from the export of another system."""

import os
import tempfile
from pathlib import Path

import click

from handoff.cli.import_report import FORMATS
from handoff.cli.options import (
    directory_option,
    format_option,
    style_of_stdout,
    write,
)
from handoff.cli.session import Session, open_session
from handoff.imports.days import DATE_FORMATS
from handoff.imports.plan import Export, ImportPlan, plan_import
from handoff.imports.settings import PRESETS, ImportSettings, read_settings
from handoff.model.errors import HandoffError
from handoff.model.instant import day_of
from handoff.model.verdict import Verdict
from handoff.records.register import load_register
from handoff.views.formats import render_check


@click.group("import")
def import_() -> None:
    """Make opportunities of what another system exports."""


@import_.command("csv")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--preset",
    type=click.Choice(PRESETS),
    default=PRESETS[0],
    show_default=True,
    help="The system the export comes from.",
)
@click.option(
    "--map",
    "map_path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What the columns and stage words of your export mean (docs/import.md).",
)
@click.option(
    "--date-format",
    type=click.Choice(DATE_FORMATS),
    help="How dates are written, besides YYYY-MM-DD.",
)
@click.option("--currency", metavar="CODE", help="Currency of amounts without one.")
@click.option(
    "--dry-run", is_flag=True, help="Say what would be written; write nothing."
)
@directory_option
@format_option(*FORMATS)
def import_csv(  # noqa: PLR0913 - one parameter for each option
    file: Path,
    preset: str,
    map_path: Path | None,
    date_format: str | None,
    currency: str | None,
    *,
    dry_run: bool,
    directory: Path,
    form: str,
) -> None:
    """Turn FILE, an export of deals, into opportunities.

    Existing records are never changed. Exits with 1 if the file, or one of its rows,
    could not be imported.
    """
    options = {"date_format": date_format or "", "currency": currency or ""}
    map_file = (str(map_path), map_path.read_bytes()) if map_path else None
    settings, diagnostics = read_settings(preset, map_file, options)
    if settings is None:
        verdict = Verdict(1, 0, diagnostics)
        write(render_check(form, verdict, style_of_stdout()))
        raise SystemExit(1)
    session = open_session(directory, None, None)
    plan = _plan(session, file, settings)
    if not dry_run:
        for path, text in plan.files:
            _write_new(session.git.root / path, text)
    write(FORMATS[form](plan, is_dry=dry_run))
    raise SystemExit(1 if plan.problems or plan.refused else 0)


def _plan(session: Session, file: Path, settings: ImportSettings) -> ImportPlan:
    others = {check.file: _beside(file, check.file) for check in settings.checks}
    export = Export(file.read_bytes(), others)
    policy = session.policy
    register = load_register(session.snapshot, policy)
    today = day_of(session.now, policy.zone)
    return plan_import(export, settings, register, policy, today)


def _beside(file: Path, name: str) -> bytes:
    try:
        return (file.parent / name).read_bytes()
    except OSError as error:
        message = f"`{name}`, which the map wants to look names up in, is not readable"
        hint = f"Put it into the folder of `{file.name}`, or correct `check:`."
        raise HandoffError(message, hint) from error


def _write_new(target: Path, text: str) -> None:
    """Put a whole new file in place at once; an existing one is never replaced."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".import-") as draft:
        draft.write(text.encode())
        draft.flush()
        Path(draft.name).chmod(0o644)
        os.link(draft.name, target)
