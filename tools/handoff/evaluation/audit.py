"""The whole history judged: every landed change by the rules of the change gate."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from handoff.evaluation.change import Actor, Change, ChangeContext, Witness
from handoff.evaluation.gate import judge_changes
from handoff.evaluation.judging import severity_of
from handoff.evaluation.waiving import apply_waivers
from handoff.model.diagnostic import Diagnostic, Severity
from handoff.model.identity import is_near_tree
from handoff.model.instant import day_of
from handoff.model.span import TOP
from handoff.policy.policy import Policy
from handoff.records.claims import claims_of
from handoff.records.ledger import Vouched
from handoff.records.reading import ReadFile
from handoff.records.record import Draft
from handoff.records.register import Register
from handoff.records.replay import Version
from handoff.repository.line import Line
from handoff.repository.log import Commit

POLICY_TREE = "schemas/"
_HINT = (
    "What has landed stays as it is. Ask its author; if it is explained, a waiver of "
    "this rule for this record says so in the open."
)


@dataclass(frozen=True, slots=True)
class Incident:
    """What is wrong in a history, and the commit that brought it.

    Attributes:
        diagnostic: its path is empty where it is about the commit as a whole.
    """

    commit: Commit
    diagnostic: Diagnostic


@dataclass(frozen=True, slots=True)
class Audit:
    """What came of judging a history.

    Attributes:
        rev: full id of its latest commit.
        commits: how many it has.
        records: how many records it ever held.
        incidents: in the order in which their commits landed.
    """

    rev: str
    commits: int
    records: int
    incidents: tuple[Incident, ...]

    @property
    def failed(self) -> bool:
        """Whether any incident is an error."""
        return any(i.diagnostic.severity is Severity.ERROR for i in self.incidents)


@dataclass(frozen=True, slots=True)
class Trial:
    """What a history is judged by.

    Attributes:
        line: the history.
        policy: that of now.
        base_policy: gives the policy before the landed commit of an index: no commit
            brings the policy it is judged by.
        now: the instant of the audit, in UTC.
        vouched: facts of packets whose time the ledger vouches for.
    """

    line: Line
    policy: Policy
    base_policy: Callable[[int], Policy]
    now: datetime
    vouched: Collection[Vouched] = ()

    def ordered(self, incidents: Iterable[Incident]) -> tuple[Incident, ...]:
        """Put incidents in the order of the history, those of a commit by place."""
        places = {commit.id: n for n, commit in enumerate(self.line.commits)}
        return tuple(
            sorted(incidents, key=lambda i: (places[i.commit.id], i.diagnostic.order))
        )

    def incident(
        self, commit: Commit, rule: str, message: str, hint: str, path: str = ""
    ) -> Incident:
        """Make an incident about a commit as a whole, or about a file as a whole."""
        weight = severity_of(rule, self.policy)
        return Incident(
            commit, Diagnostic(path, TOP, rule, weight, message, hint, (), "")
        )


def judge_record(
    path: str, versions: Sequence[Version], trial: Trial
) -> Iterator[Incident]:
    """Replay the landed versions of one record.

    A version that could not be parsed hides nothing: the next is compared with the
    last one that could, also where the record was removed in between.
    """
    origins: dict[str, Commit] = {}
    authors: dict[str, None] = {}
    known: Draft | None = None
    is_there = False
    for version in versions:
        for key in _keys(version.draft, trial.policy):
            origins.setdefault(key, version.commit)
        if len(version.commit.parents) <= 1:
            authors[version.commit.email] = None
        if not trial.line.is_landed(version.commit):
            continue
        before = _file(path, known) if known or is_there else None
        after = _file(path, version.draft) if version.blob else None
        actors = tuple(authors) or (version.commit.email,)
        change = _change(path, (before, after), origins, actors, trial)
        yield from judge_landed(change, version.commit, trial)
        known, is_there = version.draft or known, version.blob is not None
        authors.clear()


def _change(
    path: str,
    sides: tuple[ReadFile | None, ReadFile | None],
    origins: Mapping[str, Commit],
    emails: Iterable[str],
    trial: Trial,
) -> Change:
    actors = tuple(Actor(None, email, email) for email in emails)
    return Change(path, *sides, dict(origins), Witness(trial.now), actors)


def judge_landed(change: Change, commit: Commit, trial: Trial) -> Iterator[Incident]:
    """Judge one change by the policy before it, waivers of then and of now included."""
    policy = trial.base_policy(trial.line.brought[commit.id])
    day = day_of(commit.committed or trial.now, policy.zone)
    found, _ = judge_changes((change,), ChangeContext(policy, day, trial.vouched))
    today = day_of(trial.now, trial.policy.zone)
    file = change.after or change.before
    register = Register({change.path: file} if file else {}, ())
    kept, _ = apply_waivers(found, register, trial.policy, today)
    yield from (Incident(commit, replace(d, hint=_HINT)) for d in kept)


def judge_policy_changes(trial: Trial) -> Iterator[Incident]:
    """Judge who changed policy; of a merge those who wrote what it brought."""
    authors: dict[str, dict[str, None]] = {}
    for commit in trial.line.commits:
        paths = [c.path for c in commit.changes if c.path.startswith(POLICY_TREE)]
        for path in paths:
            found = authors.setdefault(path, {})
            if len(commit.parents) <= 1:
                found[commit.email] = None
            # The first commit of all has no policy before it that could forbid it.
            if trial.line.is_landed(commit) and trial.line.brought[commit.id]:
                emails = tuple(found) or (commit.email,)
                change = _change(path, (None, None), {}, emails, trial)
                yield from judge_landed(change, commit, trial)
                found.clear()


def judge_dates(trial: Trial) -> Iterator[Incident]:
    """Tell which commits carry a date that cannot be right."""
    dates = {commit.id: commit.committed for commit in trial.line.commits}
    skew = trial.policy.trust.skew
    hint = "Ask its author; set the clock of the computer it was made on."
    for commit in trial.line.commits:
        when = commit.committed
        before = [date for p in commit.parents if (date := dates.get(p))]
        if when is None:
            message = "the date of this commit cannot be read"
        elif when > trial.now + skew:
            message = "this commit is dated in the future"
        elif before and when < max(before) - skew:
            message = f"this commit is dated before its parent ({max(before):%F %T}Z)"
        else:
            continue
        yield trial.incident(commit, "skewed-commit", message, hint)


def judge_signatures(
    trial: Trial, signers: Callable[[Iterable[str], Policy], Mapping[str, str]]
) -> Iterator[Incident]:
    """Tell which commits are not signed as the policy before them asks.

    A merge that brings nothing but what signed commits made needs no signature.

    Args:
        trial: the history and its policies.
        signers: gives the address that signed each commit, by the keys of a policy.
    """
    groups: dict[str, tuple[Policy, list[Commit]]] = {}
    for commit in _signable(trial.line.commits):
        policy = trial.base_policy(trial.line.brought[commit.id])
        if policy.trust.signed_by:
            groups.setdefault(policy.digest, (policy, []))[1].append(commit)
    for policy, commits in groups.values():
        signed = signers((commit.id for commit in commits), policy)
        for commit in commits:
            signer = signed.get(commit.id)
            if signer is None:
                message = "no key that policy trusts signed this commit"
            elif signer.lower() != commit.email.lower():
                message = f"`{signer}` signed this commit of `{commit.email}`"
            else:
                continue
            hint = "Ask its author to sign it, or judge by hand what it changed."
            yield trial.incident(commit, "unsigned-commit", message, hint)


def _signable(commits: Iterable[Commit]) -> Iterator[Commit]:
    """Give the commits that make something of records or policy themselves."""
    made: set[tuple[str, str | None]] = set()
    for commit in commits:
        own = {
            (change.path, change.after)
            for change in commit.changes
            if is_near_tree(change.path) or change.path.startswith(POLICY_TREE)
        }
        if len(commit.parents) > 1:
            own -= made
        if own:
            yield commit
        made |= own


def _keys(draft: Draft | None, policy: Policy) -> tuple[str, ...]:
    return tuple(c.key for c in claims_of(draft, policy.zone)) if draft else ()


def _file(path: str, draft: Draft | None) -> ReadFile:
    return ReadFile(path, draft, None, ())
