"""`handoff sla`: readings of the clocks."""

from collections.abc import Collection
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

import click

from handoff.cli.evidence import commits_of
from handoff.cli.options import (
    directory_option,
    format_option,
    moment_options,
    style_of_stdout,
    write,
)
from handoff.cli.selection import report_for
from handoff.cli.session import open_session
from handoff.evaluation.report import Report
from handoff.repository.zone_rules import zone_rules_version
from handoff.views import sla_explain, sla_json, sla_text


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
    report = report_for(session, record)
    if shadow:
        report = replace(report, readings=report.shadow, shadow=())
    if clocks:
        report = _only(report, clocks)
    style = style_of_stdout()
    if form == "json":
        write(sla_json.render(report, style))
    elif is_explained:
        places = sla_explain.places(report, report.readings)
        evidence = commits_of(session, report, {path for path, _ in places})
        rules = zone_rules_version()
        write(sla_explain.render(report, report.readings, style, evidence, rules))
    else:
        write(sla_text.render(report, style, show_all=show_all))


def _only(report: Report, clocks: Collection[str]) -> Report:
    """Keep the readings of some clocks.

    Raises:
        click.UsageError: policy has no such clock; gives the nearest names.
    """
    known = {clock.name for clock in report.policy.clocks}
    for name in clocks:
        if name not in known:
            near = get_close_matches(name, sorted(known), n=1)
            guess = f"; nearest: {near[0]}" if near else ""
            message = f"policy has no clock {name!r}{guess}"
            raise click.UsageError(message)
    kept = (reading for reading in report.readings if reading.clock.name in clocks)
    return replace(report, readings=tuple(kept))
