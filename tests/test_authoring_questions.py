"""What a schema asks, given what is known."""

from collections.abc import Mapping

import pytest

from handoff.authoring.questions import (
    Form,
    Question,
    known_questions,
    next_id,
    open_questions,
    with_ids,
)
from handoff.model.span import format_pointer
from support.reports import shipped_policy

_PACKET = shipped_policy().schemas.schema("packet")


def _asked(name: str, value: object = None) -> list[Question]:
    header: Mapping[str, object] = {} if value is None else {name: value}
    return list(open_questions(_PACKET, header, (name,)))


def _names(name: str, value: object = None) -> list[str]:
    return [format_pointer(question.pointer) for question in _asked(name, value)]


def test_a_question_says_what_the_schema_says() -> None:
    (asked,) = _asked("payment")
    assert asked.title == "Payment state"
    assert asked.about == "Where payment stands."
    assert asked.choices[0] == "not-invoiced"
    assert asked.is_needed
    assert asked.form is Form.LINE


@pytest.mark.parametrize(
    ("known", "asked"),
    [
        (None, ["sow.status", "sow.expected_on"]),
        ({"status": "verbal"}, ["sow.expected_on"]),
        ({"status": "signed"}, ["sow.signed_on"]),
        ({"status": "signed", "signed_on": "2026-04-21"}, []),
    ],
)
def test_what_a_group_needs_depends_on_it(known: object, asked: list[str]) -> None:
    assert _names("sow", known) == asked


def test_a_list_of_entries_is_asked_entry_by_entry() -> None:
    assert _names("milestones") == ["milestones[0].text"]
    assert _names("milestones", [{"id": "M1", "text": "Draft"}]) == [
        "milestones[0].on",
        "milestones[0].owner",
        "milestones[0].promises",
        "milestones[0].risks",
        "milestones[1].text",
    ]
    assert [q.is_needed for q in _asked("milestones")] == [True]
    assert _asked("milestones")[0].form is Form.ENTRY


def test_what_is_known_is_asked_again_in_the_order_of_the_schema() -> None:
    entry = {"id": "M1", "owner": "ines-moreau", "text": "Draft", "risks": ["R1"]}
    asked = known_questions(_PACKET, ("milestones",), [entry])
    assert [q.title for q in asked] == [
        *("Milestones 1, Text", "Milestones 1, Owner", "Milestones 1, Risks"),
    ]
    assert list(known_questions(_PACKET, ("schema",), "packet/v1")) == []


def test_a_list_of_lines_is_one_question() -> None:
    (asked,) = _asked("needed_access")
    assert asked.form is Form.LIST
    assert asked.example == "Read access to the partner portal"
    assert _names("needed_access", []) == []


def test_an_optional_group_is_asked_for_by_its_first_field() -> None:
    schema = shipped_policy().schemas.schema("opportunity")
    asked = list(open_questions(schema, {"contact": {"name": "x"}}, ("contact",)))
    names = [format_pointer(question.pointer) for question in asked]
    assert names == [
        *("contact.title", "contact.email", "contact.phone"),
        "contact.consent.status",
    ]
    assert not any(question.is_needed for question in asked)


def test_ids_go_on_where_others_stop() -> None:
    header = {"milestones": [{"id": "M1"}, {"text": "b"}, {"text": "c"}]}
    made = with_ids(_PACKET, header)["milestones"]
    assert isinstance(made, list)
    assert [entry["id"] for entry in made] == ["M1", "M2", "M3"]
    assert next_id(_PACKET, ("milestones",), {}) == "M1"
