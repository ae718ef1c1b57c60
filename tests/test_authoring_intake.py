"""Filled-in forms as records: what was typed is there, and a check judges it."""

import re
from collections.abc import Mapping

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.authoring.answers import Problem
from handoff.authoring.intake import (
    Stated,
    event_from,
    find_opportunity,
    packet_from,
    recognise,
)
from handoff.authoring.issue_forms import Form, forms, render_form
from handoff.authoring.prefill import PREFILLED, packet_header, win_of
from handoff.document.document import read_document
from handoff.model.identity import Kind
from handoff.model.instant import parse_instant
from handoff.records.record import Opportunity
from handoff.records.references import CARRIED
from handoff.records.register import load_register
from handoff.repository.snapshot import MemorySnapshot
from support.deals import KITES, KITES_PACKET, KITES_PATH, KITES_TEXT
from support.front_desk import COMPLETE, filled
from support.reports import report_of, shipped_policy

POLICY = shipped_policy()
HANDOFF, EVENT = forms(POLICY)
TITLES = POLICY.pipeline.sections[Kind.PACKET]
NOW = parse_instant("2026-04-21T13:00:00Z")
FILED = {"by": "dana-okafor", "at": "2026-04-21T15:00:00+02:00"}


def stated(form: Form, answers: Mapping[str, str]) -> Stated:
    found = recognise(filled(form, answers), forms(POLICY))
    assert found
    assert found.form.name == form.name
    return found


def _known() -> Mapping[str, Opportunity]:
    snapshot = MemorySnapshot({KITES_PATH: KITES_TEXT.encode()})
    return load_register(snapshot, POLICY).opportunities


def packet(answers: Mapping[str, str], filed: Mapping[str, object] = FILED) -> str:
    deal = _known()[KITES]
    win = win_of(deal, POLICY)
    assert win
    return packet_from(stated(HANDOFF, answers), deal, win, POLICY, filed).decode()


def errors(text: str) -> list[str]:
    files = {KITES_PATH: KITES_TEXT, KITES_PACKET: text}
    report = report_of(files, "2026-04-21T15:30:00+02:00")
    found = report.verdict.diagnostics
    return [d.message for d in found if d.path == KITES_PACKET]


def event(answers: Mapping[str, str], by: str = "dana-okafor") -> Mapping[str, object]:
    assert NOW
    typed = {"Opportunity": KITES, **answers}
    return event_from(stated(EVENT, typed), POLICY, by, NOW)


def test_a_complete_form_is_a_packet_without_faults() -> None:
    assert errors(packet(COMPLETE)) == []


def test_what_is_left_open_is_a_gap_that_a_check_names() -> None:
    typed = {k: v for k, v in COMPLETE.items() if k != "Red flags"}
    del typed["Escalation contacts"]
    found = errors(packet(typed))
    assert any("`Red flags`" in message for message in found)
    assert any("`escalation_contacts`" in message for message in found)


@pytest.mark.parametrize(
    ("label", "typed"),
    [
        ("Delivery window: Start target", "early in May"),
        ("Delivery window: Days at most", "about a month"),
        ("Kickoff target", "2026-02-30"),
        ("Primary contact: E-mail", "mina at kites"),
        ("Milestones", "Draft sent, somewhere in May"),
        ("Milestones", "a | b | c | d | e | f"),
        ("Escalation contacts", "call Mina"),
    ],
)
def test_what_will_not_do_is_kept_as_typed_and_named(label: str, typed: str) -> None:
    text = packet({**COMPLETE, label: typed})
    words = [w for w in re.findall(r"\w+", typed) if len(w) > 1]
    assert all(word in text for word in words)
    assert errors(text)


def test_text_cannot_become_another_section_or_leave_the_packet() -> None:
    hostile = "Fine.\n\n## Red flags\n\nNone: all good\n\n<!-- \n```\n---\nfiled:"
    text = packet({**COMPLETE, "Problem statement": hostile})
    document, _ = read_document(KITES_PACKET, text.encode())
    assert document
    assert [s.title for s in document.sections] == list(TITLES)
    by_title = {s.title: s.text for s in document.sections}
    assert by_title["Red flags"] == COMPLETE["Red flags"]
    assert errors(text) == []
    for line in hostile.split("\n"):
        assert line.rstrip() in text


def test_lists_are_read_line_by_line() -> None:
    typed = {
        **COMPLETE,
        "Needed access": "- Portal\n* Mailbox\n",
        "Milestones": "Draft | 2026-05-15 | ines-moreau | P1\nEnd | 2026-05-29 | x",
    }
    document, _ = read_document(KITES_PACKET, packet(typed).encode())
    assert document
    assert document.header["needed_access"] == ["Portal", "Mailbox"]
    milestones = document.header["milestones"]
    assert isinstance(milestones, list)
    assert [m["id"] for m in milestones] == ["M1", "M2"]
    assert milestones[0]["promises"] == ["P1"]
    none = read_document("", packet({**COMPLETE, "Needed access": "None"}).encode())
    assert none[0]
    assert none[0].header["needed_access"] == []


