"""`handoff board`: all deals by stage."""

from dataclasses import replace
from functools import partial
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
from handoff.cli.session import open_session
from handoff.views import board_text, status_json
from handoff.views.cards import hand_of
from handoff.views.standing import Standing

_CARDS = 8


@click.command()
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=_CARDS,
    show_default=True,
    help="Most cards shown per stage.",
)
@cache_option
@moment_options
@directory_option
@format_option("text", "json")
def board(  # noqa: PLR0913 - one argument per option, click's way
    *,
    limit: int,
    no_cache: bool,
    rev: str | None,
    as_of: str | None,
    directory: Path,
    form: str,
) -> None:
    """Show all deals by stage, fitted to the width of the terminal."""
    session = open_session(directory, rev, as_of).with_branches()
    session = replace(session, may_recall=not no_cache)
    if form == "json":
        write_all(status_json.render(*session.survey(hand_of, Standing.hand)))
        return
    first = partial(board_text.fewer, limit=limit)
    found = session.survey(hand_of, Standing.hand, first)
    write(board_text.render(*found, style_of_stdout(), limit=limit))
