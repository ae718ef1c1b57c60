"""Which commit introduced the lines that a reading rests on."""

from collections.abc import Collection, Mapping

from handoff.cli.session import Session
from handoff.evaluation.report import Report
from handoff.repository.history import introduced_lines
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
    return {
        (path, line): touch.commit
        for path in sorted(paths)
        for line, touch in introduced_lines(session.git, report.rev, path).items()
    }
