"""What reviewers are told: the comment, the log of a run, and its JSON."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from handoff.evaluation.approval import Decision, Outcome
from handoff.evaluation.approval_case import Reason
from handoff.evaluation.approval_run import (
    Findings,
    Looked,
    Run,
    Told,
    Trouble,
    Written,
    refusals,
)
from handoff.model.entry import JSON, Entry, EntryKind
from handoff.model.errors import HandoffError
from handoff.model.review import Account, Review, Verdict
from handoff.views import acknowledge_json, acknowledge_text
from handoff.views.approval import comment, marker
from support.golden import assert_golden
from support.verdicts import PLAIN

AT = datetime(2026, 4, 22, 7, tzinfo=UTC)
INES = Account(910001, "ines-m", is_person=True)
REVIEW = Review(1042, INES, Verdict.APPROVED, "a" * 40, AT, "")
ONE = Reason("self-acknowledgement", "you are also the filer", "Ask somebody else.")
HOSTILE = Reason(
    "more-than-records",
    "the pull request also changed `@acme/all <!-- x -->\n::error::y`",
    "Look at ##[group] #12, or at https://evil.example.",
)
REFUSED = Outcome(REVIEW, Decision.REFUSED, "ines-moreau", (ONE,))
ACCEPTED = Outcome(REVIEW, Decision.ACKNOWLEDGED, "ines-moreau", digest="sha256:0")
BODY: dict[str, JSON] = {
    "packet": "assessment-zephyr-kites-2026-04-21",
    "by": "ines-moreau",
    "at": "2026-04-22T07:00:00Z",
    "review": "github:1042",
    "pull": 7,
}
RUN = Run(
    now=AT,
    rev="b" * 40,
    is_dry=False,
    findings=Findings(
        looked=(
            Looked(7, "assessment-zephyr-kites-2026-04-21", (ACCEPTED,)),
            Looked(8, "", (replace(REFUSED, reasons=(ONE, HOSTILE)),)),
        ),
        entries=(
            Entry(EntryKind.ACKNOWLEDGEMENT, "a", {**BODY, "digest": "sha256:0"}),
            Entry(EntryKind.RETURN, "b", {**BODY, "gaps": ["::error::who?", "When?"]}),
            Entry(EntryKind.VOID, "c", {**BODY, "by": ""}),
        ),
        troubles=(Trouble("#9", HandoffError("the forge answered 502", "Again.")),),
        waiting=("assessment-zephyr-kites-2026-04-21",),
        unseen=2,
    ),
    written=Written(
        ("assessment-zephyr-kites-2026-04-21",),
        refused="remote: error: GH006: Protected branch",
        kept=("assessment-paper-lantern-2026-04-20",),
    ),
    told=(Told(8, replace(REFUSED, reasons=(ONE, HOSTILE)), is_new=True),),
    troubles=(),
    requests=12,
    most=500,
)


def test_the_log_of_a_run() -> None:
    assert_golden("acknowledge.txt", acknowledge_text.render(RUN, PLAIN))


def test_the_log_of_a_dry_run_promises_nothing() -> None:
    dry = replace(RUN, is_dry=True, written=Written(("p",)))
    text = acknowledge_text.render(dry, PLAIN)
    assert text.count("would record ") == 3
    assert "would write into the packet: p\n" in text
    assert "  would be told on the pull request\n" in text


def test_the_json_of_a_run() -> None:
    text = acknowledge_json.render(RUN, PLAIN)
    assert_golden("acknowledge.json", text)
    assert json.loads(text)["requests"] == {"sent": 12, "at_most": 500}


def test_a_quiet_run_says_so() -> None:
    quiet = replace(
        RUN, findings=Findings((), (), (), (), 0), written=Written(), told=()
    )
    assert acknowledge_text.render(quiet, PLAIN) == (
        "nothing new to record\n"
        "waiting before this run: 0 packets; looked at: 0 pull requests; sent: 12 of "
        "at most 500 requests\n"
    )


def test_one_reason_is_one_sentence() -> None:
    assert comment(REFUSED) == (
        "@ines-m Your approval was not counted as acknowledgement: you are also the "
        "filer. Ask somebody else.\n"
    )


def test_several_reasons_are_a_list_and_address_nobody_else() -> None:
    text = comment(replace(REFUSED, reasons=(ONE, HOSTILE)))
    assert text.startswith(
        "@ines-m Your approval was not counted as acknowledgement:\n"
    )
    assert "\n- you are also the filer. Ask somebody else.\n- the pull" in text
    assert "@acme" not in text
    assert "\\<!-- x --\\>" in text
    assert " #12" not in text
    assert len(text.splitlines()) == 4


@pytest.mark.parametrize("login", ["x] @acme/all", "some-app[bot]", "", "a" * 60])
def test_a_login_that_is_none_is_not_addressed(login: str) -> None:
    review = replace(REVIEW, account=replace(INES, login=login))
    assert comment(replace(REFUSED, review=review)).startswith("Your approval was")


def test_a_comment_is_known_by_review_and_reasons() -> None:
    assert marker(REFUSED) == "approval-1042-self-acknowledgement"
    both = replace(REFUSED, reasons=(ONE, HOSTILE))
    assert marker(both) == "approval-1042-self-acknowledgement+more-than-records"


def test_who_is_told_depends_on_whether_one_counted() -> None:
    second = replace(REFUSED, reasons=(replace(ONE, name="acknowledged-already"),))
    assert list(refusals(Looked(1, "p", (REFUSED, REFUSED)))) == [REFUSED, REFUSED]
    assert list(refusals(Looked(1, "p", (ACCEPTED, REFUSED, second)))) == [second]
    assert list(refusals(Looked(1, "p", (ACCEPTED,)))) == []
