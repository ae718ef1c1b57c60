"""`handoff tasks`: the open next actions."""

from dataclasses import replace
from pathlib import Path

import click

from handoff.authoring.answers import person_problem
from handoff.authoring.tasks import in_order, render_json, render_text
from handoff.cli.change import misuse
from handoff.cli.options import (
    cache_option,
    directory_option,
    format_option,
    moment_options,
    style_of_stdout,
    write,
)
from handoff.cli.session import open_session
from handoff.views.cards import hand_of
from handoff.views.standing import Standing


@click.command()
@click.option("--owner", metavar="HANDLE", help="Only what this person has to do.")
@cache_option
@moment_options
@directory_option
@format_option("text", "json")
def tasks(  # noqa: PLR0913 - one argument per option, click's way
    *,
    owner: str | None,
    no_cache: bool,
    rev: str | None,
    as_of: str | None,
    directory: Path,
    form: str,
) -> None:
    """List the next action of every open deal, those due first on top."""
    session = open_session(directory, rev, as_of)
    session = replace(session, may_recall=not no_cache)
    if owner and (problem := person_problem(session.policy, "--owner", owner)):
        misuse(problem)
    frame, hands = session.survey(hand_of, Standing.hand)
    found = in_order(hands, owner)
    if form == "json":
        write(render_json(found, frame))
    else:
        write(render_text(found, frame, style_of_stdout()))
