"""What `handoff history` and `handoff blame` read: a deal through all commits."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path

import click

from handoff.cli.guessing import nearest
from handoff.cli.progress import walked
from handoff.cli.session import STAGED, Session, open_session
from handoff.document.document import read_document
from handoff.evaluation.differences import NOTHING, Version, version_of
from handoff.evaluation.report import evaluate
from handoff.model.identity import TREES, Identity, Kind, parse_stem, stem_of
from handoff.records.claims import events_of
from handoff.records.fact import read_moment
from handoff.records.origins import read_draft
from handoff.records.reading import read_file
from handoff.records.register import Register
from handoff.repository.lineage import Lineage, read_lineage
from handoff.repository.objects import read_blobs
from handoff.repository.unreadable import Content


@dataclass(frozen=True, slots=True)
class DealHistory:
    """All contents that the files of one deal ever had.

    Attributes:
        contents: by the id git gives them; `versions` are those that were asked for.
    """

    session: Session
    lineage: Lineage
    contents: Mapping[str, Content]
    versions: dict[str, Version]

    def read(self, blob: str | None) -> Version:
        """Give what a content says; one that cannot be read says nothing."""
        if blob is None:
            return NOTHING
        if blob not in self.versions:
            content = self.contents[blob]
            known = read_document("", content) if isinstance(content, bytes) else None
            self.versions[blob] = version_of(known[0] if known else None)
        return self.versions[blob]

    def stage(self, held: Mapping[str, str]) -> str:
        """Give the stage of the deal with some contents, by one policy and instant."""
        policy, now = self.session.policy, self.session.now
        files = {p: read_file(p, self.contents[b], policy) for p, b in held.items()}
        register = Register(files, tuple(files))
        report = evaluate(register, policy, now, rev="", is_replay=True)
        return next((status.stage.name for status in report.statuses), "")


def open_history(directory: Path, rev: str | None, as_of: str | None) -> Session:
    """Open a repository at a commit: the current one if none is named.

    Raises:
        click.UsageError: what is staged was asked for, which has no history.
        HandoffError: see `open_session`.
    """
    if rev == STAGED:
        message = "what is staged has no history yet; leave out --rev index"
        raise click.UsageError(message)
    may_recall = os.environ.get("HANDOFF_NO_CACHE", "0") in {"", "0"}
    at = rev or (None if as_of else "HEAD")
    return open_session(directory, at, as_of, may_recall=may_recall)


def read_deal(session: Session, record: str) -> DealHistory:
    """Read every version of a deal's files, with a handful of git processes.

    Args:
        session: opened at a commit.
        record: id or path of an opportunity, which brings its packets, or a packet;
            also of one that is there no longer.

    Raises:
        click.UsageError: there never was such a record; the nearest names are given.
        HandoffError: the clone is shallow.
    """
    stem = record.rsplit("/", 1)[-1].removesuffix(".md")
    rev = session.snapshot.label
    lineage = read_lineage(
        session.git,
        rev,
        _paths(session, stem),
        may_recall=session.may_recall,
        watch=partial(walked, numbers=count()),
    )
    if not lineage.steps:
        raise _unknown(session, stem)
    changes = (change for step in lineage.steps for change in step.changes)
    blobs = {blob for c in changes for blob in (c.before, c.after) if blob}
    contents = dict(read_blobs(session.git, ((blob, blob) for blob in sorted(blobs))))
    return DealHistory(session, lineage, contents, {})


def _paths(session: Session, stem: str) -> tuple[str, ...]:
    """Give the paths of a record and of its packets; guesses for one that is gone."""
    known = {stem_of(path): path for path in session.snapshot.paths(*TREES.values())}
    if stem in known:
        packets = _packets(session, stem, known)
        return tuple(dict.fromkeys((known[stem], *packets)))
    identities = (parse_stem(kind, stem) for kind in Kind)
    return tuple(identity.path for identity in identities if identity)


def _packets(session: Session, stem: str, known: Mapping[str, str]) -> Iterator[str]:
    """Give the paths of the packets of a deal, however little can be read of either.

    Those there are name it in their header; one that is gone was named by the win.
    """
    snapshot, policy = session.snapshot, session.policy
    deal = read_draft(known[stem], snapshot.read(known[stem]))
    if deal is None or deal.identity.kind is not Kind.OPPORTUNITY:
        return
    ending, tree = f"-{deal.identity.slug}", Kind.PACKET.tree
    packets = [p for p in known.values() if p.startswith(tree) and ending in p]
    for path, content in snapshot.read_many(packets):
        draft = read_draft(path, content)
        if draft and draft.document.header.get("opportunity") == stem:
            yield path
    slug = f"{deal.document.header.get('service')}{ending}"
    for _, event in events_of(deal.document.header):
        day = read_moment(event, policy.zone).day_in(policy.zone)
        if event.get("event") in policy.pipeline.won_by and day:
            yield Identity(Kind.PACKET, slug, day).path


def _unknown(session: Session, stem: str) -> click.UsageError:
    names = [stem_of(path) for path in session.snapshot.paths(*TREES.values())]
    return click.UsageError(f"no commit has a record `{stem}`{nearest(stem, names)}")
