"""`handoff ledger`: what bots observed, and whether somebody else wrote there."""

import random
from collections.abc import Sequence
from pathlib import Path
from threading import Event

import click

from handoff.authoring.answers import Problem
from handoff.cli.change import misuse, stop
from handoff.cli.options import (
    directory_option,
    format_option,
    style_of_stdout,
    write,
)
from handoff.cli.session import open_session
from handoff.model.entry import Entry, EntryKind, entry_path
from handoff.records.ledger import misfits
from handoff.repository.git import Git
from handoff.repository.ledger import (
    BRANCH,
    Ledger,
    append,
    fetch_ledger,
    read_ledger,
    remote_of,
)
from handoff.repository.ledger_audit import find_tampering
from handoff.repository.ledger_tip import judge_tip, tip_entry
from handoff.views import ledger_text
from handoff.views.escaping import json_text

_LONGEST_WAIT = 2.0


@click.group()
def ledger_() -> None:
    """Look at the ledger, the branch on which bots keep what they observed.

    It holds reviews, announcements, alarms and ids of things made elsewhere. Nobody
    edits it by hand.
    """


@ledger_.command("list")
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in EntryKind]),
    help="Only entries of this kind.",
)
@directory_option
@format_option("text", "json")
def list_(*, kind: str | None, directory: Path, form: str) -> None:
    """List the entries, oldest first."""
    ledger = _here(Git.discover(directory))
    entries = [e for e in _ordered(ledger) if kind in {None, e.kind.value}]
    if form == "json":
        listed = [_json(entry) for entry in entries]
        write(json_text({"version": 1, "tip": ledger.tip, "entries": listed}))
    else:
        write(ledger_text.render_list(entries, style_of_stdout()))


@ledger_.command()
@click.argument("key")
@directory_option
@format_option("text", "json")
def show(*, key: str, directory: Path, form: str) -> None:
    """Show what the entry named KEY says; a part of the key is enough if it is one."""
    entries = _ordered(_here(Git.discover(directory)))
    found = [e for e in entries if key in {e.key, entry_path(e.kind, e.key)}]
    found = found or [e for e in entries if key in e.key]
    if not found:
        hint = "`handoff ledger list` shows them all."
        misuse(Problem(f"no key of the ledger is or holds `{key}`", hint))
    if form == "json":
        listed = [_json(entry) for entry in found]
        write(json_text({"version": 1, "entries": listed}))
    else:
        write("\n".join(ledger_text.render_entry(entry) for entry in found))


@ledger_.command()
@directory_option
def verify(*, directory: Path) -> None:
    """Check that the ledger only grew, and that main holds all that was judged.

    The branch is fetched first, where there is a remote.
    """
    git = Git.discover(directory)
    if remote := remote_of(git):
        fetch_ledger(git, remote)
    ledger = _here(git)
    unread, changed = tuple(misfits(ledger)), tuple(find_tampering(git, ledger.tip))
    style = style_of_stdout()
    write(ledger_text.render_audit(len(ledger.entries), unread, changed, style))
    if rewritten := judge_tip(git, ledger, _main(git)):
        error = rewritten.error()
        stop(Problem(error.message, error.hint))
    if unread or changed:
        raise SystemExit(1)


@ledger_.command()
@click.option("--reason", required=True, help="Why history was rewritten.")
@directory_option
def accept(*, reason: str, directory: Path) -> None:
    """Accept that main was rewritten on purpose, so that judging goes on.

    Who accepts is the author of git here; it stays in the ledger with the reason.
    """
    session = open_session(directory, None, None)
    git, now = session.git, session.now
    if not reason.strip():
        misuse(Problem("--reason is empty", "Say why history was rewritten."))
    remote = remote_of(git)
    if remote:
        fetch_ledger(git, remote)
    rewritten = judge_tip(git, _here(git), _main(git))
    if rewritten is None:
        write("main holds all that was judged, nothing was written\n")
        return
    by = git.run("var", "GIT_AUTHOR_IDENT").decode().rsplit(" ", 2)[0]
    entry = tip_entry(rewritten.main, now, rewritten.lost, reason=reason, by=by)
    append(git, [entry], remote=remote, now=now, wait=_wait)
    write(f"accepted: judging goes on from {rewritten.main}\n")


def _here(git: Git) -> Ledger:
    """Read the ledger of this clone, or say that there is none."""
    ledger = read_ledger(git)
    if not ledger.tip:
        hint = f"`git fetch origin {BRANCH}` brings it, once a workflow has run."
        stop(Problem("there is no ledger in this clone", hint))
    return ledger


def _main(git: Git) -> str:
    from handoff.cli.dispatch import main_of  # noqa: PLC0415 - slow

    return main_of(git, remote_of(git)) or "HEAD"


def _ordered(ledger: Ledger) -> Sequence[Entry]:
    entries = ledger.entries.values()
    return sorted(entries, key=lambda e: (str(e.body.get("at", "")), e.kind, e.key))


def _json(entry: Entry) -> dict[str, object]:
    path = entry_path(entry.kind, entry.key)
    return {"kind": entry.kind, "key": entry.key, "path": path, "body": entry.body}


def _wait(attempt: int) -> None:
    """Wait a random while, longer with each attempt, so that writers part."""
    longest = min(0.1 * 2**attempt, _LONGEST_WAIT)
    Event().wait(random.uniform(0, longest))  # noqa: S311 - no secret
