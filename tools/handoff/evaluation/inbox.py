"""What waits on somebody: read from the clocks that are running, never kept."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from handoff.evaluation.acknowledgement import CRITICAL
from handoff.evaluation.deal import Deal
from handoff.evaluation.ladder import reached
from handoff.evaluation.reading import LIVE, Reading
from handoff.evaluation.report import Report
from handoff.model.intervals import FOREVER
from handoff.policy.facts import PACKET_FILED, PACKET_RETURNED
from handoff.records.fact import Fact
from handoff.records.record import Packet


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits.

    Attributes:
        record: id of the opportunity.
        clock: name of the clock that runs meanwhile.
        what: what is to be done.
        who: handle of who is to do it, or the role where nobody is named.
        told_as: the role whose step of the ladder was reached; empty for one's own.
        steps: the roles of all steps that were reached and whom they tell, latest
            first.
        due: until when, in UTC; `None` while it is on hold.
        is_overdue: whether that has passed.
        more: what belongs to it, such as risks to take over or gaps to close.
        packet: path of the packet it is about, or empty.
    """

    record: str
    company: str
    clock: str
    what: str
    who: str
    told_as: str
    due: datetime | None
    is_overdue: bool
    more: tuple[str, ...]
    packet: str
    steps: tuple[tuple[str, tuple[str, ...]], ...] = ()


def waiting_in(report: Report) -> tuple[Waiting, ...]:
    """List what waits on anybody in the deals of a report."""
    live = (reading for reading in report.readings if reading.state in LIVE)
    return tuple(_waiting(reading, report) for reading in live)


def inbox_of(
    shares: Iterable[Iterable[Waiting]], people: Collection[str] | None
) -> tuple[Waiting, ...]:
    """List what waits on some people, or on everybody, the first due on top.

    Args:
        shares: what waits in all deals.
        people: handles, and names of roles for what nobody in particular answers for;
            `None` for everybody.
    """
    found = (_told(waiting, people) for share in shares for waiting in share)
    waiting = (each for each in found if each)
    return tuple(sorted(waiting, key=lambda w: (w.due or FOREVER, w.record, w.clock)))


def _told(waiting: Waiting, people: Collection[str] | None) -> Waiting | None:
    """Say as what somebody is told of it; `None` if nobody is."""
    if people is None or waiting.who in people:
        return waiting
    for role, recipients in waiting.steps:
        if set(recipients or (role,)) & set(people):
            return replace(waiting, told_as=role)
    return None


def _waiting(reading: Reading, report: Report) -> Waiting:
    deal, start = reading.deal, reading.start
    packet = _packet_of(deal, start)
    levels = reached(reading, report.policy, report.now)
    what, more = _task(reading, packet)
    return Waiting(
        record=reading.record,
        company=deal.opportunity.text("company"),
        clock=reading.clock.name,
        what=what,
        who=reading.owner,
        told_as="",
        due=reading.due,
        is_overdue=reading.is_breached,
        more=more,
        packet=packet.path if packet else "",
        steps=tuple((level.role, level.recipients) for level in reversed(levels)),
    )


def _packet_of(deal: Deal, start: Fact | None) -> Packet | None:
    about = {PACKET_FILED, PACKET_RETURNED}
    path = start.path if start and start.kind in about else ""
    return next((p for p in deal.packets if p.path == path), None)


def _task(reading: Reading, packet: Packet | None) -> tuple[str, tuple[str, ...]]:
    """Say what is to be done, and what belongs to it."""
    start = reading.start
    if packet is None or start is None:
        return task_of(reading), ()
    if start.kind == PACKET_RETURNED:
        gaps = start.field("gaps")
        return "close the gaps and file the packet again", tuple(
            f"gap: {gap}" for gap in (gaps if isinstance(gaps, list | tuple) else ())
        )
    return "acknowledge the packet, or give it back with its gaps", tuple(
        f"critical risk {risk_id} to accept: {text}"
        for risk_id, text in _critical(reading.deal, packet)
    )


def task_of(reading: Reading) -> str:
    """Say what stops a clock: the action it waits for, or what the clock is about."""
    action = reading.start.field("next", "action") if reading.start else None
    is_action = reading.clock.due[:1] == ("next",)
    return str(action) if action and is_action else reading.clock.summary


def _critical(deal: Deal, packet: Packet) -> Iterator[tuple[str, str]]:
    carried = packet.header.get("risks")
    ids = carried if isinstance(carried, list) else []
    risks = deal.opportunity.header.get("risks")
    for risk in risks if isinstance(risks, list) else ():
        if risk["id"] in ids and risk["severity"] == CRITICAL:
            yield risk["id"], " ".join(str(risk["text"]).split())
