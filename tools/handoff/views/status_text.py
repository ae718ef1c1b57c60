"""Where deals stand, for people at a terminal."""

from collections.abc import Iterator, Mapping
from itertools import groupby

from handoff.evaluation.reading import Reading
from handoff.evaluation.report import Report
from handoff.evaluation.status import Status
from handoff.views.columns import Cell, Shrink, align, paint
from handoff.views.escaping import terminal, workflow_safe_line
from handoff.views.states import (
    ALARM,
    CAUTION,
    FAINT,
    STRONG,
    balance,
    look_of,
    needs_eyes,
    urgency,
)
from handoff.views.style import Style
from handoff.views.words import action_due, count, days, due, instant

DAY = len("2026-04-22")
"""Characters of a due instant that name its day."""

_PATHS = 10
"""Files named at the end; the others are counted."""

_ID, _COMPANY, _OWNER, _DAYS, _MISSING = range(5)
_SHRINK: tuple[Shrink, ...] = (
    (_COMPANY, 12),
    (_OWNER, 8),
    (_DAYS, 0),
    (_OWNER, 0),
    (_COMPANY, 0),
    (_MISSING, 0),
    (_ID, 10),
)


def render(report: Report, style: Style, *, detailed: bool) -> str:
    """Write where the deals of a report stand.

    Args:
        report: its `statuses` are what is shown.
        style: of the terminal.
        detailed: whether everything about each deal is wanted, or a line each.
    """
    statuses = sorted(report.statuses, key=lambda s: (s.stage.position, s.id))
    written = _detailed(statuses, report, style) if detailed else None
    blocks = written or _listed(statuses, report, style)
    return "\n\n".join((*blocks, "\n".join(closing(report)))) + "\n"


def company(status: Status) -> str:
    """Give the customer's name, or the id where the record names none.

    It begins lines, where a workflow runner would look for commands.
    """
    return workflow_safe_line(status.deal.opportunity.text("company") or status.id)


def due_cell(status: Status, report: Report, columns: int | None = None) -> Cell:
    """Say until when the next action is due, marked if it is late or not planned.

    Args:
        status: of the deal.
        report: for the instant and the zone.
        columns: how much of the due instant is wanted; its day takes `DAY`.
    """
    if status.next is None:
        return Cell("no next action", CAUTION) if status.stage.is_open else Cell("")
    until = terminal(action_due(status.next, report.policy.zone))[:columns]
    if status.is_overdue(report.now):
        return Cell(f"OVERDUE {until}", ALARM)
    return Cell(f"due {until}")


def closing(report: Report) -> Iterator[str]:
    """Write how every view of deals ends: how many, as of when, what is not in it."""
    yield f"{_counts(report)}, as of {instant(report.now, report.policy.zone)}"
    missed = report.not_evaluated
    if missed:
        verb = "is" if len(missed) == 1 else "are"
        files = count(len(missed), "file")
        yield f"{files} could not be evaluated and {verb} not in here: `handoff check`"
    yield from (f"  {workflow_safe_line(path)}" for path in missed[:_PATHS])
    if len(missed) > _PATHS:
        yield f"  … and {len(missed) - _PATHS:,} more"
    yield from _waiting(report)


def _waiting(report: Report) -> Iterator[str]:
    """Say what is in here although it is not merged yet, and what could not be."""
    if report.branches:
        files = count(len(report.branches), "file")
        verb = "waits" if len(report.branches) == 1 else "wait"
        yield f"{files} of these {verb} on open branches:"
    listed = sorted(report.branches.items())
    for path, branch in listed[:_PATHS]:
        yield f"  {workflow_safe_line(path)} on {terminal(branch)}"
    if len(listed) > _PATHS:
        yield f"  … and {len(listed) - _PATHS:,} more"
    for clash in report.clashes:
        shown = f"`{terminal(clash.shown)}`" if clash.shown else "the one here"
        path, hidden = workflow_safe_line(clash.path), terminal(clash.hidden)
        yield f"`{path}` of `{hidden}` is not in here: it cannot be merged with {shown}"


