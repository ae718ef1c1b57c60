"""A change: files as they were and as they are, and who answers for it since when."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from handoff.policy.facts import PACKET_ACKNOWLEDGED
from handoff.policy.policy import Policy
from handoff.records.claims import Claim, claims_of
from handoff.records.ledger import Vouched
from handoff.records.reading import ReadFile
from handoff.records.record import Draft
from handoff.repository.log import Commit


@dataclass(frozen=True, slots=True)
class Origin:
    """What is known of how a claim came into the history.

    Attributes:
        arrived: the latest time by which it must have been written down, as far as
            somebody can witness it; `None` if nobody can.
        committed: time of the commit that introduced it; `None` before it is
            committed, or where the commit does not say.
        commit: full id of that commit, or empty.
    """

    arrived: datetime | None
    committed: datetime | None = None
    commit: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody behind a change: an account of the forge, or an address.

    Attributes:
        account: numeric id on the forge; `None` where only git names them.
        name: what to call them in a message.
    """

    account: int | None
    email: str
    name: str


@dataclass(frozen=True, slots=True)
class Witness:
    """Who saw when that something was written down.

    Attributes:
        now: the host's time or, without a host, that of the clock; UTC.
        opened: since when the host may have had it; `None` if the host saw it arrive
            just now, or if there is no host.
        is_host: whether `now` is the time of a host.
        is_silent: whether others have judged the time of arrival before.
        proposed: ids of commits that came by a merge: a pull request brought them,
            which was judged when the host saw it.
    """

    now: datetime
    opened: datetime | None = None
    is_host: bool = False
    is_silent: bool = False
    proposed: frozenset[str] = frozenset()

    def origin(self, commit: Commit | None) -> Origin:
        """Say what is known of a claim from the commit that introduced it, if any.

        The dates of a commit are believed between the host's own times only: a pull
        request may wait for days, so that the time of its last event would accuse
        those who were in time. Outside of one, a commit that somebody else made of
        the author's change (a squash, a rebase) only says when that was done.
        """
        if commit and _is_remade(commit) and self.opened is None:
            return Origin(None, commit.committed, commit.id)
        is_fresh = self.is_host and not (commit and commit.id in self.proposed)
        times = (commit.written, commit.committed) if commit else ()
        said = min((time for time in times if time), default=self.now)
        first = self.opened or (self.now if is_fresh else said)
        arrived = None if self.is_silent else min(max(said, first), self.now)
        if commit is None:
            return Origin(arrived)
        return Origin(arrived, commit.committed, commit.id)

    def has_judged(self, commit: Commit | None) -> bool:
        """Tell whether the host saw what a commit brings in a pull request before.

        A squash or rebase is made by somebody else than whoever wrote what it holds.
        """
        if commit is None or not self.is_host or self.opened:
            return self.is_silent
        return self.is_silent or commit.id in self.proposed or _is_remade(commit)


def _is_remade(commit: Commit) -> bool:
    """Tell whether somebody else than the author made a commit of the change."""
    return commit.committer != commit.email


@dataclass(frozen=True, slots=True)
class Change:
    """One file as it was and as it is.

    Attributes:
        before: what could be read of it at the base; `None` if it was not there.
        after: what can be read of it now; `None` if it is not there any more.
        commits: the commit that introduced each new claim, by the claim's key; one
            that is not committed yet is left out.
        witness: who saw when that the change arrived.
        actors: everybody who has to answer for the change.
    """

    path: str
    before: ReadFile | None
    after: ReadFile | None
    commits: Mapping[str, Commit]
    witness: Witness
    actors: tuple[Actor, ...]

    def drafts(self) -> tuple[Draft, Draft] | None:
        """Give both versions, where both are there and could be parsed."""
        before = self.before.draft if self.before else None
        after = self.after.draft if self.after else None
        return (before, after) if before and after else None

    def arrivals(self, zone: ZoneInfo) -> Iterator[tuple[Draft, Claim, Origin]]:
        """Give the claims that the base did not hold, and where they came from.

        One that takes the place of another was rewritten, which is worse than late;
        only an acknowledgement may be given again.
        """
        before = _claims(self.before, zone)
        known = {claim.key for claim in before}
        taken = {c.fact.pointer for c in before if c.fact.kind != PACKET_ACKNOWLEDGED}
        draft = self.after.draft if self.after else None
        for claim in _claims(self.after, zone):
            if draft and claim.key not in known and claim.fact.pointer not in taken:
                commit = self.commits.get(claim.key)
                yield draft, claim, self.witness.origin(commit)


def _claims(file: ReadFile | None, zone: ZoneInfo) -> tuple[Claim, ...]:
    return claims_of(file.draft, zone) if file and file.draft else ()


@dataclass(frozen=True, slots=True)
class ChangeContext:
    """What a change is judged by.

    Attributes:
        policy: that of the base: a change cannot relax the gate it is judged by.
        today: day of the change in the policy's zone.
        vouched: facts of packets whose time the ledger vouches for: packet, kind,
            person and instant. However late they are written down, the forge saw them
            then.
        committing: address of whoever is about to commit what is not committed yet;
            empty where nobody is.
        lacks_ledger: whether the host has no ledger, which would know of every review.
    """

    policy: Policy
    today: date
    vouched: Collection[Vouched] = ()
    committing: str = ""
    lacks_ledger: bool = False
