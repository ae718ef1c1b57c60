"""A review of a pull request as it is judged: everything that is known of it."""

from dataclasses import dataclass

from handoff.model.review import Authorship, FileChange, Pull, Review
from handoff.policy.policy import Policy
from handoff.records.record import Opportunity, Packet


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an approval does not count.

    Attributes:
        name: of the condition, in kebab case.
        text: the end of a sentence, without full stop.
        hint: what to do, a full sentence.
    """

    name: str
    text: str
    hint: str


@dataclass(frozen=True, slots=True)
class Carried:
    """What a pull request carries.

    Attributes:
        files: what it does to each file.
        authors: who made each of its commits, as far as the forge lists them.
        packet: the packet it brought, as merged (or, while it is open, as proposed);
            `None` where there is none that can be read.
        opportunity: the packet's; `None` likewise.
        blob: id of the packet's content as merged.
    """

    files: tuple[FileChange, ...]
    authors: tuple[Authorship, ...]
    packet: Packet | None
    opportunity: Opportunity | None
    blob: str


@dataclass(frozen=True, slots=True)
class Case:
    """One review of one pull request, and the policy it is judged by.

    Attributes:
        risks: ids of the risks the review accepts.
    """

    pull: Pull
    review: Review
    carried: Carried
    policy: Policy
    risks: tuple[str, ...]


def person_of(case: Case) -> str:
    """Give the handle of whoever gave a review; empty where nobody, or two, could."""
    handles = handles_of(case)
    return handles[0] if len(handles) == 1 else ""


def handles_of(case: Case) -> tuple[str, ...]:
    """Name everybody of the roster to whom the reviewer's account belongs."""
    account = case.review.account
    people = case.policy.roster.people.values() if account else ()
    return tuple(p.handle for p in people if account and p.account == account.id)
