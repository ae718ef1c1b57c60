"""`handoff daily`: the summary of one date, and its post."""

from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path

import click

from handoff.cli.options import (
    cache_option,
    date_option,
    directory_option,
    format_option,
    moment_options,
    style_of_stdout,
    write,
)
from handoff.cli.session import Session, open_session
from handoff.evaluation.report import Frame
from handoff.evaluation.summary import Summary, summarise
from handoff.evaluation.summary_sections import Entries, entries_of
from handoff.model.instant import day_of, format_instant, last_of_day
from handoff.views import daily_json, daily_markdown
from handoff.views.standing import Standing

_FORMATS = {"markdown": daily_markdown.render, "json": daily_json.render}


@click.command()
@date_option
@click.option(
    "--post",
    "is_posted",
    is_flag=True,
    help="Also post it, once for each date, to the channels that policy names.",
)
@cache_option
@moment_options
@directory_option
@format_option(*_FORMATS)
def daily(  # noqa: PLR0913 - one argument per option, click's way
    *,
    day: datetime | None,
    is_posted: bool,
    no_cache: bool,
    rev: str | None,
    as_of: str | None,
    directory: Path,
    form: str,
) -> None:
    """Sum up a date: completions, breaches, what is at risk, who waits for whom.

    A past date is summed up as it was known at its end, so that a late run gives the
    same text; with --rev, as that revision knows it.
    """
    if is_posted and (rev or as_of):
        message = "--post is about what is known now: leave out --rev and --as-of"
        raise click.UsageError(message)
    session = open_session(directory, rev, as_of)
    session = replace(session, may_recall=not no_cache)
    wanted = _wanted(session, day)
    summary = summary_of(session, wanted, directory, rev)
    write(_FORMATS[form](summary))
    if is_posted:
        _post(summary, session)


def _wanted(session: Session, day: datetime | None) -> date:
    """Give the date to sum up: today if none was named."""
    today = day_of(session.now, session.policy.zone)
    wanted = day.date() if day else today
    if wanted > today:
        message = f"{wanted} is still to come, and nothing has happened on it"
        raise click.UsageError(message)
    return wanted


def summary_of(
    session: Session, wanted: date, directory: Path, rev: str | None
) -> Summary:
    """Sum up a date, a past one as it was known at its end."""
    end = last_of_day(wanted, session.policy.zone)
    if end < session.now:
        past = open_session(directory, rev, format_instant(end))
        session = replace(past, may_recall=session.may_recall)

    def of_standing(standing: Standing, _frame: Frame) -> Entries | None:
        return standing.entries_on(wanted)

    of_report = partial(entries_of, day=wanted)
    frame, told = session.with_branches().survey(of_report, of_standing, _telling)
    return summarise(frame, wanted, told)


def _telling(told: list[Entries]) -> list[Entries]:
    """Leave out the deals of which there is nothing to say."""
    return [entries for entries in told if entries]


def _post(summary: Summary, session: Session) -> None:
    """Post a summary, and say on the error stream what came of it."""
    # Only a post needs the network and all that goes with it.
    from handoff.cli.dispatch import dispatch  # noqa: PLC0415 - slow
    from handoff.cli.dispatch_text import is_clean, render_text  # noqa: PLC0415 - slow
    from handoff.cli.surroundings import say  # noqa: PLC0415 - slow
    from handoff.connectors.plan import Plan, plan_needs  # noqa: PLC0415 - slow
    from handoff.connectors.summary_need import summary_need  # noqa: PLC0415 - slow
    from handoff.repository.ledger import Ledger  # noqa: PLC0415 - slow

    def planner(now: Session, ledger: Ledger, _: object) -> Plan:
        return plan_needs((summary_need(summary),), now.policy, ledger, now.now)

    done = dispatch(lambda _: session, planner, (), dry_run=False, echo=say)
    say(render_text(done, style_of_stdout()))
    if not is_clean(done):
        raise SystemExit(1)
