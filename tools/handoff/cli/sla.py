"""`handoff sla`: readings of the clocks."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import TypeVar

import click

from handoff.cli.evidence import commits_of
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
from handoff.cli.session import Session, open_session
from handoff.evaluation.report import Frame, Report
from handoff.policy.policy import Policy
from handoff.repository.zone_rules import zone_rules_version
from handoff.views import sla_explain, sla_json, sla_text
from handoff.views.standing import Standing

_Share = TypeVar("_Share")


@click.command()
@click.argument("record", required=False, metavar="[ID]")
@click.option(
    "--clock",
    "clocks",
    multiple=True,
    metavar="NAME",
    help="Show this clock alone. Repeatable.",
)
@click.option("--all", "show_all", is_flag=True, help="Show every reading.")
@click.option(
    "--explain",
    "is_explained",
    is_flag=True,
    help="Show evidence, counted time and pauses behind each reading of ID.",
)
@click.option(
    "--shadow",
    is_flag=True,
    help="Read the clocks that policy only tries out, instead of the others.",
)
@cache_option
@moment_options
@directory_option
@format_option("text", "json")
def sla(  # noqa: PLR0913 - one argument per option, click's way
    *,
    record: str | None,
    clocks: tuple[str, ...],
    show_all: bool,
    is_explained: bool,
    shadow: bool,
    no_cache: bool,
    rev: str | None,
    as_of: str | None,
    directory: Path,
    form: str,
) -> None:
    """Read the clocks: due, remaining or overrun, and who answers for it.

    ID is an opportunity's file name without `.md`, or its path; without ID all deals
    are read.
    """
    if is_explained and record is None:
        message = "--explain needs the ID of one opportunity"
        raise click.UsageError(message)
    session = open_session(directory, rev, as_of).with_branches()
    session = replace(session, may_recall=not no_cache)
    _refuse_unknown(session.policy, clocks)
    narrow = partial(_only, clocks=frozenset(clocks), shadow=shadow)
    style = style_of_stdout()
    if is_explained and record is not None:
        report = narrow(report_for(session, record))
        places = sla_explain.places(report, report.readings)
        evidence = commits_of(session, report, {path for path, _ in places})
        rules = zone_rules_version()
        write(sla_explain.render(report, report.readings, style, evidence, rules))
    elif form == "json":
        written = _found(session, record, lambda r: sla_json.share_of(narrow(r)))
        write_all(sla_json.render(*written))
    else:
        shown = partial(sla_text.share_of, show_all=show_all)
        is_usual = not (show_all or shadow or clocks)
        of_standing = Standing.share if is_usual else None
        wanted = (lambda r: shown(narrow(r)), of_standing, sla_text.together)
        write(sla_text.render(*_found(session, record, *wanted), style))


def _found(
    session: Session,
    record: str | None,
    share_of: Callable[[Report], _Share],
    of_standing: Callable[[Standing, Frame], _Share] | None = None,
    fewer: Callable[[list[_Share]], list[_Share]] = list,
) -> tuple[Frame, Iterable[_Share]]:
    """Evaluate one deal or all; give what was asked, and what is made of it."""
    if record is None:
        return session.survey(share_of, of_standing, fewer)
    report = report_for(session, record)
    return report.frame, (share_of(report),)


def _refuse_unknown(policy: Policy, clocks: Iterable[str]) -> None:
    """Refuse a clock that policy does not have, as a usage error."""
    known = {clock.name for clock in policy.clocks}
    for name in clocks:
        if name not in known:
            near = get_close_matches(name, sorted(known), n=1)
            guess = f"; nearest: {near[0]}" if near else ""
            message = f"policy has no clock {name!r}{guess}"
            raise click.UsageError(message)


def _only(report: Report, *, clocks: Collection[str], shadow: bool) -> Report:
    """Keep the readings of some clocks, or those that policy only tries out."""
    if shadow:
        report = replace(report, readings=report.shadow, shadow=())
    if not clocks:
        return report
    kept = (reading for reading in report.readings if reading.clock.name in clocks)
    return replace(report, readings=tuple(kept))
