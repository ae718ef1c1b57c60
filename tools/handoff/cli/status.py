"""`handoff status`: where deals stand and what the next stage still needs."""

from dataclasses import replace
from pathlib import Path

import click

from handoff.cli.options import (
    cache_option,
    directory_option,
    format_option,
    moment_options,
    style_of_stdout,
    write,
    write_all,
)
from handoff.cli.selection import report_for
from handoff.cli.session import open_session
from handoff.views import status_json, status_list, status_text
from handoff.views.cards import hand_of
from handoff.views.standing import Standing


@click.command()
@click.argument("record", required=False, metavar="[ID]")
@cache_option
@moment_options
@directory_option
@format_option("text", "json")
def status(  # noqa: PLR0913 - one argument per option, click's way
    *,
    record: str | None,
    no_cache: bool,
    rev: str | None,
    as_of: str | None,
    directory: Path,
    form: str,
) -> None:
    """Show stage, next action and what the next stage still needs.

    ID is an opportunity's file name without `.md`, or its path; without ID all deals
    are listed.
    """
    session = open_session(directory, rev, as_of).with_branches()
    session = replace(session, may_recall=not no_cache)
    if record is not None:
        report = report_for(session, record)
        if form == "json":
            write_all(status_json.render(report.frame, (hand_of(report),)))
        else:
            write(status_text.render(report, style_of_stdout()))
        return
    found = session.survey(hand_of, Standing.hand)
    if form == "json":
        write_all(status_json.render(*found))
    else:
        write(status_list.render(*found, style_of_stdout()))
