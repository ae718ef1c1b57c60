"""`handoff daily`: the summary of one date."""

from datetime import datetime
from pathlib import Path

import click

from handoff.cli.options import directory_option, format_option, moment_options, write
from handoff.cli.session import open_session
from handoff.evaluation.summary import summarise
from handoff.model.instant import day_of, format_instant, last_of_day
from handoff.views import daily_json, daily_markdown

_FORMATS = {"markdown": daily_markdown.render, "json": daily_json.render}


@click.command()
@click.option(
    "--date",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="The date to sum up, in the policy's zone; today by default.",
)
@moment_options
@directory_option
@format_option(*_FORMATS)
def daily(
    day: datetime | None,
    rev: str | None,
    as_of: str | None,
    directory: Path,
    form: str,
) -> None:
    """Sum up a date: completions, breaches, what is at risk, who waits for whom.

    A past date is summed up as it was known at its end, so that a late run gives the
    same text; with --rev, as that revision knows it.
    """
    session = open_session(directory, rev, as_of)
    wanted = day.date() if day else day_of(session.now, session.policy.zone)
    end = last_of_day(wanted, session.policy.zone)
    if end < session.now:
        session = open_session(directory, rev, format_instant(end))
    write(_FORMATS[form](summarise(session.report(), wanted)))
