"""Approvals: when they acknowledge a packet, and every reason why they do not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.evaluation.approval import (
    Decision,
    Outcome,
    Policies,
    judge_approvals,
    judge_returns,
)
from handoff.evaluation.approval_case import Carried
from handoff.evaluation.digest import packet_digest
from handoff.model.review import (
    Account,
    Authorship,
    FileChange,
    Pull,
    Review,
    Verdict,
)
from handoff.policy.policy import Policy
from handoff.records.record import Opportunity, Packet
from handoff.records.register import load_register
from handoff.repository.snapshot import MemorySnapshot
from support.deals import KITES, KITES_PACKET, KITES_PATH, KITES_TEXT
from support.reports import kites_packet, shipped_policy

DANA = Account(910101, "dana-o", is_person=True)
INES = Account(910001, "ines-m", is_person=True)
TOMAS = Account(910002, "tomas-l", is_person=True)
BOT = Account(41898282, "some-app[bot]", is_person=False)
HEAD, OTHER, MERGE = "a" * 40, "b" * 40, "c" * 40
BLOB = "d" * 40
FILED = datetime(2026, 4, 21, 13, 30, tzinfo=UTC)
MERGED = datetime(2026, 4, 22, 8, 0, tzinfo=UTC)
NOW = datetime(2026, 4, 22, 12, 0, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-04-{text}Z")


def review(  # noqa: PLR0913 - one parameter for each thing a review says
    account: Account | None = INES,
    verdict: Verdict = Verdict.APPROVED,
    *,
    given_at: str = "22T07:00:00",
    head: str = HEAD,
    body: str = "",
    number: int = 1042,
) -> Review:
    return Review(number, account, verdict, head, at(given_at), body)


PULL = Pull(
    number=7,
    author=DANA,
    head=HEAD,
    head_repository=501,
    base="main",
    base_repository=501,
    default_branch="main",
    merged_at=MERGED,
    merge_commit=MERGE,
    commits=1,
    files=2,
)
FILES = (
    FileChange(KITES_PACKET, "added", BLOB, ""),
    FileChange(KITES_PATH, "modified", "e" * 40, ""),
)
AUTHORS = (Authorship(HEAD, DANA, DANA),)


@dataclass(frozen=True)
class Told:
    """What a test changes of the ordinary case."""

    pull: Pull = PULL
    files: tuple[FileChange, ...] = FILES
    authors: tuple[Authorship, ...] = AUTHORS
    packet: str = ""
    deal: str = KITES_TEXT
    blob: str = BLOB
    policies: Policies | None = None

    def carried(self) -> Carried:
        """Give what the pull request carries."""
        packet, opportunity = records(self.packet or kites_packet(), self.deal)
        return Carried(self.files, self.authors, packet, opportunity, self.blob)


def records(packet: str, deal: str) -> tuple[Packet | None, Opportunity | None]:
    files = {KITES_PACKET: packet.encode(), KITES_PATH: deal.encode()}
    register = load_register(MemorySnapshot(files), shipped_policy())
    found = next(iter(register.packets.values()), None)
    return found, register.opportunities.get(KITES)


def outcomes(
    *reviews: Review, told: Told | None = None, now: datetime = NOW
) -> tuple[Outcome, ...]:
    told = told or Told()
    policies = told.policies or Policies(shipped_policy(), shipped_policy())
    return judge_approvals(told.pull, reviews, told.carried(), policies, now)


def names(*reviews: Review, told: Told | None = None) -> list[str]:
    (outcome,) = outcomes(*reviews, told=told)
    assert (outcome.decision is Decision.REFUSED) == bool(outcome.reasons)
    return [reason.name for reason in outcome.reasons]


def people(changes: Mapping[str, int | None]) -> Policy:
    """Give the shipped policy with other accounts."""
    policy = shipped_policy()
    known = {
        handle: replace(person, account=changes.get(handle, person.account))
        for handle, person in policy.roster.people.items()
    }
    return replace(policy, roster=replace(policy.roster, people=known))


def test_a_receivers_approval_acknowledges() -> None:
    (outcome,) = outcomes(review())
    packet, opportunity = records(kites_packet(), KITES_TEXT)
    assert packet
    assert opportunity
    assert outcome.decision is Decision.ACKNOWLEDGED
    assert outcome.handle == "ines-moreau"
    assert outcome.digest == packet_digest(packet, opportunity)
    assert outcome.review.submitted_at == at("22T07:00:00")


def test_a_review_after_the_merge_counts() -> None:
    assert names(review(given_at="22T11:00:00")) == []


ONE = Told()
REFUSED = {
    "account-gone": (review(None), ONE),
    "not-a-person": (review(BOT), ONE),
    "unknown-account": (review(replace(INES, id=910009)), ONE),
    "own-pull-request": (review(), Told(pull=replace(PULL, author=INES))),
    "own-commit": (review(), Told(authors=(Authorship(HEAD, INES, DANA),))),
    "unknown-author": (review(), Told(authors=(Authorship(HEAD, None, DANA),))),
    "other-base": (review(), Told(pull=replace(PULL, base="release"))),
    "from-fork": (review(), Told(pull=replace(PULL, head_repository=777))),
    "several-packets": (
        review(),
        Told(
            files=(
                *FILES,
                FileChange("handoffs/2026/04/x-y-2026-04-21.md", "added", BLOB, ""),
            )
        ),
    ),
    "record-removed": (
        review(),
        Told(files=(*FILES, FileChange("opportunities/x.md", "removed", BLOB, ""))),
    ),
    "more-than-records": (
        review(),
        Told(
            files=(
                *FILES,
                FileChange(".github/workflows/check.yml", "modified", BLOB, ""),
            )
        ),
    ),
    "too-many-files": (review(), Told(pull=replace(PULL, files=3001))),
    "too-many-commits": (review(), Told(pull=replace(PULL, commits=251))),
    "other-head": (review(head=OTHER), ONE),
    "changed-by-merge": (review(), Told(blob=OTHER)),
    "premature-acknowledgement": (review(given_at="21T13:29:59"), ONE),
    "unreadable-packet": (review(), Told(packet="---\nschema: packet/v1\n---\n")),
    "risk-not-accepted": (
        review(body="I accept risk R2"),
        Told(deal=KITES_TEXT.replace("severity: high", "severity: critical")),
    ),
    "shared-account": (
        review(),
        Told(
            policies=Policies(
                people({"tomas-lindgren": INES.id}), people({"tomas-lindgren": 910001})
            )
        ),
    ),
    "unqualified-reviewer": (
        review(DANA),
        Told(
            pull=replace(PULL, author=None),
            authors=(Authorship(HEAD, BOT, BOT),),
            packet=kites_packet().replace(
                "by: dana-okafor\n  at", "by: rui-tanaka\n  at"
            ),
            policies=Policies(people({"dana-okafor": DANA.id}), shipped_policy()),
        ),
    ),
    "self-acknowledgement": (
        review(),
        Told(
            packet=kites_packet().replace(
                "by: dana-okafor\n  at", "by: ines-moreau\n  at"
            )
        ),
    ),
}


@pytest.mark.parametrize(
    ("name", "given_review", "told"),
    [(name, *case) for name, case in REFUSED.items()],
    ids=[*REFUSED],
)
def test_each_condition_has_its_own_reason(
    name: str, given_review: Review, told: Told
) -> None:
    assert names(given_review, told=told) == [name]


@pytest.mark.parametrize("name", REFUSED)
def test_reasons_are_said_to_a_person(name: str) -> None:
    given_review, told = REFUSED[name]
    (outcome,) = outcomes(given_review, told=told)
    (reason,) = outcome.reasons
    assert reason.text[0].islower()
    assert not reason.text.endswith(".")
    assert reason.hint[0].isupper()


def test_who_cannot_take_it_over_is_not_asked_to_accept_risks() -> None:
    told = Told(deal=KITES_TEXT.replace("severity: high", "severity: critical"))
    assert names(review(replace(INES, id=5)), told=told) == ["unknown-account"]


def test_the_filer_is_told_why() -> None:
    given_review, told = REFUSED["self-acknowledgement"]
    (outcome,) = outcomes(given_review, told=told)
    assert outcome.reasons[0].text == "you are also the filer"


def test_all_that_is_wrong_is_told_at_once() -> None:
    told = Told(
        pull=replace(PULL, author=INES, base="release", head_repository=None),
        files=(*FILES, FileChange("schemas/policy/people.yaml", "modified", BLOB, "")),
    )
    assert names(review(head=OTHER), told=told) == [
        "other-base",
        "from-fork",
        "more-than-records",
        "other-head",
        "own-pull-request",
    ]


@pytest.mark.parametrize(
    "file",
    [
        FileChange(KITES_PACKET, "renamed", BLOB, "handoffs/2026/04/old.md"),
        FileChange(KITES_PACKET, "removed", BLOB, ""),
    ],
)
def test_a_packet_renamed_or_removed_is_not_taken_over(file: FileChange) -> None:
    told = Told(files=(file,), pull=replace(PULL, files=1))
    assert "record-removed" in names(review(), told=told)


def test_a_file_that_came_from_outside_the_records_is_named() -> None:
    file = FileChange(KITES_PACKET, "copied", BLOB, "docs/template.md")
    told = Told(files=(file,), pull=replace(PULL, files=1))
    assert names(review(), told=told) == ["more-than-records"]


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        (["APPROVED", "COMMENTED"], ["acknowledged"]),
        (["APPROVED", "PENDING"], ["acknowledged"]),
        (["APPROVED", "CHANGES_REQUESTED"], []),
        (["CHANGES_REQUESTED", "APPROVED"], ["acknowledged"]),
        (["APPROVED", "DISMISSED"], ["dismissed"]),
        (["DISMISSED", "APPROVED"], ["acknowledged"]),
        (["COMMENTED"], []),
        ([], []),
    ],
)
def test_the_latest_that_is_no_comment_counts(
    verdicts: list[str], expected: list[str]
) -> None:
    given_reviews = [
        review(verdict=Verdict[verdict], number=n, given_at=f"22T07:{n:02}:00")
        for n, verdict in enumerate(verdicts)
    ]
    found = outcomes(*reversed(given_reviews))
    assert [outcome.decision for outcome in found] == expected


def test_the_first_of_two_receivers_acknowledges() -> None:
    late = review(TOMAS, given_at="22T07:30:00", number=1)
    first, second = outcomes(late, review())
    assert (first.handle, first.decision) == ("ines-moreau", Decision.ACKNOWLEDGED)
    assert (second.handle, second.decision) == ("tomas-lindgren", Decision.REFUSED)
    assert second.reasons[0].text == (
        "ines-moreau acknowledged it already, at 2026-04-22T07:00:00Z"
    )


def test_a_review_of_the_future_does_not_exist() -> None:
    assert outcomes(review(given_at="22T12:05:01")) == ()
    assert len(outcomes(review(given_at="22T12:05:00"))) == 1


def test_the_role_counts_at_the_time_of_the_review() -> None:
    policy = shipped_policy()
    ines = policy.roster.people["ines-moreau"]
    ended = replace(ines.roles[0], until=at("21T00:00:00").date())
    known = {**policy.roster.people, ines.handle: replace(ines, roles=(ended,))}
    without = replace(policy, roster=replace(policy.roster, people=known))
    left = Told(policies=Policies(without, policy))
    assert names(review(), told=left) == ["unqualified-reviewer"]
    assert names(review(given_at="22T09:00:00"), told=left) == []


def test_critical_risks_are_accepted_by_name() -> None:
    told = Told(deal=KITES_TEXT.replace("severity: high", "severity: critical"))
    (outcome,) = outcomes(review(body="All fine.\r\n- I accept risk r1."), told=told)
    assert (outcome.decision, outcome.risks) == (Decision.ACKNOWLEDGED, ("R1",))
    (refused,) = outcomes(review(), told=told)
    assert refused.reasons[0].hint.endswith("write in the review: I accept risk R1")


def returns(*reviews: Review, told: Told | None = None) -> tuple[Outcome, ...]:
    told = told or Told(pull=replace(PULL, merged_at=None, merge_commit=""))
    policies = told.policies or Policies(shipped_policy(), shipped_policy())
    return judge_returns(told.pull, reviews, told.carried(), policies, NOW)


def asked(account: Account | None = INES, **more: str) -> Review:
    return review(account, Verdict.CHANGES_REQUESTED, **more)  # type: ignore[arg-type]


def test_a_receivers_request_for_changes_is_a_return() -> None:
    body = "Sorry:\n\n- Who signs off?\n- Which mailbox?\n"
    (outcome,) = returns(asked(body=body))
    assert outcome.decision is Decision.RETURNED
    assert outcome.handle == "ines-moreau"
    assert outcome.gaps == ("Who signs off?", "Which mailbox?")


def test_a_return_without_words_points_to_the_review() -> None:
    (outcome,) = returns(asked())
    assert outcome.gaps == (
        "The review names no gap; see its comments on the pull request",
    )


@pytest.mark.parametrize(
    "given_review",
    [
        asked(DANA),
        asked(BOT),
        asked(None),
        asked(replace(INES, id=5)),
        asked(given_at="21T13:00:00"),
        review(),
    ],
    ids=["filer", "bot", "gone", "stranger", "before filing", "approval"],
)
def test_other_requests_are_no_returns(given_review: Review) -> None:
    assert returns(given_review) == ()


def test_a_return_stays_one_after_the_approval() -> None:
    later = review(given_at="22T07:30:00", number=2)
    assert len(returns(asked(), later)) == 1


ACCOUNTS = st.sampled_from([INES, TOMAS, DANA, BOT, None])
REVIEWS = st.builds(
    Review,
    st.integers(1, 9),
    ACCOUNTS,
    st.sampled_from(Verdict),
    st.sampled_from([HEAD, OTHER, ""]),
    st.none() | st.integers(-24, 72).map(lambda hours: FILED + timedelta(hours=hours)),
    st.text(max_size=40),
)


@settings(deadline=None)
@given(st.lists(REVIEWS, max_size=6, unique_by=lambda r: r.id), st.randoms())
def test_order_never_matters_and_one_at_most_acknowledges(
    given_reviews: list[Review], chance: object
) -> None:
    found = outcomes(*given_reviews)
    shuffled = sorted(given_reviews, key=lambda r: hash((r.id, repr(chance))))
    assert outcomes(*shuffled) == found
    valid = [o for o in found if o.decision is Decision.ACKNOWLEDGED]
    assert len(valid) <= 1
    for outcome in valid:
        assert outcome.review.account in {INES, TOMAS}
        assert outcome.review.head == HEAD
        assert outcome.review.verdict is Verdict.APPROVED
        given_at = outcome.review.submitted_at
        assert given_at
        assert FILED <= given_at <= NOW + timedelta(minutes=5)
        assert _latest(given_reviews, outcome.review) is outcome.review


def _latest(given_reviews: Iterable[Review], like: Review) -> Review:
    """Find the latest review of somebody that says yes or no, slowly."""
    own = [
        r
        for r in given_reviews
        if r.account == like.account
        and r.verdict not in {Verdict.COMMENTED, Verdict.PENDING}
        and r.submitted_at
        and r.submitted_at <= NOW + timedelta(minutes=5)
    ]
    return max(own, key=lambda r: (r.submitted_at or NOW, r.id))
