"""Deals in brief, as the board and the list of all deals show them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from handoff.evaluation.gates import Missing
from handoff.evaluation.report import Frame, Report
from handoff.evaluation.status import NextAction, Status, days_since
from handoff.model.instant import Moment
from handoff.views.columns import Cell
from handoff.views.escaping import terminal, workflow_safe_line
from handoff.views.states import ALARM, CAUTION, is_alarm
from handoff.views.words import action_due, count, days, instant

DAY = len("2026-04-22")
"""Characters of a due instant that name its day."""

_PATHS = 10
"""Files named at the end; the others are counted."""


@dataclass(frozen=True, slots=True)
class Card:
    """One deal.

    Attributes:
        paths: of its packets and, last, of its opportunity.
        entered_at: when it entered its stage.
        next: its next action, or `None`.
        next_stage: name of the next stage on the way, or empty.
        missing: everything that stage still needs.
        breaches: names of its overdue clocks, but for the one on its next action: that
            one says what the due date of the action says already.
    """

    id: str
    paths: tuple[str, ...]
    company: str
    owner: str
    stage: str
    is_open: bool
    cycle: int
    entered_at: Moment
    next: NextAction | None
    is_overdue: bool
    is_on_hold: bool
    next_stage: str
    missing: tuple[Missing, ...]
    breaches: tuple[str, ...]

    @property
    def since(self) -> datetime | None:
        """The instant at which it entered its stage; `None` if that is not known."""
        return self.entered_at.instant

    @property
    def title(self) -> str:
        """The customer's name, or the id where the record names none.

        It begins lines, where a workflow runner would look for commands.
        """
        return workflow_safe_line(self.company or self.id)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many deals there are, and which files could not be evaluated."""

    deals: int = 0
    open: int = 0
    overdue: int = 0
    missed: tuple[str, ...] = ()

    def __add__(self, other: "Tally") -> "Tally":
        """Count what two parts hold together."""
        return Tally(
            self.deals + other.deals,
            self.open + other.open,
            self.overdue + other.overdue,
            (*self.missed, *other.missed) if other.missed else self.missed,
        )


@dataclass(frozen=True, slots=True)
class Hand:
    """The cards of some deals, and their count.

    Attributes:
        more: how many deals there are of which no card is kept, by stage.
    """

    cards: tuple[Card, ...]
    tally: Tally
    more: Mapping[str, int] = field(default_factory=dict)


def hand_of(report: Report) -> Hand:
    """Give the cards of a report."""
    breaches = _breaches(report)
    cards = (card_of(s, report.frame, breaches) for s in report.statuses)
    return Hand(tuple(cards), tally_of(report))


def tally_of(report: Report) -> Tally:
    """Count the deals of a report."""
    return Tally(
        deals=len(report.statuses),
        open=sum(status.stage.is_open for status in report.statuses),
        overdue=sum(status.is_overdue(report.now) for status in report.statuses),
        missed=report.not_evaluated,
    )


def card_of(
    status: Status, frame: Frame, breaches: Mapping[str, tuple[str, ...]]
) -> Card:
    """Give the card of a deal; `breaches` names overdue clocks by deal."""
    deal = status.deal
    return Card(
        id=status.id,
        paths=(*(packet.path for packet in deal.packets), deal.opportunity.path),
        company=deal.opportunity.text("company"),
        owner=deal.opportunity.owner,
        stage=status.stage.name,
        is_open=status.stage.is_open,
        cycle=status.cycle,
        entered_at=status.entered_at,
        next=status.next,
        is_overdue=status.is_overdue(frame.now),
        is_on_hold=status.held_since is not None,
        next_stage=status.upcoming.name if status.upcoming else "",
        missing=status.missing,
        breaches=breaches.get(status.id, ()),
    )


def _breaches(report: Report) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for reading in report.readings:
        if is_alarm(reading) and reading.clock.due[:1] != ("next",):
            names = found.get(reading.record, ())
            found[reading.record] = (*names, reading.clock.name)
    return found


def age(card: Card, frame: Frame) -> str:
    """Say for how long a deal has been in its stage."""
    return days(days_since(card.since, frame.now))


def due_cell(card: Card, frame: Frame, columns: int | None = None) -> Cell:
    """Say until when the next action is due, or that it is late, on hold, or none.

    Args:
        card: of the deal.
        frame: for the zone.
        columns: how much of the due instant is wanted; its day takes `DAY`.
    """
    if card.next is None:
        return Cell("no next action", CAUTION) if card.is_open else Cell("")
    until = terminal(action_due(card.next, frame.policy.zone))[:columns]
    if card.is_overdue:
        return Cell(f"OVERDUE {until}", ALARM)
    if card.is_on_hold:
        return Cell("on hold", CAUTION)
    return Cell(f"due {until}")


def closing(frame: Frame, tally: Tally) -> Iterator[str]:
    """Write how every view of deals ends: how many, as of when, what is not in it."""
    late = f", {tally.overdue:,} overdue" if tally.overdue else ""
    counted = f"{count(tally.deals, 'deal')}, {tally.open:,} open{late}"
    yield f"{counted}, as of {instant(frame.now, frame.policy.zone)}"
    missed = sorted(tally.missed)
    if missed:
        verb = "is" if len(missed) == 1 else "are"
        files = count(len(missed), "file")
        yield f"{files} could not be evaluated and {verb} not in here: `handoff check`"
    yield from _first(workflow_safe_line(path) for path in missed)
    yield from _waiting(frame)


def _waiting(frame: Frame) -> Iterator[str]:
    """Say what is in here although it is not merged yet, and what could not be."""
    branches = sorted(frame.branches.items())
    if branches:
        verb = "waits" if len(branches) == 1 else "wait"
        yield f"{count(len(branches), 'file')} of these {verb} on open branches:"
    yield from _first(f"{workflow_safe_line(p)} on {terminal(b)}" for p, b in branches)
    for clash in frame.clashes:
        shown = f"`{terminal(clash.shown)}`" if clash.shown else "the one here"
        path, hidden = workflow_safe_line(clash.path), terminal(clash.hidden)
        yield f"`{path}` of `{hidden}` is not in here: it contradicts {shown}"


def _first(lines: Iterable[str]) -> Iterator[str]:
    """Indent the first lines, and count the others."""
    listed = tuple(lines)
    yield from (f"  {line}" for line in listed[:_PATHS])
    if len(listed) > _PATHS:
        yield f"  … and {len(listed) - _PATHS:,} more"
