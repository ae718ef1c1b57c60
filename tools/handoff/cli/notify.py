"""`handoff notify`: tell people what is due and has not been told."""

from collections.abc import Collection
from functools import partial
from itertools import chain
from pathlib import Path

import click

from handoff.authoring.answers import Problem
from handoff.cli.change import misuse
from handoff.cli.dispatch import dispatch
from handoff.cli.dispatch_text import is_clean, render_json, render_text
from handoff.cli.options import (
    directory_option,
    format_option,
    style_of_stdout,
    write,
)
from handoff.cli.selection import gathered
from handoff.cli.session import Session, open_session
from handoff.cli.surroundings import say
from handoff.connectors.plan import Plan, dues_of, plan, plan_needs
from handoff.policy.policy import Policy
from handoff.repository.ledger import Ledger


@click.command()
@click.option(
    "--dry-run", is_flag=True, help="Only show what would be sent, and to whom."
)
@click.option(
    "--channel",
    "channels",
    multiple=True,
    metavar="NAME",
    help="Only this channel of policy; may be given more than once.",
)
@click.option(
    "--retry-failed",
    is_flag=True,
    help="Try again what a channel refused for good, once its settings are right.",
)
@directory_option
@format_option("text", "json")
def notify(
    *,
    dry_run: bool,
    channels: tuple[str, ...],
    retry_failed: bool,
    directory: Path,
    form: str,
) -> None:
    """Tell people what is due: wins, waiting packets, clocks that run out.

    What was told is kept in the ledger, so that this can run at any time and as often
    as you like. Exit code 1 says that somebody could not be told.
    """

    def open_at(rev: str | None) -> Session:
        session = open_session(directory, rev, None)
        return session.beside_branches() if rev else session.with_branches()

    def planner(
        session: Session, ledger: Ledger, paths: Collection[str] | None
    ) -> Plan:
        if not session.policy.channels.routes:  # nobody is told anything
            return plan_needs((), session.policy, ledger, session.now)
        share_of = partial(dues_of, ledger=ledger, retry_failed=retry_failed)
        frame, shares = gathered(session, share_of, paths)
        return plan(frame, ledger, chain.from_iterable(shares))

    check_channels(open_at(None).policy, channels)
    echo = say if form == "json" else write
    done = dispatch(open_at, planner, channels, dry_run=dry_run, echo=echo)
    text = render_json(done) if form == "json" else render_text(done, style_of_stdout())
    write(text)
    if not is_clean(done):
        raise SystemExit(1)


def check_channels(policy: Policy, names: tuple[str, ...]) -> None:
    """Refuse the name of a channel that policy does not have, as a usage error."""
    known = policy.channels.channels
    for name in names:
        if name not in known:
            listed = f"Channels: {', '.join(sorted(known)) or 'none yet'}."
            hint = f"{listed} They are set in schemas/policy/channels.yaml."
            misuse(Problem(f"--channel: `{name}` is not a channel of policy", hint))