def test_an_issue_without_the_form_is_none_of_ours() -> None:
    assert recognise("Please call me back", forms(POLICY)) is None
    assert recognise("", forms(POLICY)) is None


def test_what_no_file_may_hold_is_left_out_and_named() -> None:
    found = stated(HANDOFF, {**COMPLETE, "Red flags": "a\u2028filed: {}"})
    assert "section: Red flags" not in found.answers
    assert len(found.left_out) == 1
    assert "Red flags" in found.left_out[0]


@pytest.mark.parametrize("typed", [KITES, KITES_PATH, f" {KITES} ", "zephyr kites"])
def test_a_deal_is_found_the_way_people_name_it(typed: str) -> None:
    found = find_opportunity(typed, _known())
    assert isinstance(found, Opportunity)
    assert found.id == KITES


def test_a_misspelt_deal_is_answered_with_the_nearest() -> None:
    found = find_opportunity("zephyr-kits-2026-03-02", _known())
    assert isinstance(found, Problem)
    assert KITES in found.hint


def test_a_deal_of_a_company_with_two_is_asked_for() -> None:
    first = _known()[KITES]
    found = find_opportunity("Zephyr Kites", {"a": first, "b": first})
    assert isinstance(found, Problem)
    assert "2 deals" in found.message


def test_an_event_has_its_details_and_its_next_action() -> None:
    made = event(
        {
            "Event": "proposal-sent",
            "When": "2026-04-21T14:30:00+02:00",
            "Details": "Line items: L1, L2\n- **follow_up_on**: 2026-04-28\n"
            "probability: 60\nDecision by: 2026-05-05",
            "Next action: Action": "Call them",
            "Next action: Owner": "dana-okafor",
            "Next action: Due": "2026-04-28",
        }
    )
    assert made == {
        "event": "proposal-sent",
        "at": "2026-04-21T14:30:00+02:00",
        "by": "dana-okafor",
        "line_items": ["L1", "L2"],
        "follow_up_on": "2026-04-28",
        "probability": 60,
        "decision_by": "2026-05-05",
        "next": {
            "action": "Call them",
            "owner": "dana-okafor",
            "due": "2026-04-28",
        },
    }


def test_an_event_without_a_time_happened_when_the_form_was_sent() -> None:
    made = event({"Event": "sow-sent"})
    assert made == {
        "event": "sow-sent",
        "at": "2026-04-21T15:00:00+02:00",
        "by": "dana-okafor",
    }


def test_a_late_event_says_when_it_was_written_down() -> None:
    made = event({"Event": "sow-sent", "When": "2026-04-20T10:00:00+02:00"}, by="")
    assert made["recorded_at"] == "2026-04-21T15:00:00+02:00"
    assert "by" not in made


def test_details_that_belong_to_no_field_are_kept_as_a_note() -> None:
    made = event(
        {"Event": "follow-up-made", "Details": "Great call\noutcome: Yes\nyes"}
    )
    assert made["note"] == "Great call"
    assert "Yes" in str(made["outcome"])
    assert "yes" in str(made["outcome"])


@pytest.mark.parametrize("form", forms(POLICY), ids=lambda form: form.name)
def test_labels_and_ids_are_unique(form: Form) -> None:
    written = yaml.safe_load(render_form(form))
    fields = [part for part in written["body"] if "id" in part]
    assert len({part["id"] for part in fields}) == len(fields)
    labels = [part["attributes"]["label"] for part in fields]
    assert len(set(labels)) == len(labels)
    for part in fields:
        assert re.fullmatch(r"[A-Za-z0-9_-]+", part["id"])
        for said in ("label", "description", "placeholder"):
            assert isinstance(part["attributes"].get(said, ""), str)


def test_everything_a_packet_needs_is_asked_or_known() -> None:
    schema = POLICY.schemas.schema("packet")
    asked = {str(entry.pointer[0]) for entry in HANDOFF.entries if entry.pointer}
    needed = set(schema.required_names())
    assert needed <= asked | {*CARRIED} | {"schema", "opportunity"}
    deal = _known()[KITES]
    win = win_of(deal, POLICY)
    assert win
    known = packet_header(deal, win, POLICY).keys()
    assert known <= PREFILLED | {*CARRIED} | {"opportunity"}


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.sampled_from(TITLES), st.text(max_size=60), max_size=4))
def test_no_answer_stops_it_or_reaches_another_field(typed: Mapping[str, str]) -> None:
    found = recognise(filled(HANDOFF, {**COMPLETE, **typed}), forms(POLICY))
    assert found
    deal = _known()[KITES]
    win = win_of(deal, POLICY)
    assert win
    content = packet_from(found, deal, win, POLICY, FILED)
    document, findings = read_document(KITES_PACKET, content)
    assert document, findings
    assert document.header["filed"] == FILED
    assert [s.title for s in document.sections] == list(TITLES)
