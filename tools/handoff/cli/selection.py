"""Some records and not all: what `ID` of a command means, and files it names."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from typing import TypeVar

import click

from handoff.cli.guessing import nearest
from handoff.cli.session import Session
from handoff.evaluation.report import Frame, Report
from handoff.model.identity import TREES, stem_of

_Share = TypeVar("_Share")
_FEW = 500  # files that can be held at once


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


def gathered(
    session: Session,
    share_of: Callable[[Report], _Share],
    paths: Collection[str] | None,
) -> tuple[Frame, Iterable[_Share]]:
    """Evaluate the deals of some files, and give what is made of their reports.

    Args:
        session: what to evaluate.
        share_of: see `handoff.cli.survey.Wanted`.
        paths: the files, some of which may not be there; where they are many, and for
            `None`, all deals are evaluated, a few at a time.
    """
    if paths is None or len(paths) > _FEW:
        return session.survey(share_of)
    report = session.report({*session.snapshot.paths()} & {*paths})
    return report.frame, (share_of(report),)
