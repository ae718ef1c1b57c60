"""`handoff acknowledge`: turn approvals on the forge into acknowledgements."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click

from handoff.cli.clock import read_clock
from handoff.cli.forge import open_forge, pause
from handoff.cli.options import directory_option, format_option, style_of_stdout, write
from handoff.connectors.acknowledging import find, find_in, waiting_packets
from handoff.connectors.approvals import Desk
from handoff.connectors.stanzas import Branch, Main, read_main, write_stanzas
from handoff.connectors.telling import tell
from handoff.evaluation.approval_run import Findings, Run, Written
from handoff.model.errors import HandoffError
from handoff.model.identity import Kind
from handoff.repository.git import Git
from handoff.repository.history import read_history
from handoff.repository.ledger import (
    append,
    fetch_ledger,
    read_ledger,
    remote_of,
)
from handoff.repository.ledger_tip import judge_tip, tip_entry
from handoff.repository.mainline import changed_paths, fetch_branch
from handoff.views import acknowledge_json, acknowledge_text

_FORMATS = {"text": acknowledge_text.render, "json": acknowledge_json.render}
_REQUESTS = 500
_COULD_NOT_EVALUATE = 3


@click.command()
@click.option(
    "--since",
    metavar="REV",
    help="Look only at packets that changed on the default branch after REV.",
)
@click.option(
    "--pull",
    type=click.IntRange(min=1),
    metavar="N",
    help="Look at pull request N alone, open or merged.",
)
@click.option(
    "--dry-run",
    "is_dry",
    is_flag=True,
    help="Say what would be recorded, written and told; change nothing anywhere.",
)
@click.option(
    "--requests",
    type=click.IntRange(min=1),
    default=_REQUESTS,
    show_default=True,
    metavar="N",
    help="How many requests to send to the forge at most.",
)
@directory_option
@format_option(*_FORMATS)
def acknowledge(  # noqa: PLR0913 - one parameter for each option
    *,
    since: str | None,
    pull: int | None,
    is_dry: bool,
    requests: int,
    directory: Path,
    form: str,
) -> None:
    """Ask the forge who approved which packet, and record what counts.

    An approval becomes an acknowledgement, a request for changes a return, a
    dismissal voids. It goes to the ledger and, where the branch lets it, into the
    packet. Running it again changes nothing that is recorded.
    """
    if since is not None and pull is not None:
        message = "--since and --pull cannot be used together"
        raise click.UsageError(message)
    git = Git.discover(directory)
    git.require_full_history()
    remote = _remote(git)
    github, meter = open_forge(requests)
    branch = github.default_branch()
    main = read_main(git, fetch_branch(git, remote, branch))
    fetch_ledger(git, remote)
    if rewritten := judge_tip(git, read_ledger(git), main.tip):
        raise rewritten.error()
    now = read_clock()
    desk = Desk(github, git, remote, branch, main.tip, main.policy, now)
    findings = _find(desk, main, since, pull)
    target = Branch(git, remote, branch, main)
    written = _deliver(target, findings, now, is_dry=is_dry)
    if not is_dry:
        _remember(target, written.commit or main.tip, now)
    told, troubles = tell(github, findings.looked, is_dry=is_dry)
    run = Run(
        now=now,
        rev=main.tip,
        is_dry=is_dry,
        findings=findings,
        written=written,
        told=told,
        troubles=troubles,
        requests=meter.sent,
        most=requests,
    )
    write(_FORMATS[form](run, style_of_stdout()))
    if findings.troubles or troubles:
        raise SystemExit(_COULD_NOT_EVALUATE)


def _remote(git: Git) -> str:
    remote = remote_of(git)
    if remote is None:
        message = "this clone has no remote `origin`, so nothing can be shared"
        hint = "Run it in a clone of the repository on the forge: `git remote add`."
        raise HandoffError(message, hint)
    return remote


def _find(desk: Desk, main: Main, since: str | None, pull: int | None) -> Findings:
    """Look at what may have news."""
    ledger = read_ledger(desk.git)
    packets = waiting_packets(main.register, ledger, main.policy)
    if pull is not None:
        return find_in(desk, pull, packets, ledger)
    if since is not None:
        changed = changed_paths(desk.git, desk.git.resolve(since), desk.tip)
        packets = tuple(packet for packet in packets if packet.path in changed)
    history = read_history(desk.git, desk.tip, (Kind.PACKET.tree,))
    return find(desk, packets, history, ledger)


def _deliver(
    target: Branch, findings: Findings, now: datetime, *, is_dry: bool
) -> Written:
    """Record what is new, first in the ledger, then in the packets."""
    git, remote = target.git, target.remote
    if is_dry:
        known = read_ledger(git)
        new = {(entry.kind, entry.key): entry for entry in findings.entries}
        ledger = replace(known, entries={**known.entries, **new})
        return write_stanzas(target, ledger, now, is_dry=True)
    if findings.entries:
        append(git, findings.entries, remote=remote, now=now, wait=pause)
    return write_stanzas(target, read_ledger(git), now)


def _remember(target: Branch, tip: str, now: datetime) -> None:
    """Keep that a commit was judged, to notice if history is ever rewritten."""
    entry = tip_entry(tip, now)
    if read_ledger(target.git).get(entry.kind, entry.key) is None:
        append(target.git, [entry], remote=target.remote, now=now, wait=pause)
