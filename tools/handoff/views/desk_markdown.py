"""What a change is about, deal by deal, in the words of the people who work on it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from operator import itemgetter

from handoff.evaluation.report import Report
from handoff.evaluation.status import Status
from handoff.model.diagnostic import Diagnostic, Severity
from handoff.views.escaping import markdown
from handoff.views.states import balance, look_of, needs_eyes, urgency
from handoff.views.words import action_due, count, days, due

_MOST = 40
"""More deals or gaps than that are counted; a comment may have 65,536 characters."""


Share = tuple[tuple[str, tuple[str, ...]], ...]
"""The lines about each deal that a change touches, by the path of its opportunity."""


def share_of(
    report: Report, deals: Collection[str], complete: Mapping[str, tuple[str, int]]
) -> Share:
    """Write what is said of the deals of a report.

    Args:
        report: of some deals.
        deals: ids of the opportunities that the change touches.
        complete: packet and percent of each packet that it touches, by opportunity.
    """
    return tuple(
        (status.deal.opportunity.path, tuple(_deal(status, report, complete)))
        for status in report.statuses
        if status.id in deals
    )


def render(shares: Iterable[Share], found: Sequence[Diagnostic]) -> str:
    """Write the page.

    Args:
        shares: of all deals that the change touches, in any order.
        found: what a check says of the files that it touches.
    """
    touched = sorted(chain.from_iterable(shares), key=itemgetter(0))
    lines = [*_verdict(found), ""]
    for _, said in touched[:_MOST]:
        lines += [*said, ""]
    if len(touched) > _MOST:
        lines += [f"And {count(len(touched) - _MOST, 'more deal')}.", ""]
    if not touched:
        lines += ["No deal is touched.", ""]
    return "\n".join(lines)


def is_complete(found: Sequence[Diagnostic]) -> bool:
    """Tell whether nothing stands in the way of a change."""
    return all(each.severity is not Severity.ERROR for each in found)


def _verdict(found: Sequence[Diagnostic]) -> Iterator[str]:
    """Say first whether anything stands in the way, and what to do about it."""
    errors = [d for d in found if d.severity is Severity.ERROR]
    if is_complete(found):
        yield "**Complete.** Nothing stands in the way."
        return
    yield f"**Not complete yet:** {count(len(errors), 'thing')} to put right."
    yield ""
    for error in errors[:_MOST]:
        place = f"{error.path.rsplit('/', 1)[-1]}, line {error.span.line}"
        yield f"- {markdown(error.message)} ({markdown(place)})"
        if error.hint:
            yield f"  {markdown(error.hint)}"
    if len(errors) > _MOST:
        yield f"- and {len(errors) - _MOST} more, which `handoff check` lists"


def _deal(
    status: Status, report: Report, complete: Mapping[str, tuple[str, int]]
) -> Iterator[str]:
    zone, opportunity = report.policy.zone, status.deal.opportunity
    age = days(status.days_in_stage(report.now))
    yield f"### {markdown(opportunity.text('company') or status.id)}"
    yield ""
    yield f"Stage: **{markdown(status.stage.name)}**, for {age}"
    if status.next:
        until = action_due(status.next, zone)
        owner = markdown(status.next.owner)
        yield f"- next: {markdown(status.next.action)}, {owner}, due {until}"
    if status.id in complete:
        packet, percent = complete[status.id]
        yield f"- packet {markdown(packet)}: {percent} % complete"
    if status.upcoming and status.missing:
        yield f"- to reach {markdown(status.upcoming.name)}, still missing:"
        yield from (f"  - {markdown(m.message)}" for m in status.missing)
    readings = (r for r in report.readings if r.record == status.id and needs_eyes(r))
    for reading in sorted(readings, key=urgency):
        until = f", due {due(reading.due, zone)}" if reading.due else ""
        who = markdown(reading.owner or "nobody")
        name, look = markdown(reading.clock.name), look_of(reading).label
        yield f"- clock {name}: **{look}**, {balance(reading)}{until}, {who}"
