"""The conditions an approval must meet, one function each (domain part 8).

Reasons complete the sentence "Your approval was not counted as acknowledgement: …".
"""

from collections.abc import Callable, Iterator

from handoff.evaluation.approval_case import Case, Reason, handles_of, person_of
from handoff.evaluation.approval_record import holds_as_claimed
from handoff.model.identity import TREES, Kind
from handoff.model.instant import day_of
from handoff.model.review import Account, Authorship, FileChange

_HERE = tuple(f"{tree}/" for tree in TREES.values())
_PACKETS = f"{TREES[Kind.PACKET]}/"
_GONE = frozenset({"removed", "renamed"})
_AGAIN = "Ask for a new pull request that carries this packet alone, and approve it."
_SHORT = 7
_SHOWN = 3


def reasons_against(case: Case) -> tuple[Reason, ...]:
    """List why an approval does not count; empty if it does.

    What the packet lacks is told to those alone who could take it over.
    """
    person = tuple(reason for check in _ABOUT_PERSON for reason in check(case))
    checks = _ABOUT_PULL if person else (*_ABOUT_PULL, holds_as_claimed)
    return (*person, *(reason for check in checks for reason in check(case)))


def is_receiver(case: Case) -> bool:
    """Tell whether whoever gave a review could acknowledge the packet at that time."""
    packet, given = case.carried.packet, case.review.submitted_at
    if packet is None or packet.filed is None or given is None:
        return False
    filed = packet.filed.moment.instant
    is_early = filed is None or given < filed
    filers = {fact.by for fact in packet.facts if fact.kind == packet.filed.kind}
    against = [reason for check in _ABOUT_PERSON for reason in check(case)]
    return not (is_early or against or person_of(case) in filers)


# About the person.


def _has_account(case: Case) -> Iterator[Reason]:
    if case.review.account is None:
        hint = "Somebody of customer success has to approve it."
        yield Reason("account-gone", "the account no longer exists", hint)


def _is_a_person(case: Case) -> Iterator[Reason]:
    account = case.review.account
    if account and not account.is_person:
        hint = "Somebody of customer success has to approve it."
        yield Reason("not-a-person", "a bot cannot take a packet over", hint)


def _is_known(case: Case) -> Iterator[Reason]:
    account, handles = case.review.account, handles_of(case)
    if account is None or not account.is_person or len(handles) == 1:
        return
    if handles:
        text = f"your account belongs to more than one person: {', '.join(handles)}"
        hint = "Everybody needs an account of their own in schemas/policy/people.yaml."
        yield Reason("shared-account", text, hint)
        return
    text = f"your account (number {account.id}) is not in schemas/policy/people.yaml"
    hint = (
        "Ask whoever keeps the policy to add it as your `account`; a login does not "
        "count, as it can change hands."
    )
    yield Reason("unknown-account", text, hint)


def _holds_the_role(case: Case) -> Iterator[Reason]:
    handle, given = person_of(case), case.review.submitted_at
    role = case.policy.roster.acknowledged_by
    day = day_of(given, case.policy.zone) if given else None
    if handle and (day is None or not case.policy.roster.holds(handle, role, day)):
        text = f"you did not hold the role `{role}` on {day}"
        hint = f"Somebody who holds `{role}` has to approve it."
        yield Reason("unqualified-reviewer", text, hint)


# About the pull request.


def _goes_to_default_branch(case: Case) -> Iterator[Reason]:
    pull = case.pull
    if pull.base != pull.default_branch:
        text = f"the pull request went to `{pull.base}`, not to `{pull.default_branch}`"
        yield Reason("other-base", text, _AGAIN)


def _is_no_fork(case: Case) -> Iterator[Reason]:
    if case.pull.head_repository != case.pull.base_repository:
        text = "the pull request came from a fork, or from a repository that is gone"
        hint = "Push the branch to this repository and open a new pull request."
        yield Reason("from-fork", text, hint)


def _carries_one_packet(case: Case) -> Iterator[Reason]:
    files = case.carried.files
    if len(files) < case.pull.files:
        text = f"the pull request changes {case.pull.files} files, too many to judge"
        yield Reason("too-many-files", text, _AGAIN)
    packets = [file for file in files if file.path.startswith(_PACKETS)]
    if len(packets) > 1:
        text = f"the pull request carried {len(packets)} packets: {_some(packets)}"
        yield Reason("several-packets", text, _AGAIN)
    gone = [f for f in files if f.status in _GONE and _is_record(f)]
    if gone:
        text = f"the pull request removed or renamed records: {_some(gone)}"
        hint = "Records are never removed or renamed. Ask for a new pull request."
        yield Reason("record-removed", text, hint)


def _is_record(file: FileChange) -> bool:
    return file.path.startswith(_HERE) or file.previous.startswith(_HERE)


def _changes_records_alone(case: Case) -> Iterator[Reason]:
    """Refuse a pull request that could change the rules it is judged by."""
    others = [
        file
        for file in case.carried.files
        if not file.path.startswith(_HERE)
        or (file.previous and not file.previous.startswith(_HERE))
    ]
    if others:
        text = f"the pull request also changed what is no record: {_some(others)}"
        yield Reason("more-than-records", text, _AGAIN)


def _some(files: list[FileChange]) -> str:
    shown = ", ".join(f"`{file.path}`" for file in files[:_SHOWN])
    more = len(files) - _SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


def _covers_what_was_merged(case: Case) -> Iterator[Reason]:
    given, head = case.review.head, case.pull.head
    hint = "Look at the packet as it is on the default branch, and approve once more."
    if given != head:
        text = f"you approved {given[:_SHORT] or 'a commit that is gone'}, but "
        yield Reason("other-head", f"{text}{head[:_SHORT]} was merged", hint)
    blobs = {file.path: file.blob for file in case.carried.files}
    packet = case.carried.packet
    if packet and blobs.get(packet.path) != case.carried.blob:
        text = "the packet was changed while it was merged"
        yield Reason("changed-by-merge", text, _AGAIN)


def _is_not_of_own_making(case: Case) -> Iterator[Reason]:
    account, pull = case.review.account, case.pull
    hint = "Somebody else of customer success has to approve it."
    if account is None:
        return
    if pull.author and pull.author.id == account.id:
        yield Reason("own-pull-request", "you opened the pull request", hint)
    authors = case.carried.authors
    if any(_is_by(commit, account) for commit in authors):
        yield Reason("own-commit", "you wrote or committed part of it", hint)
    if len(authors) < pull.commits:
        text = f"the pull request has {pull.commits} commits, too many to judge"
        yield Reason("too-many-commits", text, _AGAIN)
    unknown = [c for c in authors if c.author is None or c.committer is None]
    if unknown:
        text = (
            f"the forge knows no account for whoever made commit "
            f"{unknown[0].commit[:_SHORT]}, so that it could be your own"
        )
        hint = (
            "Whoever made it adds the commit's e-mail address to their account on the "
            "forge; then this is judged again by itself."
        )
        yield Reason("unknown-author", text, hint)


def _is_by(commit: Authorship, account: Account) -> bool:
    return account.id in {who.id for who in (commit.author, commit.committer) if who}


_Check = Callable[[Case], Iterator[Reason]]
_ABOUT_PERSON: tuple[_Check, ...] = (
    _has_account,
    _is_a_person,
    _is_known,
    _holds_the_role,
)
_ABOUT_PULL: tuple[_Check, ...] = (
    _goes_to_default_branch,
    _is_no_fork,
    _carries_one_packet,
    _changes_records_alone,
    _covers_what_was_merged,
    _is_not_of_own_making,
)
