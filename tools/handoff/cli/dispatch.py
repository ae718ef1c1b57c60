"""Sending what a plan says, with the ledger of the repository behind it."""

import random
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Event

from handoff.cli.clock import read_clock
from handoff.cli.options import write
from handoff.cli.session import Session
from handoff.cli.surroundings import surroundings_of
from handoff.connectors.carrier import Carrier, Surroundings, missing_variables
from handoff.connectors.carriers import connect
from handoff.connectors.deliver import Delivery, Office, deliver
from handoff.connectors.notification import Message
from handoff.connectors.plan import Plan
from handoff.model.entry import Entry, EntryKind
from handoff.model.errors import HandoffError
from handoff.model.instant import format_instant
from handoff.policy.channels import Channel
from handoff.repository.git import Git
from handoff.repository.ledger import (
    Appended,
    Ledger,
    append,
    fetch_ledger,
    read_ledger,
    remote_of,
)
from handoff.repository.ledger_tip import judge_tip, tip_entry

Planner = Callable[[Session, Ledger, Collection[str] | None], Plan]
"""Gives the plan of a session and a ledger, or what of it rests on some files."""

_LONGEST_WAIT = 4.0
_HOUR = 13  # characters of an instant, to the hour


@dataclass(frozen=True, slots=True)
class Dispatched:
    """What a run planned, and what came of it; nothing yet in a dry run."""

    session: Session
    plan: Plan
    deliveries: tuple[Delivery, ...]


def dispatch(
    open_at: Callable[[str | None], Session],
    planner: Planner,
    only: tuple[str, ...],
    *,
    dry_run: bool,
    echo: Callable[[str], None] = write,
) -> Dispatched:
    """Plan, and send unless it is a dry run.

    Args:
        open_at: opens the session of a revision, or of the files on disk.
        planner: makes the plan.
        only: names of the channels to use; all if there is none.
        dry_run: whether to leave it at the plan. Nothing is even fetched then.
        echo: prints what goes to the screen.

    Raises:
        HandoffError: the records or the ledger cannot be read, main lost what was
            judged, or nothing can be written to the ledger, without which nothing is
            sent.
    """
    git = open_at(None).git
    remote = remote_of(git)
    if not dry_run:
        _fetch(git, remote)
    session = open_at(None)  # what was fetched is part of it
    ledger, main = read_ledger(git), main_of(git, remote)
    if main and (rewritten := judge_tip(git, ledger, main)):
        raise rewritten.error()
    plan = planner(session, ledger, None)
    messages = tuple(
        m for m in plan.messages if not only or m.recipient.channel.name in only
    )
    if dry_run:
        return Dispatched(session, replace(plan, messages=messages), ())
    record = _recorder(git, remote)
    lent = surroundings_of(git, session.policy, echo)
    office = Office(
        ledger=ledger,
        record=record,
        connect=lambda channel: _connected(channel, lent),
        is_due=lambda message: _due_now(git, open_at, planner, main, message),
        clock=read_clock,
    )
    deliveries = tuple(deliver(messages, office))
    if session.policy.channels.channels or ledger.tip:
        now = read_clock()
        judged = (tip_entry(main, now),) if main else ()
        record((_evaluated(session.snapshot.label, now), *judged))
    return Dispatched(session, plan, deliveries)


def _fetch(git: Git, remote: str | None) -> None:
    if remote:
        fetch_ledger(git, remote)  # first: it refuses a ledger that was rewritten
        git.run("fetch", "--quiet", "--no-tags", "--", remote)


def main_of(git: Git, remote: str | None) -> str:
    """Give the commit of the main branch, as far as this clone knows; else nothing."""
    shared = (f"refs/remotes/{remote}/HEAD", f"refs/remotes/{remote}/main")
    wanted = (*shared, "refs/heads/main") if remote else ("refs/heads/main",)
    listed = git.run("for-each-ref", "--format=%(refname) %(objectname)", *wanted)
    known = dict(line.split(" ") for line in listed.decode().splitlines())
    return next((known[ref] for ref in wanted if ref in known), "")


def _due_now(
    git: Git,
    open_at: Callable[[str | None], Session],
    planner: Planner,
    main: str,
    message: Message,
) -> frozenset[str]:
    """Judge again what a message tells: here, and on main if that moved meanwhile."""
    remote, paths = remote_of(git), {p for n in message.notifications for p in n.paths}
    _fetch(git, remote)
    ledger = read_ledger(git)
    due = planner(open_at(None), ledger, paths).due
    moved = main_of(git, remote)
    if moved == main:
        return due
    return due & planner(open_at(moved), ledger, paths).due


def _recorder(git: Git, remote: str | None) -> Callable[[tuple[Entry, ...]], Appended]:
    def record(entries: tuple[Entry, ...]) -> Appended:
        now = read_clock()
        return append(git, entries, remote=remote, now=now, wait=_wait)

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


def _evaluated(rev: str, now: datetime) -> Entry:
    """Say that a run took place; the first of each hour is kept."""
    at = format_instant(now)
    return Entry(EntryKind.EVALUATION, at[:_HOUR], {"at": at, "rev": rev})
