"""The shipped schemas and templates: described, exemplified, and in step."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource

from handoff.document.document import read_document
from handoff.document.strict_yaml import read_mapping
from handoff.model.diagnostic import Severity
from handoff.model.identity import Kind
from handoff.policy.formats import FORMATS
from support.records import (
    OPPORTUNITY,
    PACKET,
    RULES,
    base,
    judge,
    read,
    read_fixture,
    shipped,
    shipped_policy,
)
from support.schemas import FOLDER, NAMES, Part, described, follow, schema

RECORDS = ("common", "event", "opportunity", "packet")
EVENT = schema("event")
KINDS = EVENT["properties"]["event"]["enum"]
FIELDS = {
    pointer: follow(part, name)[0]
    for name in RECORDS
    for pointer, part in described(schema(name), name)
}
EXAMPLES = [
    (pointer, example)
    for pointer, part in FIELDS.items()
    for example in part.get("examples", ())
]
FIXTURES = sorted(RULES.glob("*/*.yaml"))
SHIPPED = shipped("opportunities", "handoffs")


def test_all_schemas_are_covered() -> None:
    assert set(NAMES) == {*RECORDS, "policy"}
    assert len(FIELDS) > 200


@pytest.mark.parametrize("name", NAMES)
def test_schema_is_valid_by_the_metaschema(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))
    assert schema(name)["$schema"] == Draft202012Validator.META_SCHEMA["$id"]


@pytest.mark.parametrize("pointer", FIELDS)
def test_field_is_described(pointer: str) -> None:
    part = FIELDS[pointer]
    assert part["title"]
    assert part["description"].endswith(".")
    # What a kind of event, or a whole document, looks like is shown by its fields.
    is_whole = pointer.removeprefix("event/$defs/") in KINDS or "$schema" in part
    assert part.get("examples") or is_whole


@pytest.mark.parametrize(("pointer", "example"), EXAMPLES)
def test_example_is_valid(pointer: str, example: object) -> None:
    compiled = shipped_policy().schemas.schema(pointer)
    assert compiled.violations(compiled.coerce(as_text(example))) == ()


def as_text(value: object) -> object:
    """Write a value as the reader gives it: every scalar is text."""
    if isinstance(value, dict):
        return {key: as_text(entry) for key, entry in value.items()}
    return [as_text(v) for v in value] if isinstance(value, list) else str(value)


def formats(part: object) -> Iterator[str]:
    """Give every format word of a schema."""
    if isinstance(part, list):
        for entry in part:
            yield from formats(entry)
    elif isinstance(part, dict):
        if isinstance(word := part.get("format"), str):
            yield word
        yield from formats(list(part.values()))


def test_formats_are_those_that_are_checked() -> None:
    assert {word for name in NAMES for word in formats(schema(name))} == set(FORMATS)


def test_every_kind_of_event_has_its_definition_and_branch() -> None:
    assert list(EVENT["$defs"]) == KINDS
    branches = {
        part["if"]["properties"]["event"]["const"]: part["then"]["$ref"]
        for part in EVENT["allOf"]
        if "event" in part["if"].get("properties", {})
    }
    assert branches == {
        kind: f"#/$defs/{kind}"
        for kind, part in EVENT["$defs"].items()
        if "properties" in part
    }


@cache
def referee(name: str) -> Draft202012Validator:
    """Build the other implementation's validator, with the same formats."""
    checker = FormatChecker(formats=())
    for word, accepts in FORMATS.items():
        checker.checks(word)(lambda v, a=accepts: not isinstance(v, str) or a(v))
    contents = ((f"{n}.schema.json", schema(n)) for n in NAMES)
    resources = ((uri, Resource.from_contents(found)) for uri, found in contents)
    registry: Registry[Any] = Registry().with_resources(resources)
    return Draft202012Validator(
        schema(name),
        registry=registry,
        format_checker=checker,
    )


def check_with_referee(path: str, text: str) -> None:
    """Check that both implementations object to the same places of a header."""
    kind = "packet" if path.startswith("handoffs/") else "opportunity"
    compiled = shipped_policy().schemas.schema(kind)
    document, _ = read_document(path, text.encode())
    assert document
    value = compiled.coerce(document.header)
    theirs = {tuple(e.absolute_path) for e in referee(kind).iter_errors(value)}
    assert {violation.pointer for violation in compiled.violations(value)} == theirs
    assert compiled.accepts(value) == (not theirs)


