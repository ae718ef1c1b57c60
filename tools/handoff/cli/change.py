"""Changing records: what would come of it, refusing it, and writing it."""

import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NoReturn

import click

from handoff.authoring.answers import Problem
from handoff.authoring.comparison import errors_of, new_errors
from handoff.cli.files import write_atomically
from handoff.cli.guessing import nearest
from handoff.cli.options import style_of_stdout, write
from handoff.cli.session import Session
from handoff.document.editing import apply_edits
from handoff.document.edits import Edit
from handoff.evaluation.weighing import weigh
from handoff.model.diagnostic import Diagnostic
from handoff.model.errors import HandoffError
from handoff.model.identity import Kind
from handoff.model.verdict import Verdict
from handoff.records.fact import Fact
from handoff.records.ledger import ABOUT_RECORDS, with_ledger
from handoff.records.record import Opportunity, Packet
from handoff.records.register import Register, load_part
from handoff.repository.overlay import OverlaySnapshot
from handoff.repository.snapshot import Unreadable
from handoff.views.escaping import terminal
from handoff.views.formats import render_check


@dataclass(frozen=True, slots=True)
class Handover:
    """A packet with its opportunity, ready to be changed.

    Attributes:
        packet: with what the ledger knows of it.
        held: the acknowledgement that holds now, in the packet or in the ledger alone.
    """

    packet: Packet
    opportunity: Opportunity
    held: Fact | None


def find_path(session: Session, kind: Kind, typed: str) -> str:
    """Find the record that was named by id or path.

    Raises:
        click.UsageError: there is none; the nearest names are given.
    """
    stem = typed.rsplit("/", 1)[-1].removesuffix(".md")
    paths = session.snapshot.paths(kind.tree)
    known = {path.rsplit("/", 1)[-1].removesuffix(".md"): path for path in paths}
    if stem in known:
        return known[stem]
    guess = nearest(stem, known)
    raise click.UsageError(terminal(f"there is no {kind.value} `{stem}`{guess}"))


def open_opportunity(session: Session, typed: str) -> tuple[Opportunity, Register]:
    """Read an opportunity and its packets; show what is wrong if that fails."""
    path = find_path(session, Kind.OPPORTUNITY, typed)
    register = load_part(session.snapshot, session.policy, [path])
    record = register.files[path].record
    if isinstance(record, Opportunity):
        return record, register
    return refuse(errors_of(session.verdict([path]).diagnostics))


def open_handover(session: Session, typed: str) -> Handover:
    """Read a packet and its opportunity; show what is wrong if that fails."""
    path = find_path(session, Kind.PACKET, typed)
    policy, ledger = session.policy, session.ledger(ABOUT_RECORDS)
    loaded = load_part(session.snapshot, policy, [path])
    register = with_ledger(loaded, ledger, session.now)
    record = register.files[path].record
    if isinstance(record, Packet):
        opportunity = register.opportunities.get(record.opportunity)
        if opportunity:
            has_ledger = bool(ledger.tip)
            weighed = weigh(record, opportunity, policy, has_ledger=has_ledger)
            return Handover(record, opportunity, weighed.held)
    return refuse(errors_of(session.verdict([*register.files]).diagnostics))


def edited(session: Session, path: str, edits: Sequence[Edit]) -> bytes:
    """Give the bytes of a record with edits made."""
    content = session.snapshot.read(path)
    if isinstance(content, Unreadable):
        message = f"`{path}`: {content.reason}"
        raise HandoffError(message, content.hint)
    return apply_edits(content, edits)


def would_be(session: Session, files: Mapping[str, bytes]) -> Session:
    """Give the repository as it would be with some files changed."""
    return replace(session, snapshot=OverlaySnapshot(session.snapshot, files))


def change(
    session: Session,
    files: Mapping[str, bytes],
    around: Sequence[str],
    *,
    faultless: str = "",
    excused: Collection[str] = (),
) -> Session:
    """Write files, unless that would break something.

    Args:
        session: the repository as it is.
        files: new content by path.
        around: paths of all records the change can break.
        faultless: path of a record that must have no errors at all.
        excused: rules whose errors that record may have had before.

    Returns:
        The repository as it is now.
    """
    after = would_be(session, files)
    verdict = after.verdict(around)
    broken = set(new_errors(session.verdict(around), verdict))
    broken |= {
        error
        for error in errors_of(verdict.diagnostics)
        if error.path == faultless and error.rule not in excused
    }
    if broken:
        refuse(sorted(broken, key=lambda diagnostic: diagnostic.order))
    for path, content in files.items():
        write_file(session, path, content)
    return after


def write_file(session: Session, path: str, content: bytes) -> None:
    """Write one file of the repository, and nothing outside it.

    Raises:
        HandoffError: a folder on the way leads outside, or the disk refuses.
    """
    root = session.git.root.resolve()
    target = root / path
    if not target.parent.resolve().is_relative_to(root):
        message = f"`{path}` leads outside this repository through a link"
        raise HandoffError(message, "Replace the linked folder by a real one.")
    write_atomically(target, content)


def refuse(errors: Sequence[Diagnostic]) -> NoReturn:
    """Show what keeps a change from being made, and end with 1."""
    files = len({error.path for error in errors})
    write(render_check("text", Verdict(files, files, tuple(errors)), style_of_stdout()))
    stop(Problem("nothing was written", "Correct what is named above first."))


def stop(problem: Problem) -> NoReturn:
    """Say why nothing was done, and what to do; end with 1."""
    sys.stderr.write(f"handoff: {terminal(problem.message)}\n")
    sys.stderr.write(f"  do: {terminal(problem.hint)}\n")
    raise SystemExit(1)


def misuse(problem: Problem) -> NoReturn:
    """Say what was typed wrongly; ends with 2."""
    hint = f"\n{terminal(problem.hint)}" if problem.hint else ""
    raise click.UsageError(terminal(problem.message) + hint)
