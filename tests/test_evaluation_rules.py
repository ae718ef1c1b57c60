"""Every rule on records that state what they must give, and nothing else."""

from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from handoff.document.defects import DEFECTS
from handoff.document.rendering import render_record
from handoff.evaluation.rules import CATALOGUE, HISTORY_DEFECTS
from handoff.model.diagnostic import Diagnostic, Severity
from handoff.model.span import Pointer
from handoff.repository.unreadable import SIZE_LIMIT
from support.records import (
    OPPORTUNITY,
    PACKET,
    RULES,
    as_expectations,
    base,
    expected_of,
    judge,
    judge_fixture,
    read,
)
from support.schemas import Part, branches, follow, schema

FIXTURES = sorted(RULES.glob("*/*.yaml"))
FAILING = [path for path in FIXTURES if not path.stem.startswith("passes-")]
PASSING = [path for path in FIXTURES if path.stem.startswith("passes-")]
# The reader's own defects have their fixtures in tests/fixtures/reader; what needs a
# ledger is shown by tests/test_evaluation_ledger.py.
_WITH_LEDGER = {"ledger-disagrees", "void-acknowledgement", "unread-ledger-file"}
SHOWN_ELSEWHERE = (
    DEFECTS.keys() - {"placeholder-text"}
    | {"unreadable-file"}
    | _WITH_LEDGER
    | {defect.name for defect in HISTORY_DEFECTS}  # of commits: test_cli_audit.py
)


def name_of(path: Path) -> str:
    """Name a fixture by its rule and its case."""
    return f"{path.parent.name}/{path.stem}"


def test_base_records_pass_every_rule() -> None:
    assert judge(base()) == ()


@pytest.mark.parametrize("path", FAILING, ids=name_of)
def test_fixture_gives_what_it_expects(path: Path) -> None:
    expected = expected_of(path)
    assert path.parent.name in {rule for _, _, rule in expected}, "states no defect"
    assert as_expectations(judge_fixture(path)) == expected


@pytest.mark.parametrize("path", PASSING, ids=name_of)
def test_passing_fixture_gives_nothing(path: Path) -> None:
    assert judge_fixture(path) == ()


def test_every_rule_has_a_failing_fixture() -> None:
    shown = Counter(path.parent.name for path in FAILING)
    assert shown.keys() == CATALOGUE.keys() - SHOWN_ELSEWHERE


@pytest.mark.parametrize("path", FAILING, ids=name_of)
def test_messages_have_manners(path: Path) -> None:
    for found in judge_fixture(path):
        assert found.message[:1] == found.message[:1].lower()
        assert not found.message.endswith((".", "!"))
        assert "None" not in found.message
        assert found.hint
        assert found.hint[:1] == found.hint[:1].upper()


def test_file_that_cannot_be_read_is_reported() -> None:
    files = {**base(), OPPORTUNITY: "-" * (SIZE_LIMIT + 1)}
    assert (OPPORTUNITY, 1, "unreadable-file") in as_expectations(judge(files))


NON_ANSWERS = ("", "TBD", "{name}", "...")
HONEST = (
    "None: they host it themselves",
    "`C#`, F# and a pile of macros",
    "20 % off",
    "- 20 %\n- 5 % for the second year",
    "\u65e5\u672c\u8a9e\u3067\u66f8\u304b\u308c\u305f\u7b54\u3048",
    "\U0001f469\u200d\U0001f527 says it works \U0001f44d",
    "the `{brand}` tag stays in the mail",
    "`the {brand} tag` stays in the mail",
    'They said "to be decided" twice, so ask again.',
    "Pending invoices are what hurts: 40 a month",
)
PACKET_TEXT = base()[PACKET]
PACKET_HEADER = read(PACKET, PACKET_TEXT).header
TITLES = tuple(section.title for section in read(PACKET, PACKET_TEXT).sections)


def required_fields(part: Part, home: str, value: object) -> Iterator[Pointer]:
    """Give every field of a header that its schema requires, at any depth."""
    part, home = follow(part, home)
    if isinstance(value, list):
        for index, entry in enumerate(value):
            pointers = required_fields(part["items"], home, entry)
            yield from ((index, *pointer) for pointer in pointers)
    elif isinstance(value, dict):
        for branch in branches(part, value):
            yield from ((name,) for name in branch.get("required", ()))
        for name, entry in value.items():
            pointers = required_fields(part["properties"][name], home, entry)
            yield from ((name, *pointer) for pointer in pointers)


REQUIRED = tuple(required_fields(schema("packet"), "packet", PACKET_HEADER))


