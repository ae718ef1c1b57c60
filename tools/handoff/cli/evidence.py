"""Which commit introduced the lines that a reading rests on."""

from collections.abc import Collection, Mapping

from handoff.cli.session import Session
from handoff.evaluation.report import Report
from handoff.repository.blame import writers
from handoff.repository.snapshot import CommitSnapshot


def commits_of(
    session: Session,
    report: Report,
    paths: Collection[str],
) -> Mapping[tuple[str, int], str]:
    """Give the commit of each line of some files.

    Only a committed snapshot has an answer; lines on disk may not be committed yet.
    """
    if not isinstance(session.snapshot, CommitSnapshot):
        return {}
    session.git.require_full_history()
    git, rev, may_recall = session.git, report.rev, session.may_recall
    return dict(writers(git, rev, sorted(paths), may_recall=may_recall))
