"""One record: what `ID` of a command means."""

from dataclasses import replace

import click

from handoff.cli.guessing import nearest
from handoff.cli.session import Session
from handoff.evaluation.report import Report
from handoff.model.identity import TREES, stem_of


def report_for(session: Session, record: str) -> Report:
    """Evaluate the one record that was named.

    A packet's name stands for its opportunity.

    Raises:
        click.UsageError: there is no such record; the nearest names are given.
    """
    stem = record.rsplit("/", 1)[-1].removesuffix(".md")
    known = {stem_of(path): path for path in session.snapshot.paths(*TREES.values())}
    if stem not in known:
        message = f"there is no record `{stem}`{nearest(stem, known)}"
        raise click.UsageError(message)
    report = session.report([known[stem]])
    packet = report.register.packets.get(stem)
    wanted = packet.opportunity if packet else stem
    return replace(
        report,
        statuses=tuple(s for s in report.statuses if s.id == wanted),
        readings=tuple(r for r in report.readings if r.record == wanted),
        shadow=tuple(r for r in report.shadow if r.record == wanted),
    )
