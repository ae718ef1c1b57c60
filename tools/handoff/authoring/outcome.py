"""What a command says when it is done: what is missing, which clocks run, what next."""

from collections.abc import Iterable, Iterator
from shlex import quote

from handoff.evaluation.reading import LIVE
from handoff.evaluation.report import Report
from handoff.model.diagnostic import Diagnostic
from handoff.views.escaping import terminal
from handoff.views.words import due


def gap_lines(errors: Iterable[Diagnostic]) -> Iterator[str]:
    """Write what is still missing, a line each."""
    listed = tuple(errors)
    if listed:
        yield "still missing:"
    for error in listed:
        yield f"  - {terminal(error.message)}"


def stage_lines(report: Report, opportunity: str) -> Iterator[str]:
    """Write what a deal needs for its next stage, a line each."""
    for status in report.statuses:
        if status.id == opportunity and status.upcoming and status.missing:
            yield f"to reach `{status.upcoming.name}`, still missing:"
            yield from (f"  - {terminal(m.message)}" for m in status.missing)


def plan_lines(report: Report, opportunity: str) -> Iterator[str]:
    """Say so where an open deal has no next action."""
    for status in report.statuses:
        if status.id == opportunity and status.stage.is_open and not status.next:
            yield "no next action is planned: log the next event with --next-action"


def clock_lines(report: Report, opportunity: str) -> Iterator[str]:
    """Write which clocks of a deal run, until when, and who answers for them."""
    for reading in report.readings:
        if reading.record == opportunity and reading.state in LIVE and reading.due:
            until = due(reading.due, report.policy.zone)
            owner = terminal(reading.owner or "nobody")
            yield f"clock `{reading.clock.name}`: due {until}, {owner} answers for it"


def command(*words: str) -> str:
    """Write the next command so that it can be copied."""
    return "next: " + terminal(" ".join(("handoff", *map(quote, words))))