@pytest.mark.parametrize("path", SHIPPED)
def test_referee_agrees_on_shipped_records(path: str) -> None:
    check_with_referee(path, SHIPPED[path])


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_referee_agrees_on_fixtures(fixture: Path) -> None:
    for path, text in read_fixture(fixture).items():
        if text.startswith("---\n"):
            check_with_referee(path, text)


PATHS = {
    Kind.OPPORTUNITY: "opportunities/2026/04/blue-kettle-2026-04-22.md",
    Kind.PACKET: PACKET,
}
ANSWERS: Mapping[Kind, Mapping[str, str]] = {
    Kind.OPPORTUNITY: {
        "company name": "Blue Kettle",
        "service-slug": "assessment",
        "your-handle": "dana-okafor",
        "where it came from": "Web form",
        "full name": "Ida Blum",
        "day and time": "2026-04-22T09:00:00+02:00",
        "what happens next": "Call Ida back",
        "handle": "dana-okafor",
        "day": "2026-04-28",
    },
    Kind.PACKET: {
        "id of the opportunity": OPPORTUNITY[-27:-3],
        "full name": "Mina Castellanos",
        "job title": "Head of Partnerships",
        "work e-mail": "mina@acme-robotics.example",
        "day of signature": "2026-04-21",
        "USD": "USD",
        "250000": "250000",
        "start day": "2026-05-04",
        "30": "30",
        "planned day": "2026-05-15",
        "delivery-handle": "ines-moreau",
        "not-invoiced": "not-invoiced",
    },
}
BRACES = re.compile(r"\{([^{}]+)\}")


def template(kind: Kind) -> str:
    """Read a shipped template."""
    return (FOLDER / "templates" / f"{kind}.md").read_text("utf-8")


def is_comment(line: str) -> bool:
    """Tell whether a line of a template only explains."""
    return line.lstrip().startswith(("#", "<!--"))


def filled(kind: Kind) -> str:
    """Fill a template in the way a salesperson would."""
    answers = ANSWERS[kind]
    return "\n".join(
        line
        if is_comment(line)
        else BRACES.sub(lambda found: answers.get(found[1], found[1]), line)
        for line in template(kind).split("\n")
    )


def errors_of(kind: Kind, text: str) -> list[tuple[int, str]]:
    """Check the base records with a template's copy; give its errors."""
    found = judge({**base(), PATHS[kind]: text})
    return [
        (d.span.line, d.rule)
        for d in found
        if d.severity is Severity.ERROR and d.path == PATHS[kind]
    ]


@pytest.mark.parametrize("kind", Kind)
def test_copied_template_is_refused_at_every_placeholder(kind: Kind) -> None:
    expected = {
        (number, "placeholder-text")
        for number, line in enumerate(template(kind).split("\n"), 1)
        if BRACES.search(line) and not is_comment(line)
    }
    assert set(errors_of(kind, template(kind))) == expected


@pytest.mark.parametrize("kind", Kind)
def test_filled_template_is_accepted(kind: Kind) -> None:
    assert errors_of(kind, filled(kind)) == []


@pytest.mark.parametrize("kind", Kind)
def test_template_has_every_field_in_the_order_of_its_schema(kind: Kind) -> None:
    check_order(complete_header(kind), schema(kind), kind)


def complete_header(kind: Kind) -> dict[str, object]:
    """Read a template's header with the fields for later switched on."""
    header = template(kind).split("\n---\n", 1)[0].removeprefix("---\n")
    lines = (line.removeprefix("# ") for line in header.split("\n"))
    fields, findings = read_mapping("\n".join(lines), 1)
    assert fields, findings
    return fields


def check_order(value: object, part: Part, home: str) -> None:
    """Check that a value has every field that its schema knows, in that order."""
    part, home = follow(part, home)
    if isinstance(value, list):
        check_order(value[0], part["items"], home)
    elif isinstance(value, dict):
        assert list(value) == list(part["properties"])
        for name, entry in value.items():
            check_order(entry, part["properties"][name], home)


@pytest.mark.parametrize("kind", Kind)
def test_template_has_every_section_in_the_order_of_policy(kind: Kind) -> None:
    titles = [s.title for s in read(PATHS[kind], filled(kind)).sections]
    assert tuple(titles) == shipped_policy().pipeline.sections[kind]


@pytest.mark.parametrize("kind", Kind)
def test_template_explains_every_section(kind: Kind) -> None:
    body = template(kind).partition("\n---\n")[2]
    for part in body.split("\n## ")[1:]:
        assert re.search(r"\n\n<!-- .+ -->\n", part)
