"""`handoff return`: give a packet back with what is missing."""

from pathlib import Path

import click

from handoff.authoring.answers import Checker
from handoff.authoring.events import local
from handoff.authoring.filing import (
    Stamp,
    gaps_of,
    open_return,
    return_problem,
    returning,
    told,
)
from handoff.authoring.outcome import clock_lines, command
from handoff.cli.asking import is_interactive
from handoff.cli.author import author, by_option, no_input_option
from handoff.cli.change import change, edited, misuse, open_handover, stop
from handoff.cli.options import directory_option, write
from handoff.cli.session import Session, open_session
from handoff.model.instant import day_of
from handoff.views.escaping import terminal


@click.command("return")
@click.argument("packet")
@click.option(
    "--gap", "gaps", multiple=True, required=True, help="What is missing. Repeatable."
)
@by_option
@no_input_option
@directory_option
def return_(
    *,
    packet: str,
    gaps: tuple[str, ...],
    by: str | None,
    no_input: bool,
    directory: Path,
) -> None:
    """Give PACKET back to who filed it, naming each gap.

    It stops the receiver's clock and starts the filer's.
    """
    session = open_session(directory, None, None)
    found = open_handover(session, packet)
    _check_gaps(session, gaps)
    returned = None if found.held else open_return(found.packet)
    if returned and gaps_of(returned) == gaps:
        said = terminal(told(returned))
        write(f"returned already with these gaps {said}; nothing was written\n")
        return
    who = author(session, by, may_ask=is_interactive(no_input=no_input))
    policy = session.policy
    today = day_of(session.now, policy.zone)
    if problem := return_problem(found.packet, found.held, policy, who, today):
        stop(problem)
    order = [name for name, _ in policy.schemas.schema("packet").fields(())]
    stamp = Stamp(who, local(session.now, policy.zone))
    path, deal = found.packet.path, found.opportunity
    content = edited(session, path, (returning(gaps, stamp, order),))
    after = change(session, {path: content}, (path, deal.path))
    lines = (
        f"returned: {path}",
        *clock_lines(after.report([path]), deal.id),
        "when the gaps are closed, " + command("file", found.packet.id),
    )
    write("\n".join(lines) + "\n")


def _check_gaps(session: Session, gaps: tuple[str, ...]) -> None:
    checker = Checker(session.policy, "packet", {})
    for gap in gaps:
        if problem := checker.problem(("returns", 0, "gaps", 0), gap):
            misuse(problem)
