"""Single answers are judged by what judges the whole record."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.authoring.answers import Checker, section_problem, typed_value
from handoff.authoring.draft import Draft, read_draft, write_draft
from handoff.authoring.writing import write_record
from handoff.document.document import read_document
from handoff.model.errors import HandoffError
from handoff.model.span import Pointer
from support.reports import shipped_policy

_POLICY = shipped_policy()
_PACKET = Checker(_POLICY, "packet", {})
_PAUSED = Checker(_POLICY, "event", {"event": "paused"})


@pytest.mark.parametrize(
    ("checker", "pointer", "value", "said"),
    [
        (_PACKET, ("sow", "status"), "signed", ""),
        (_PACKET, ("sow", "status"), "done", "not an allowed value"),
        (_PACKET, ("delivery_window", "days_at_most"), "30", ""),
        (_PACKET, ("delivery_window", "days_at_most"), "31", "at most 30"),
        (_PACKET, ("delivery_window", "days_at_most"), "many", "a whole number"),
        (_PACKET, ("milestones", 7, "on"), "2026-02-30", "`milestones[7].on`"),
        (_PACKET, ("delivery_owner",), "nobody", "who is not known"),
        (_PACKET, ("needed_access",), [], ""),
        (_PACKET, ("needed_access",), ["Portal", "TBD"], "`TBD`, not an answer"),
        (_PACKET, ("escalation_contacts",), [], "is an empty list"),
        (_PACKET, ("nonsense",), "x", "not a known field"),
        (_PACKET, ("primary_contact", "name"), "a\x00b", "U+0000"),
        (_PACKET, ("primary_contact", "name"), "\ud800", "expected"),
        (_PAUSED, ("reason",), "timing", ""),
        (_PAUSED, ("reason",), "lunch", "not an allowed value"),
        (_PAUSED, ("objection",), "x", "not a known field"),
    ],
)
def test_answers(checker: Checker, pointer: Pointer, value: object, said: str) -> None:
    problem = checker.problem(pointer, value)
    assert (problem is None) == (said == "")
    assert problem is None or said in problem.message


@pytest.mark.parametrize(
    ("text", "is_fine"),
    [
        ("They hurry.", True),
        ("None: nobody asked", True),
        ("### Deeper\n\n- fine", True),
        ("none", False),
        ("{what worries you}", False),
        ("# Title", False),
        ("```\nopen", False),
        ("a\x1bb", False),
    ],
)
def test_sections(text: str, is_fine: bool) -> None:  # noqa: FBT001 - a parameter
    assert (section_problem(_POLICY, "Red flags", text) is None) == is_fine


def test_lists_are_typed_in_brackets() -> None:
    def typed(text: str) -> object:
        return typed_value(_POLICY, "packet", ("needed_access",), text)

    assert typed("[]") == []
    assert typed("[a, b]") == ["a", "b"]
    assert typed("Portal, read only") == ["Portal, read only"]
    assert typed_value(_POLICY, "packet", ("payment",), "[x]") == "[x]"


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=40))
def test_what_is_accepted_is_what_is_read(text: str) -> None:
    """An answer that will do comes out of the file as it was typed."""
    pointer = ("escalation_contacts", 0, "reach")
    if _PACKET.problem(pointer, text):
        return
    header = {"escalation_contacts": [{"reach": text}]}
    content = write_record(_POLICY.schemas.schema("packet"), header, (), {})
    document, _ = read_document("", content)
    assert document
    assert document.header == header


def test_drafts_are_read_as_written() -> None:
    draft = Draft("packet", {"a": [{"b": 1}], "c": "\u202e"}, {"Red flags": "x\ny"})
    assert write_draft(draft).isascii()
    assert read_draft(write_draft(draft)) == draft


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff", b'{"kind": 1}'])
def test_broken_drafts_are_errors(content: bytes) -> None:
    with pytest.raises(HandoffError, match="cannot be read"):
        read_draft(content)
