"""`handoff tasks`: the open next actions."""

from functools import partial
from pathlib import Path

import click

from handoff.authoring.answers import person_problem
from handoff.authoring.tasks import in_order, render_json, render_text, tasks_of
from handoff.cli.change import misuse
from handoff.cli.options import (
    directory_option,
    format_option,
    moment_options,
    style_of_stdout,
    write,
)
from handoff.cli.session import open_session


@click.command()
@click.option("--owner", metavar="HANDLE", help="Only what this person has to do.")
@moment_options
@directory_option
@format_option("text", "json")
def tasks(
    owner: str | None,
    rev: str | None,
    as_of: str | None,
    directory: Path,
    form: str,
) -> None:
    """List the next action of every open deal, those due first on top."""
    session = open_session(directory, rev, as_of)
    if owner and (problem := person_problem(session.policy, "--owner", owner)):
        misuse(problem)
    frame, shares = session.survey(partial(tasks_of, owner=owner))
    found = in_order(shares)
    if form == "json":
        write(render_json(found, frame))
    else:
        write(render_text(found, frame, style_of_stdout()))
