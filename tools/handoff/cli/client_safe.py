"""`handoff client-safe`: what a client may see, or why nobody may see it yet."""

import sys
from collections.abc import Iterable
from pathlib import Path

import click

from handoff.cli.guessing import nearest
from handoff.cli.options import directory_option, moment_options, write
from handoff.cli.session import Session, open_session
from handoff.evaluation.client_safe import (
    Objection,
    client_text,
    objections,
    safe_section,
    text_digest,
)
from handoff.evaluation.deal import assemble
from handoff.model.errors import HandoffError
from handoff.model.identity import Kind, stem_of
from handoff.records.record import Opportunity
from handoff.records.register import Register, load_part
from handoff.views.escaping import terminal, workflow_safe_line


@click.command("client-safe")
@click.argument("opportunity", metavar="OPPORTUNITY")
@click.option(
    "--digest",
    "wants_digest",
    is_flag=True,
    help="Print the digest of the text, which an approval must name.",
)
@moment_options
@directory_option
def client_safe(
    opportunity: str,
    *,
    wants_digest: bool,
    rev: str | None,
    as_of: str | None,
    directory: Path,
) -> None:
    """Print what the client may see of an opportunity, and nothing else.

    OPPORTUNITY is its file name without `.md`, or its path. Exits with 1, and prints
    no text, unless this very text is approved and holds nothing internal.
    """
    session = open_session(directory, rev, as_of)
    register, record = _opportunity(session, opportunity)
    if wants_digest:
        write(f"{_digest(session, record)}\n")
        return
    packets = register.packets_of(record.id)
    deal = assemble(record, (), {}, session.policy, session.now)
    against = tuple(objections(record, packets, deal.facts, session.policy))
    if against:
        _refuse(record, against)
    lines = client_text(record, session.policy).split("\n")
    write("\n".join(map(workflow_safe_line, lines)))


def _opportunity(session: Session, typed: str) -> tuple[Register, Opportunity]:
    """Find the opportunity that was named, with its packets."""
    tree = Kind.OPPORTUNITY.tree
    paths = {stem_of(path): path for path in session.snapshot.paths(tree)}
    stem = stem_of(typed)
    if stem not in paths:
        message = f"there is no opportunity `{stem}`{nearest(stem, paths)}"
        raise click.UsageError(message)
    register = load_part(session.snapshot, session.policy, [paths[stem]])
    if record := register.opportunities.get(stem):
        return register, record
    message = f"`{paths[stem]}` has errors, so nobody can say what is safe in it"
    raise HandoffError(message, f"Run `handoff check {paths[stem]}` to see them.")


def _digest(session: Session, record: Opportunity) -> str:
    section = safe_section(record, session.policy)
    if section:
        return text_digest(section)
    title = session.policy.pipeline.client_safe.section
    message = (
        f"`{record.path}` has no section `{title}`, so there is nothing to approve"
    )
    raise HandoffError(message, f"Add a heading `## {title}` and the text below it.")


def _refuse(record: Opportunity, against: Iterable[Objection]) -> None:
    for each in against:
        place = f"{record.path}:{each.span.line}:{each.span.column}"
        sys.stderr.write(f"{place}: {terminal(each.message)}\n")
        for other in each.related:
            there = f"{other.path}:{other.span.line}:{other.span.column}"
            sys.stderr.write(f"  {there}: {terminal(other.label)}\n")
        sys.stderr.write(f"  do: {terminal(each.hint)}\n")
    raise SystemExit(1)
