"""`handoff audit`: judge the whole history."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import click

from handoff.cli.options import directory_option, format_option, style_of_stdout, write
from handoff.cli.progress import walked
from handoff.cli.session import Session, open_session
from handoff.evaluation.audit import (
    POLICY_TREE,
    Audit,
    Incident,
    Trial,
    judge_dates,
    judge_policy_changes,
    judge_record,
    judge_signatures,
)
from handoff.evaluation.audit_acknowledgement import (
    Given,
    find_given,
    judge_given,
    timeline_of,
)
from handoff.model.entry import EntryKind
from handoff.model.errors import HandoffError
from handoff.policy.policy import Policy, load_policy
from handoff.records.ledger import vouched
from handoff.records.replay import replay
from handoff.repository.git import Git
from handoff.repository.ledger import Ledger
from handoff.repository.ledger_tip import judge_tip, tip_entry
from handoff.repository.line import Line, is_held, read_line
from handoff.repository.objects import read_blobs
from handoff.repository.signatures import read_signers
from handoff.repository.snapshot import CommitSnapshot
from handoff.views import audit_json, audit_text

_FULL_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_VIEWS = {"text": audit_text.render, "json": audit_json.render}


@click.command()
@click.option(
    "--rev",
    default="HEAD",
    metavar="REV",
    help="Judge the history of REV; HEAD by default.",
)
@click.option(
    "--known-tip",
    metavar="COMMIT",
    help="A commit that was judged as part of this branch before: if it is none any "
    "more, history was rewritten.",
)
@directory_option
@format_option(*_VIEWS)
def audit(rev: str, known_tip: str | None, directory: Path, form: str) -> None:
    """Judge the whole history: what was removed, rewritten, back-dated or unsigned.

    Every landed change is judged by the rules of the change gate and by the policy
    before it. Exits with 0 if no error was found, 1 if one was, 2 if the command was
    typed wrongly, 3 if nothing can be judged here, as in a shallow clone.
    """
    session = open_session(directory, rev, None)
    done = _audit(session, known_tip)
    write(_VIEWS[form](done, style_of_stdout()))
    raise SystemExit(1 if done.failed else 0)


def _audit(session: Session, known_tip: str | None) -> Audit:
    git, tip = session.git, session.snapshot.label
    ledger = session.ledger()
    lost = tuple(_lost(git, tip, known_tip, ledger))
    line = read_line(git, tip, walked)
    policies = _policies(session, line)
    trial = Trial(line, session.policy, policies, session.now, vouched(ledger))
    found = list(_judge_tip(trial, lost))
    timeline, given, records = timeline_of(line), list[Given](), 0
    versions_of = walked(replay(git, line.commits), "judged {:,} records")
    for path, versions in versions_of:
        records += 1
        found += judge_record(path, versions, trial)
        given += find_given(path, versions, trial, timeline)
    found += _judge_given(git, given, trial)
    found += judge_policy_changes(trial)
    found += judge_dates(trial)
    found += judge_signatures(
        trial,
        lambda commits, policy: read_signers(
            git, commits, ((s.email, s.key) for s in policy.trust.signed_by)
        ),
    )
    return Audit(tip, len(line.commits), records, trial.ordered(found))


def _judge_given(git: Git, given: list[Given], trial: Trial) -> Iterator[Incident]:
    """Judge acknowledgements, reading packet and opportunity of each together."""
    wanted = ((g.path, blob) for g in given for blob in (g.packet, g.opportunity[1]))
    contents = read_blobs(git, wanted)
    for one in given:
        (_, packet), (_, opportunity) = next(contents), next(contents)
        yield from judge_given(one, (packet, opportunity), trial)


def _policies(session: Session, line: Line) -> Callable[[int], Policy]:
    """Give what finds the policy before a landed commit.

    Before the first policy there was none: its own stands for it. So does the policy
    of now for one that cannot be read.
    """
    touched = [
        line.brought[commit.id]
        for commit in line.commits
        if line.is_landed(commit)
        and any(change.path.startswith(POLICY_TREE) for change in commit.changes)
    ]

    @cache
    def load(index: int) -> Policy:
        try:
            policy, _ = load_policy(CommitSnapshot(session.git, line.landed[index]))
        except HandoffError:
            policy = None  # the commit that broke it was refused, or is by now repaired
        return policy or session.policy

    def before(index: int) -> Policy:
        place = max(bisect_left(touched, index) - 1, 0)
        return load(touched[place]) if touched else session.policy

    return before


def _lost(git: Git, tip: str, known: str | None, ledger: Ledger) -> Iterator[str]:
    """Give the commits that were judged as part of this branch and are none now.

    The ledger may speak of another branch than the one that is judged: of its commits
    only those are lost that no branch holds any more.
    """
    if known is None:
        found = judge_tip(git, ledger, tip)
        yield from (c for c in found.lost if not is_held(git, c)) if found else ()
        return
    commit = known if _FULL_ID.fullmatch(known) else git.resolve(known)
    entry = tip_entry(commit, datetime.min.replace(tzinfo=UTC))
    found = judge_tip(git, Ledger({(EntryKind.TIP, commit): entry}), tip)
    yield from found.lost if found else ()


def _judge_tip(trial: Trial, lost: tuple[str, ...]) -> Iterator[Incident]:
    latest = trial.line.commits[-1]
    for commit in lost:
        message = (
            f"commit {commit} was judged as part of this branch and is not any more"
        )
        hint = "Ask who forced that push, and bring the lost commits back."
        yield trial.incident(latest, "rewritten-main", message, hint)
