"""Sending what a plan says, with the ledger of the repository behind it."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

from handoff.cli.clock import read_clock
from handoff.cli.options import write
from handoff.cli.session import Session
from handoff.cli.surroundings import surroundings_of
from handoff.connectors.carrier import Carrier, Surroundings, missing_variables
from handoff.connectors.carriers import connect
from handoff.connectors.deliver import Delivery, Office, deliver
from handoff.connectors.plan import Plan
from handoff.evaluation.report import Report
from handoff.model.entry import Entry, EntryKind
from handoff.model.errors import HandoffError
from handoff.model.instant import format_instant
from handoff.policy.channels import Channel
from handoff.repository.ledger import (
    Appended,
    Ledger,
    append,
    fetch_ledger,
    read_ledger,
    remote_of,
)

Planner = Callable[[Report, Ledger], Plan]
"""Gives the plan of a report and a ledger."""

_LONGEST_WAIT = 4.0
_HOUR = 13  # characters of an instant, to the hour


@dataclass(frozen=True, slots=True)
class Dispatched:
    """What a run planned, and what came of it; nothing yet in a dry run."""

    report: Report
    plan: Plan
    deliveries: tuple[Delivery, ...]


def dispatch(
    reopen: Callable[[], Session],
    planner: Planner,
    only: tuple[str, ...],
    *,
    dry_run: bool,
    echo: Callable[[str], None] = write,
) -> Dispatched:
    """Plan, and send unless it is a dry run.

    Args:
        reopen: opens the session, again whenever state is judged again.
        planner: makes the plan.
        only: names of the channels to use; all if there is none.
        dry_run: whether to leave it at the plan. The ledger is not even fetched.
        echo: prints what goes to the screen.

    Raises:
        HandoffError: the records or the ledger cannot be read, or nothing can be
            written to the ledger, without which nothing is sent.
    """
    session = reopen()
    remote = remote_of(session.git)
    if remote and not dry_run:
        fetch_ledger(session.git, remote)
    ledger, report = read_ledger(session.git), session.report()
    plan = planner(report, ledger)
    messages = tuple(
        m for m in plan.messages if not only or m.recipient.channel.name in only
    )
    if dry_run:
        return Dispatched(report, plan, ())
    record = _recorder(session, remote)
    lent = surroundings_of(session.git, session.policy, echo)
    office = Office(
        ledger=ledger,
        record=record,
        connect=lambda channel: _connected(channel, lent),
        is_due=lambda: planner(reopen().report(), read_ledger(session.git)).due,
        clock=read_clock,
    )
    deliveries = tuple(deliver(messages, office))
    if session.policy.channels.channels or ledger.tip:
        record((_evaluated(report),))
    return Dispatched(report, plan, deliveries)


def _recorder(
    session: Session, remote: str | None
) -> Callable[[tuple[Entry, ...]], Appended]:
    def record(entries: tuple[Entry, ...]) -> Appended:
        now = read_clock()
        return append(session.git, entries, remote=remote, now=now, wait=_wait)

    return record


def _wait(attempt: int) -> None:
    """Pause for a random time, so that many writers do not meet again and again."""
    longest = min(_LONGEST_WAIT, 0.05 * 2**attempt)
    Event().wait(random.uniform(0, longest))  # noqa: S311 - no secret depends on it


def _connected(channel: Channel, lent: Surroundings) -> Carrier:
    missing = missing_variables(channel, lent.variables)
    if missing:
        names = ", ".join(f"`{name}`" for name in missing)
        message = f"channel `{channel.name}` needs the environment variable {names}"
        raise HandoffError(message, "Set it where this command runs, as a secret.")
    return connect(channel, lent)


def _evaluated(report: Report) -> Entry:
    """Say that a run took place; the first of each hour is kept."""
    at = format_instant(report.now)
    return Entry(EntryKind.EVALUATION, at[:_HOUR], {"at": at, "rev": report.rev})
