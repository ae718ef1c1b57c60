"""`handoff ack`: take a packet over."""

from collections.abc import Sequence
from pathlib import Path

import click

from handoff.authoring.answers import Problem
from handoff.authoring.events import local
from handoff.authoring.filing import (
    Stamp,
    acknowledging,
    critical_risks,
    open_return,
    read_scores,
    risks_of,
    told,
)
from handoff.authoring.outcome import clock_lines, command
from handoff.cli.asking import confirm, is_interactive
from handoff.cli.author import author, by_option, no_input_option
from handoff.cli.change import (
    Handover,
    change,
    edited,
    misuse,
    open_handover,
    stop,
)
from handoff.cli.options import directory_option, write
from handoff.cli.session import Session, open_session
from handoff.document.edits import Edit, SetValue
from handoff.views.escaping import terminal


@click.command()
@click.argument("packet")
@click.option(
    "--accept",
    "accepted",
    multiple=True,
    metavar="RISK",
    help="Id of a critical risk you take over. Repeatable.",
)
@click.option(
    "--quality",
    metavar="SCORES",
    help="Your scores from 0 to 8, as in context=6,scope=7,…",
)
@by_option
@no_input_option
@directory_option
def ack(  # noqa: PLR0913 - one parameter for each option
    *,
    packet: str,
    accepted: tuple[str, ...],
    quality: str | None,
    by: str | None,
    no_input: bool,
    directory: Path,
) -> None:
    """Acknowledge PACKET: you have it, as it is now, with its critical risks.

    Nothing is written if your acknowledgement would not count. Commit it yourself:
    the commit's author is part of the evidence.
    """
    session = open_session(directory, None, None)
    may_ask = is_interactive(no_input=no_input)
    found = open_handover(session, packet)
    _known_risks(found, accepted)
    who = author(session, by, may_ask=may_ask)
    edits = list(_scores(session, quality, who))
    if _is_open(found):
        _check_way(session)
        risks = _accepted(found, accepted, may_ask=may_ask)
        edits.append(_stanza(session, found, who, risks))
    path, deal = found.packet.path, found.opportunity
    if not edits:
        said = terminal(told(found.held)) if found.held else ""
        write(f"acknowledged already {said}; nothing was written\n")
        return
    content = edited(session, path, edits)
    after = change(session, {path: content}, (path, deal.path), faultless=path)
    lines = (
        f"acknowledged: {path}",
        *clock_lines(after.report([path]), deal.id),
        "commit it with your own name, then " + command("status", deal.id),
    )
    write("\n".join(lines) + "\n")


def _check_way(session: Session) -> None:
    """Stop where policy takes approvals of pull requests alone."""
    if not session.policy.trust.acknowledged_by_commit:
        message = "policy takes approvals alone (`acknowledged_by_commit: false`)"
        hint = "Approve the pull request that carries the packet."
        stop(Problem(message, hint))


def _is_open(found: Handover) -> bool:
    """Tell whether an acknowledgement is waited for, or would not count as it is."""
    packet = found.packet
    if packet.filed is None:
        hint = f"Its owner files it first: handoff file {packet.id}"
        stop(Problem("the packet is not filed yet", hint))
    if found.held:
        return False
    returned = open_return(packet)
    # One made on an open pull request is answered by a push, which says nothing here.
    if returned and (not returned.entry or returned.field("after_merge") is True):
        hint = f"Its owner closes the gaps, then: handoff file {packet.id}"
        message = f"the packet was returned {told(returned)} and is not filed again"
        stop(Problem(message, hint))
    return True


def _known_risks(found: Handover, accepted: Sequence[str]) -> None:
    known = [str(risk["id"]) for risk in risks_of(found.opportunity)]
    for risk in accepted:
        if risk not in known:
            hint = f"Known: {', '.join(known) or 'none'}."
            misuse(Problem(f"there is no risk `{risk}`", hint))


def _accepted(
    found: Handover, accepted: Sequence[str], *, may_ask: bool
) -> Sequence[str]:
    """Make sure that every critical risk is accepted by name."""
    taken = list(accepted)
    for risk, text in critical_risks(found.opportunity).items():
        if risk in taken:
            continue
        if may_ask and confirm(f"Do you accept critical risk {risk}: {text}?"):
            taken.append(risk)
            continue
        hint = f"Add `--accept {risk}`, or give it back with `handoff return`."
        stop(Problem(f"critical risk `{risk}` is not accepted: {text}", hint))
    return taken


def _stanza(session: Session, found: Handover, who: str, risks: Sequence[str]) -> Edit:
    order = [name for name, _ in session.policy.schemas.schema("packet").fields(())]
    stamp = Stamp(who, local(session.now, session.policy.zone))
    return acknowledging(found.packet, found.opportunity, stamp, risks, order)


def _scores(session: Session, typed: str | None, who: str) -> Sequence[Edit]:
    """Read the receiver's rubric; its categories are the schema's."""
    if typed is None:
        return ()
    schema = session.policy.schemas.schema("packet")
    names = [name for name, _ in schema.fields(("quality",)) if name != "by"]
    scores = read_scores(typed, names)
    if isinstance(scores, Problem):
        misuse(scores)
    order = [name for name, _ in schema.fields(())]
    rubric = {"by": who, **{name: scores[name] for name in names}}
    value = schema.coerce({"quality": rubric})["quality"]
    return (SetValue(("quality",), value, order),)
