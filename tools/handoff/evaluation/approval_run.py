"""What one run over the forge's reviews saw and did, for people and for programs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from handoff.evaluation.approval import Outcome
from handoff.model.entry import Entry
from handoff.model.errors import HandoffError
from handoff.model.review import Verdict


@dataclass(frozen=True, slots=True)
class Looked:
    """A pull request that was looked at.

    Attributes:
        number: of the pull request.
        packet: id of the packet it carries; empty if it carries none, or several.
        outcomes: what came of its reviews.
    """

    number: int
    packet: str = ""
    outcomes: tuple[Outcome, ...] = ()


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that could not be done, and why; the rest went on."""

    about: str
    error: HandoffError


@dataclass(frozen=True, slots=True)
class Findings:
    """What a run saw.

    Attributes:
        looked: the pull requests that were looked at, by number.
        entries: what the ledger does not hold yet.
        troubles: what could not be looked at.
        waiting: ids of the packets that waited for an acknowledgement before.
        unseen: how many of those were left for another run.
    """

    looked: tuple[Looked, ...]
    entries: tuple[Entry, ...]
    troubles: tuple[Trouble, ...]
    waiting: tuple[str, ...]
    unseen: int


@dataclass(frozen=True, slots=True)
class Written:
    """What came of writing to the shared branch.

    Attributes:
        packets: ids of the packets written to.
        commit: full id of the commit; empty if there was nothing to write.
        refused: why the branch took nothing; empty if it did, or was not asked.
        kept: ids of packets left as they are, because the stanza would break a rule.
    """

    packets: tuple[str, ...] = ()
    commit: str = ""
    refused: str = ""
    kept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """A refusal, and whether it was told on its pull request now or before."""

    pull: int
    outcome: Outcome
    is_new: bool


@dataclass(frozen=True, slots=True)
class Run:
    """One run.

    Attributes:
        now: when.
        rev: commit of the default branch that was judged by.
        is_dry: whether nothing was changed on purpose.
        findings: what it saw.
        written: what came of writing to the default branch.
        told: the refusals people were told of.
        troubles: what could not be told.
        requests: how many were sent.
        most: how many it was allowed to send.
    """

    now: datetime
    rev: str
    is_dry: bool
    findings: Findings
    written: Written
    told: tuple[Told, ...]
    troubles: tuple[Trouble, ...]
    requests: int
    most: int


def refusals(looked: Looked) -> Sequence[Outcome]:
    """List the outcomes that somebody has to be told on the pull request.

    Once somebody has acknowledged a packet, only who was second is told: to everybody
    else the approval was what they meant it to be.
    """
    told = [outcome for outcome in looked.outcomes if outcome.reasons]
    approvals = _approvals(looked.outcomes)
    if len(told) == approvals:
        return told
    return [o for o in told if o.reasons[0].name == "acknowledged-already"]


def _approvals(outcomes: Iterable[Outcome]) -> int:
    return sum(o.review.verdict is Verdict.APPROVED for o in outcomes)
