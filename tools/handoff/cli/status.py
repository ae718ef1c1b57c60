"""`handoff status`: where deals stand and what the next stage still needs."""

from pathlib import Path

import click

from handoff.cli.options import (
    directory_option,
    format_option,
    moment_options,
    style_of_stdout,
    write,
)
from handoff.cli.selection import report_for
from handoff.cli.session import open_session
from handoff.views import status_json, status_text


@click.command()
@click.argument("record", required=False, metavar="[ID]")
@moment_options
@directory_option
@format_option("text", "json")
def status(
    record: str | None,
    rev: str | None,
    as_of: str | None,
    directory: Path,
    form: str,
) -> None:
    """Show stage, next action and what the next stage still needs.

    ID is an opportunity's file name without `.md`, or its path; without ID all deals
    are listed.
    """
    report = report_for(open_session(directory, rev, as_of).with_branches(), record)
    style = style_of_stdout()
    if form == "json":
        write(status_json.render(report, style))
    else:
        write(status_text.render(report, style, detailed=record is not None))
