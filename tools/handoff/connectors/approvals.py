"""What the forge knows of one pull request, held against the records, and judged."""

from dataclasses import dataclass, field
from datetime import datetime

from handoff.connectors.github import GitHub
from handoff.evaluation.approval import (
    Policies,
    judge_approvals,
    judge_returns,
)
from handoff.evaluation.approval_case import Carried
from handoff.evaluation.approval_run import Looked
from handoff.model.errors import HandoffError
from handoff.model.identity import TREES, Kind
from handoff.model.review import FileChange, Pull, Review, Verdict
from handoff.policy.policy import Policy, load_policy
from handoff.records.record import Packet
from handoff.records.register import load_part
from handoff.repository.git import Git
from handoff.repository.mainline import blob_at, fetch_commit, is_part_of
from handoff.repository.snapshot import CommitSnapshot

_FOLDER = f"{TREES[Kind.PACKET]}/"
_SCHEMAS = "schemas"


@dataclass(frozen=True, slots=True)
class Desk:
    """Where pull requests are looked at.

    Attributes:
        remote: the remote that pull requests can be fetched from.
        branch: the default branch.
        tip: the commit of it that is judged by.
        policy: of that commit.
        now: the instant of the judgement.
    """

    github: GitHub
    git: Git
    remote: str
    branch: str
    tip: str
    policy: Policy
    now: datetime
    _policies: dict[str, Policy] = field(default_factory=dict, repr=False)

    def open_pulls(self) -> tuple[int, ...]:
        """Number the pull requests that are open to the default branch."""
        return self.github.open_pulls(self.branch)

    def look(self, number: int) -> Looked:
        """Judge all reviews of one pull request, merged or open.

        Raises:
            HandoffError: a look-up failed, or what the forge says is not true of the
                repository; nothing is decided then.
        """
        reviews = self.github.reviews(number)
        if not any(_matters(review) for review in reviews):
            return Looked(number)
        pull = self.github.pull(number)
        files = self.github.files(pull)
        packets = [file.path for file in files if _is_packet(file)]
        if not packets:
            return Looked(number)
        commit = self._commit(pull)
        if not commit:
            return Looked(number)
        policies = Policies(self._policy_at(commit, pull), self.policy)
        carried = self._carried(pull, files, packets[0], commit, policies.merged)
        outcomes = judge_returns(pull, reviews, carried, policies, self.now)
        if pull.merged_at:
            outcomes += judge_approvals(pull, reviews, carried, policies, self.now)
        stem = packets[0].rsplit("/", 1)[-1].removesuffix(".md")
        return Looked(number, stem if len(packets) == 1 else "", outcomes)

    def _commit(self, pull: Pull) -> str:
        """Give the commit whose content is judged; empty if it is gone."""
        if not pull.merged_at:
            ref = f"refs/pull/{pull.number}/head"
            is_here = fetch_commit(self.git, self.remote, ref, pull.head)
            return pull.head if is_here else ""
        if is_part_of(self.git, pull.merge_commit, self.tip):
            return pull.merge_commit
        message = (
            f"the forge says that pull request #{pull.number} was merged as "
            f"{pull.merge_commit[:7]}, but that is no part of `{pull.base}`"
        )
        hint = "Run it again; if it stays so, ask who rewrote the branch's history."
        raise HandoffError(message, hint)

    def _policy_at(self, commit: str, pull: Pull) -> Policy:
        """Read policy as it was merged; of what is open, never the branch's own."""
        schemas = blob_at(self.git, commit, _SCHEMAS)
        if not pull.merged_at or schemas == blob_at(self.git, self.tip, _SCHEMAS):
            return self.policy
        if schemas not in self._policies:
            policy, _ = load_policy(CommitSnapshot(self.git, commit))
            # A broken policy of the past cannot judge; the present one then does.
            self._policies[schemas] = policy or self.policy
        return self._policies[schemas]

    def _carried(
        self,
        pull: Pull,
        files: tuple[FileChange, ...],
        path: str,
        commit: str,
        policy: Policy,
    ) -> Carried:
        snapshot = CommitSnapshot(self.git, commit)
        listed = snapshot.paths(*TREES.values())
        register = load_part(snapshot, policy, [path] if path in listed else [])
        found = register.files.get(path)
        packet = found.record if found and isinstance(found.record, Packet) else None
        opportunity = register.opportunities.get(packet.opportunity) if packet else None
        authors = self.github.authors(pull)
        blob = blob_at(self.git, commit, path)
        return Carried(files, authors, packet, opportunity, blob)


def _matters(review: Review) -> bool:
    return review.verdict not in {Verdict.COMMENTED, Verdict.PENDING}


def _is_packet(file: FileChange) -> bool:
    return file.path.startswith(_FOLDER) or file.previous.startswith(_FOLDER)
