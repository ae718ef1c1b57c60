"""What the change gate compares: a base, a snapshot, and who stands behind both."""

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from handoff.cli.session import Session
from handoff.evaluation.change import Actor, Change, ChangeContext, Witness
from handoff.evaluation.gate import judge_changes
from handoff.model.diagnostic import Diagnostic
from handoff.model.errors import HandoffError
from handoff.model.identity import TREES, Kind, is_near_tree
from handoff.model.instant import day_of
from handoff.policy.policy import Policy, load_policy
from handoff.policy.sources import FOLDER
from handoff.records.ledger import vouched
from handoff.records.origins import read_origins
from handoff.records.reading import read_versions
from handoff.repository.changes import (
    commits_between,
    find_base,
    paths_changed,
    snapshot_at,
    tip_of,
)
from handoff.repository.forge_event import ForgeEvent
from handoff.repository.log import Commit
from handoff.repository.snapshot import CommitSnapshot, Snapshot

_POLICY_TREE = "schemas/"
_ADDRESS = re.compile(rb"<([^>]*)>")


def judge_since(
    session: Session, rev: str, event: ForgeEvent | None
) -> tuple[Diagnostic, ...]:
    """Judge how the snapshot of a session differs from where it departed from `rev`.

    Args:
        session: its `now` is when the change arrived.
        rev: the base as a person names it.
        event: what the host witnessed, where a host did.

    Raises:
        HandoffError: `rev` names no commit that the snapshot departs from.
    """
    git, snapshot = session.git, session.snapshot
    tip = tip_of(git, snapshot)
    base = find_base(git, rev, tip)
    before = snapshot_at(git, base)
    paths = [p for p in paths_changed(git, base, snapshot) if _is_judged(p)]
    policy = _policy(session, before, paths)
    tips = tuple(filter(None, (tip, *_merged(session))))
    commits = tuple(commits_between(git, base, tips))[::-1]
    origins = read_origins(git, commits, policy.zone)
    trust = policy.trust
    is_asked = bool(trust.owner_changed_by or trust.policy_changed_by)
    actors = _actors(session, event, commits) if is_asked else _nobody
    witness = _witness(session, event, tip, commits)
    changes = (
        Change(path, *sides, origins.get(path, {}), witness, actors(path))
        for path, sides in read_versions(before, snapshot, paths, policy)
    )
    context = ChangeContext(policy, day_of(session.now, policy.zone))
    if any(path.startswith(TREES[Kind.PACKET]) for path in paths):
        ledger = session.ledger()
        context = replace(
            context,
            vouched=vouched(ledger),
            committing=_author(session, event),
            lacks_ledger=event is not None and not ledger.tip,
        )
    return judge_changes(changes, context)[0]


def _author(session: Session, event: ForgeEvent | None) -> str:
    """Give the address that what is not committed yet will be committed with."""
    if event or isinstance(session.snapshot, CommitSnapshot):
        return ""
    try:
        return next(iter(_identity(session, "GIT_AUTHOR_IDENT")), "")
    except HandoffError:
        return ""  # git knows no name here, so that nobody can be about to commit


def _nobody(_: str) -> tuple[Actor, ...]:
    """Name nobody, where policy does not ask who changed something."""
    return ()


def _is_judged(path: str) -> bool:
    return is_near_tree(path) or path.startswith(_POLICY_TREE)


def _policy(session: Session, before: Snapshot, paths: Sequence[str]) -> Policy:
    """Give the policy of the base; the change's own where the base has none."""
    is_changed = any(path.startswith(_POLICY_TREE) for path in paths)
    if not is_changed or not before.paths(FOLDER):
        return session.policy
    try:
        policy, _ = load_policy(before)
    except HandoffError:
        policy = None  # a base without usable policy is what the change may repair
    if policy is None:
        sys.stderr.write(
            "handoff: the policy of the base is broken, so the change is judged by "
            "its own\n"
        )
    return policy or session.policy


def _witness(
    session: Session, event: ForgeEvent | None, tip: str, commits: Sequence[Commit]
) -> Witness:
    """Say who saw the change; a push may hold what pull requests brought before."""
    if event is None:
        return Witness(session.now)
    parents = {commit.id: commit.parents for commit in commits}
    proposed, landed = set(parents), tip
    while landed in parents:
        proposed.discard(landed)
        landed = next(iter(parents[landed]), "")
    return Witness(
        session.now,
        event.opened,
        is_host=True,
        is_silent=event.kind == "merge_group",
        proposed=frozenset(proposed),
    )


def _merged(session: Session) -> Iterator[str]:
    """Give the commit that is being merged; what it holds was judged elsewhere."""
    if not isinstance(session.snapshot, CommitSnapshot):
        refs = ("rev-parse", "--revs-only", "--quiet", "MERGE_HEAD")
        yield from session.git.run(*refs).decode().split()


def _actors(
    session: Session, event: ForgeEvent | None, commits: Sequence[Commit]
) -> Callable[[str], tuple[Actor, ...]]:
    """Give what names those who answer for the change of a path.

    That is whom the host names; without a host the authors of the commits and,
    for what is not committed yet, whoever is about to commit it.
    """
    if event:
        named = tuple(Actor(a.id, "", a.login) for a in event.accounts)
        return lambda _: named
    is_committed = isinstance(session.snapshot, CommitSnapshot)
    own = () if is_committed else _identity(session, "GIT_COMMITTER_IDENT")
    authors: dict[str, dict[str, None]] = {}
    for commit in commits:
        if len(commit.parents) <= 1:
            for change in commit.changes:
                authors.setdefault(change.path, {})[commit.email] = None

    def actors(path: str) -> tuple[Actor, ...]:
        emails = dict.fromkeys((*authors.get(path, ()), *own))
        return tuple(Actor(None, email, email) for email in emails)

    return actors


def _identity(session: Session, name: str) -> tuple[str, ...]:
    """Give the address of whoever is about to commit, as git would write it."""
    found = _ADDRESS.search(session.git.run("var", name))
    return (found[1].decode("utf-8", "replace"),) if found else ()