def _counts(report: Report) -> str:
    is_open = sum(s.stage.is_open for s in report.statuses)
    overdue = sum(s.is_overdue(report.now) for s in report.statuses)
    late = f", {overdue:,} overdue" if overdue else ""
    return f"{count(len(report.statuses), 'deal')}, {is_open:,} open{late}"


def _listed(statuses: list[Status], report: Report, style: Style) -> list[str]:
    """Write a line for each deal, under the names of their stages."""
    rows = [_row(status, report) for status in statuses]
    lines = iter(align(rows, style, _SHRINK, indent=2))
    blocks: list[str] = []
    for stage, group in groupby(statuses, key=lambda status: status.stage.name):
        below = [next(lines) for _ in group]
        heading = f"{style.paint(stage, STRONG)} ({len(below):,})"
        blocks.append("\n".join((heading, *below)))
    return blocks


def _row(status: Status, report: Report) -> tuple[Cell, ...]:
    missing = f"{len(status.missing):,} missing" if status.upcoming else ""
    return (
        Cell(status.id),
        Cell(company(status)),
        Cell(terminal(status.deal.opportunity.owner)),
        Cell(days(status.days_in_stage(report.now))),
        Cell(missing),
        due_cell(status, report, DAY),
    )


def _detailed(statuses: list[Status], report: Report, style: Style) -> list[str]:
    """Write a block for each deal with all that is known about where it stands."""
    readings = _by_record(report.readings)
    return [
        "\n".join(_block(status, readings.get(status.id, []), report, style))
        for status in statuses
    ]


def _by_record(readings: tuple[Reading, ...]) -> Mapping[str, list[Reading]]:
    found: dict[str, list[Reading]] = {}
    for reading in readings:
        if needs_eyes(reading):
            found.setdefault(reading.record, []).append(reading)
    return found


def _block(
    status: Status,
    readings: list[Reading],
    report: Report,
    style: Style,
) -> Iterator[str]:
    owner = terminal(status.deal.opportunity.owner)
    age = days(status.days_in_stage(report.now))
    yield f"{style.paint(company(status), STRONG)}  {status.id}"
    stage = style.paint(status.stage.name, STRONG)
    yield f"  {stage} for {age}, cycle {status.cycle}, owner {owner}"
    if branch := report.branch_of(status.deal):
        yield f"  on branch {terminal(branch)}, not merged yet"
    yield from _next_lines(status, report, style)
    yield from _missing_lines(status)
    yield from _clock_lines(readings, report, style)


def _next_lines(status: Status, report: Report, style: Style) -> Iterator[str]:
    cell = due_cell(status, report)
    mark = paint(cell, cell.text, style)
    if status.next:
        action, owner = terminal(status.next.action), terminal(status.next.owner)
        yield f"  next: {action}, by {owner}, {mark}"
    elif mark:
        yield f"  {mark}"


def _missing_lines(status: Status) -> Iterator[str]:
    if status.upcoming is None:
        return
    yield f"  To reach `{status.upcoming.name}`, still missing:"
    yield from (f"    - {terminal(missing.message)}" for missing in status.missing)


def _clock_lines(
    readings: list[Reading],
    report: Report,
    style: Style,
) -> Iterator[str]:
    """Write the open clocks of one deal, most urgent first, a line each."""
    if readings:
        rows = [
            _clock_row(reading, report) for reading in sorted(readings, key=urgency)
        ]
        yield "  Clocks:"
        yield from align(rows, style, indent=4)


def _clock_row(reading: Reading, report: Report) -> tuple[Cell, ...]:
    look = look_of(reading)
    until = f"due {due(reading.due, report.policy.zone)}" if reading.due else ""
    return (
        Cell(look.label, look.colour),
        Cell(reading.clock.name),
        Cell(terminal(balance(reading)), look.colour),
        Cell(until),
        Cell(terminal(reading.owner), FAINT),
    )