def named(pointer: Pointer) -> str:
    """Name a field in a test's id."""
    return ".".join(map(str, pointer))


def changed(pointer: Pointer, value: object) -> str:
    """Write the base packet with one field replaced, or taken out for `None`."""
    header: Any = deepcopy(PACKET_HEADER)
    *above, name = pointer
    place = header
    for step in above:
        place = place[step]
    if value is None:
        del place[name]
    else:
        place[name] = value
    return render_record(header, read(PACKET, PACKET_TEXT).body)


def errors_of(packet: str) -> tuple[Diagnostic, ...]:
    """Check the base records with another packet; give its errors."""
    found = judge({**base(), PACKET: packet})
    return tuple(d for d in found if d.severity is Severity.ERROR and d.path == PACKET)


def test_required_fields_are_found_at_every_depth() -> None:
    assert ("sow", "signed_on") in REQUIRED
    assert ("milestones", 0, "owner") in REQUIRED
    assert len(REQUIRED) > 30


@pytest.mark.parametrize("pointer", REQUIRED, ids=named)
def test_packet_without_a_field_is_refused(pointer: Pointer) -> None:
    packet = changed(pointer, None)
    line = read(PACKET, packet).span(pointer).line
    found = [d for d in errors_of(packet) if d.span.line == line]
    assert any(f"`{pointer[-1]}`" in d.message for d in found)


@pytest.mark.parametrize("value", NON_ANSWERS)
@pytest.mark.parametrize("pointer", REQUIRED, ids=named)
def test_packet_with_a_field_without_answer_is_refused(
    pointer: Pointer,
    value: str,
) -> None:
    packet = changed(pointer, value)
    line = read(PACKET, packet).span(pointer).line
    found = [d for d in errors_of(packet) if d.span.line == line]
    assert any(str(pointer[-1]) in d.message for d in found)


@pytest.mark.parametrize("pointer", REQUIRED, ids=named)
def test_packet_with_a_template_left_in_a_field_is_refused(pointer: Pointer) -> None:
    packet = changed(pointer, "{name}").replace('"{name}"', "{name}")
    line = 1 + packet[: packet.index("{name}")].count("\n")
    assert (PACKET, line, "placeholder-text") in as_expectations(errors_of(packet))


def with_section(title: str, answer: str | None) -> str:
    """Write the base packet with one answer replaced, or without that section."""
    heading = f"## {title}\n"
    before, _, rest = PACKET_TEXT.partition(heading)
    _, mark, after = rest.partition("\n## ")
    middle = "" if answer is None else f"{heading}\n{answer}\n"
    return f"{before}{middle}{mark}{after}"


def line_of(packet: str, text: str) -> int:
    """Give the line of the last occurrence of a text."""
    return 1 + packet[: packet.rindex(text)].count("\n")


@pytest.mark.parametrize("title", TITLES)
def test_packet_without_a_section_is_refused(title: str) -> None:
    packet = with_section(title, None)
    (found,) = errors_of(packet)
    assert (found.rule, found.span.line) == (
        "missing-section",
        line_of(packet, "\n---") + 1,
    )
    assert f"`{title}`" in found.message


@pytest.mark.parametrize("answer", ["", "None", "<!-- ask Mina -->"])
@pytest.mark.parametrize("title", TITLES)
def test_packet_with_an_empty_section_is_refused(title: str, answer: str) -> None:
    packet = with_section(title, answer)
    (found,) = errors_of(packet)
    assert (found.rule, found.span.line) == (
        "empty-section",
        line_of(packet, f"## {title}"),
    )
    assert f"`{title}`" in found.message


@pytest.mark.parametrize("answer", NON_ANSWERS[1:])
@pytest.mark.parametrize("title", TITLES)
def test_packet_with_a_section_without_answer_is_refused(
    title: str,
    answer: str,
) -> None:
    packet = with_section(title, answer)
    (found,) = errors_of(packet)
    place = line_of(packet, f"## {title}") + 2
    assert (found.rule, found.span.line) == ("placeholder-text", place)
    assert f"`{title}`" in found.message


@pytest.mark.parametrize("answer", HONEST)
def test_honest_answers_are_accepted(answer: str) -> None:
    assert judge({**base(), PACKET: with_section("Red flags", answer)}) == ()


@pytest.mark.parametrize("answer", [text for text in HONEST if "\n" not in text])
def test_honest_values_are_accepted(answer: str) -> None:
    packet = changed(("needed_access",), [answer])
    assert judge({**base(), PACKET: packet}) == ()
