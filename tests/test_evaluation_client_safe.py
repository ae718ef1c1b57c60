"""What a client may see: this very text, approved, with nothing internal in it."""

import pytest

from handoff.evaluation.client_safe import (
    client_text,
    latest_approval,
    objections,
    safe_section,
    text_digest,
)
from handoff.records.record import Opportunity
from support.records import OPPORTUNITY, PACKET, base, report, shipped_policy

_TEXT = "You get one list that all of you can trust."
_LAST = "    decision_by: 2026-04-24\n"
_END = "Fourteen of thirty leads were never answered."


def _event(kind: str, minute: int, *more: str) -> str:
    rows = (
        f"  - event: {kind}",
        f"    at: 2026-04-15T09:{minute:02}:00+02:00",
        "    by: priya-venkat",
        "    subject: client-safe-text",
        *(f"    {row}" for row in more),
    )
    return "".join(f"{row}\n" for row in rows)


def _read(
    text: str | None, *events: str, edit: tuple[str, str] = ("", "")
) -> tuple[Opportunity, list[str]]:
    """Give an opportunity with a client-safe text, and what speaks against it."""
    record = base()[OPPORTUNITY].replace(_LAST, _LAST + "".join(events))
    if text is not None:
        record = record.replace(_END, f"{_END}\n\n## Client-safe summary\n\n{text}")
    files = {**base(), OPPORTUNITY: record.replace(*edit) if edit[0] else record}
    register = report(files).register
    (opportunity,) = register.opportunities.values()
    packets = register.packets_of(opportunity.id)
    found = objections(opportunity, packets, opportunity.events, shipped_policy())
    return opportunity, [each.message for each in found]


def _digest(text: str) -> str:
    section = safe_section(_read(text)[0], shipped_policy())
    assert section
    return text_digest(section)


def _given(text: str, minute: int = 0) -> str:
    return _event("approval-given", minute, f"digest: {_digest(text)}")


def _refused(minute: int) -> str:
    return _event("approval-refused", minute, "reason: Says too much")


def _asked(minute: int) -> str:
    return _event("approval-requested", minute)


def test_an_approved_text_is_shown() -> None:
    opportunity, against = _read(_TEXT, _given(_TEXT))
    assert against == []
    assert client_text(opportunity, shipped_policy()) == (
        f"Company: Acme Robotics\nService: assessment\n\n{_TEXT}\n"
    )


@pytest.mark.parametrize(
    "same", [_TEXT.replace(" ", "\n  "), f"{_TEXT}\n\n<!-- for us -->", f"\n{_TEXT} "]
)
def test_layout_and_comments_are_outside_the_digest(same: str) -> None:
    assert _digest(same) == _digest(_TEXT)
    assert _read(same, _given(_TEXT))[1] == []


@pytest.mark.parametrize("other", [f"{_TEXT}!", _TEXT.lower(), f"- {_TEXT}"])
def test_an_edit_ends_the_approval(other: str) -> None:
    (message,) = _read(other, _given(_TEXT))[1]
    assert message.startswith(f"the approval is for the text with `{_digest(_TEXT)}`")
    assert _digest(other) in message


def test_an_approval_must_name_its_text() -> None:
    (message,) = _read(_TEXT, _event("approval-given", 0))[1]
    assert message.startswith("the approval names no text")


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ((), "approval of `client-safe-text` is not given"),
        ((_given(_TEXT), _refused(1)), "(latest: `approval-refused`)"),
        ((_given(_TEXT), _asked(1)), "(latest: `approval-requested`)"),
        ((_asked(0),), "(latest: `approval-requested`)"),
    ],
)
def test_the_last_word_counts(events: tuple[str, ...], said: str) -> None:
    (message,) = _read(_TEXT, *events)[1]
    assert message.endswith(said)


def test_an_approval_after_a_refusal_holds() -> None:
    assert _read(_TEXT, _refused(0), _asked(1), _given(_TEXT, 2))[1] == []


def test_approvals_of_other_subjects_do_not_count() -> None:
    opportunity, _ = _read(_TEXT)
    given = latest_approval(opportunity.events, "pricing")
    assert given
    assert given.field("subject") == "pricing"
    assert latest_approval(opportunity.events, "client-safe-text") is None


def test_without_a_text_there_is_one_objection() -> None:
    assert _read(None)[1] == ["section `Client-safe summary` is missing"]


@pytest.mark.parametrize("text", ["TBD", "None.", "<!-- later -->"])
def test_a_text_must_say_something(text: str) -> None:
    assert "section `Client-safe summary`" in _read(text)[1][0]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Fourteen of thirty leads were NEVER answered?", "section `Audit evidence`"),
        ("We know: fourteen, of thirty, leads -\nwere 'never' fixed", "Audit evidence"),
        ("F\u200bourteen of thirty leads were never seen", "Audit evidence"),
        ("One list of leads that everybody trusts", "section `What they expect`"),
        ("Budget of 3,000 USD named by you", "`budget_signal`"),
        ("Draft findings before the board meeting", "`promises[0].text`"),
        ("Ask DANA   Okafor about it", "`promises[0]`"),
    ],
)
def test_internal_words_are_found(text: str, found: str) -> None:
    against = _read(text, _given(text))[1]
    assert len(against) == 1
    assert "is internal" in against[0]
    assert found in against[0]


@pytest.mark.parametrize(
    "text",
    [
        "Fourteen of thirty leads were counted",  # five words in a row
        "Answered never were leads thirty of fourteen",
        "3,000 USD",  # not in a promise or risk
        "Acme Robotics",
    ],
)
def test_few_words_or_another_order_are_no_copy(text: str) -> None:
    assert _read(text, _given(text))[1] == []


@pytest.mark.parametrize(
    ("internal", "text", "found"),
    [
        ("They pay $2,500 at most", "It costs 2500 USD.", "2500"),
        ("They pay 2 500,50 € at most", "It costs EUR 2,500.50 now.", "2500.5"),
        ("Discount of 20 % at most", "You save 20% this time.", "20"),
        ("Write to jo@board.example first", "Ask Jo@Board.example!", "jo@board"),
        ("Priya Venkat is on leave", "Priya Venkat will call you.", "priya venkat"),
    ],
)
def test_details_of_a_risk_are_found(internal: str, text: str, found: str) -> None:
    edit = ("text: Data owner is on leave in May", f'text: "{internal}"')
    (message,) = _read(text, _given(text), edit=edit)[1]
    assert message.startswith(f"`{found}")
    assert message.endswith("`risks[0]`")


@pytest.mark.parametrize("text", ["It takes 20 days.", "From 2026 on.", "Room 2500"])
def test_other_numbers_are_no_amounts(text: str) -> None:
    edit = ("Data owner is on leave in May", '"20 % of 2026 USD, or 2500 EUR"')
    assert _read(text, _given(text), edit=edit)[1] == []


def test_fields_that_clients_may_see_are_no_secret_elsewhere() -> None:
    name = "Acme Robotics of the Seven Northern Isles"
    files = _read(f"For {name}.", edit=("company: Acme Robotics", f"company: {name}"))
    assert files[1] == ["approval of `client-safe-text` is not given"]


def test_both_records_are_searched() -> None:
    assert PACKET in base()
    text = "Partners earn a share of each lead"
    assert "Ecosystem revenue motion" in _read(text, _given(text))[1][0]
