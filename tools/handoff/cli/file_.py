"""`handoff file`: hand a complete packet over."""

from collections.abc import Iterator
from pathlib import Path

import click

from handoff.authoring.answers import Problem
from handoff.authoring.events import local
from handoff.authoring.filing import Stamp, filing, open_return, receivers, told
from handoff.authoring.outcome import clock_lines, command
from handoff.cli.asking import is_interactive
from handoff.cli.author import author, by_option, no_input_option
from handoff.cli.change import Handover, change, edited, misuse, open_handover
from handoff.cli.event_options import moment_of
from handoff.cli.options import directory_option, write
from handoff.cli.session import Session, open_session
from handoff.evaluation.rules import invalid_acknowledgement
from handoff.model.instant import day_of, parse_instant
from handoff.views.escaping import terminal
from handoff.views.words import duration

_ABOUT_ACKNOWLEDGEMENTS = {rule.defect.name for rule in invalid_acknowledgement.RULES}
"""What a packet that was acknowledged before it was given back may be accused of."""


@click.command("file")
@click.argument("packet")
@click.option("--at", metavar="TIME", help="When, with offset; now by default.")
@by_option
@no_input_option
@directory_option
def file_(
    *, packet: str, at: str | None, by: str | None, no_input: bool, directory: Path
) -> None:
    """File PACKET, or file it again after a return.

    It must be complete: what is missing is listed, and nothing is written. Filing
    stops your clock and starts the receiver's.
    """
    session = open_session(directory, None, None)
    found = open_handover(session, packet)
    stamp, zone = Stamp("", _time(session, at)), session.policy.zone
    if found.held or not filing(found.packet, stamp, zone, ()):
        write(f"{terminal(_filed_already(found))}\n")
        return
    who = author(session, by, may_ask=is_interactive(no_input=no_input))
    order = [name for name, _ in session.policy.schemas.schema("packet").fields(())]
    edits = filing(found.packet, Stamp(who, stamp.at), zone, order)
    path, deal = found.packet.path, found.opportunity
    content = edited(session, path, edits)
    after = change(
        session,
        {path: content},
        (path, deal.path),
        faultless=path,
        excused=_ABOUT_ACKNOWLEDGEMENTS,
    )
    handed = open_handover(after, found.packet.id).packet
    today = day_of(session.now, session.policy.zone)
    who_may = ", ".join(receivers(handed, session.policy, today)) or "nobody"
    lines = (
        f"filed: {path}",
        *_answered(found),
        *clock_lines(after.report([path]), deal.id),
        f"to acknowledge it: {who_may}",
        command("ack", handed.id),
    )
    write("\n".join(lines) + "\n")


def _filed_already(found: Handover) -> str:
    filed, held = found.packet.filed, found.held
    said = f" {told(filed)}" if filed else ""
    then = f"; acknowledged {told(held)}" if held else ""
    return f"filed already{said}{then}; nothing was written"


def _answered(found: Handover) -> Iterator[str]:
    """Say so where the return that is answered was not written down before."""
    returned = open_return(found.packet)
    if returned and returned.entry:
        yield f"answered, and written down: the return {terminal(told(returned))}"


def _time(session: Session, typed: str | None) -> str:
    """Give the time of filing, which may lie back no further than is tolerated."""
    if typed is None:
        return local(session.now, session.policy.zone)
    instant = parse_instant(moment_of(typed, None) or "")
    tolerance = session.policy.trust.tolerance
    if instant and session.now - instant > tolerance:
        message = f"--at `{typed}` is more than {duration(tolerance)} ago"
        misuse(Problem(message, "Leave it out: a packet is filed when you file it."))
    return typed
