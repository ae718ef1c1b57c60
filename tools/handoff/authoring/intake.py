"""What was typed into a form, as a record: nothing is judged and nothing is dropped.

A value that will not do is written down as it was typed, so that a check names it at
its line. Only what no file may hold is left out, and named.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches

from handoff.authoring.answers import Problem
from handoff.authoring.events import is_late, local, ordered_event, time_field
from handoff.authoring.form import Answers, likeness, read_form
from handoff.authoring.issue_forms import (
    DETAILS,
    EVENT,
    OPPORTUNITY,
    SECTION,
    WHEN,
    Form,
    list_names,
)
from handoff.authoring.paths import can_put, overlaid, put_top, read_path
from handoff.authoring.prefill import packet_header, packet_sections
from handoff.authoring.questions import place_at, with_ids
from handoff.authoring.writing import write_record
from handoff.document.characters import forbidden_in
from handoff.document.editing import CannotEditError
from handoff.model.identity import Kind
from handoff.model.span import Pointer
from handoff.policy.policy import Policy
from handoff.policy.schemas import CompiledSchema
from handoff.records.fact import Fact
from handoff.records.record import Opportunity

_LIKE_ENOUGH = 0.5
_NONE = ("none", "[]")


@dataclass(frozen=True, slots=True)
class Stated:
    """What a form said.

    Attributes:
        answers: text by name of the field, as far as a file may hold it.
        left_out: what could not be taken over, and why.
    """

    form: Form
    answers: Mapping[str, str]
    left_out: tuple[str, ...]

    @property
    def opportunity(self) -> str:
        """What was typed to name the deal."""
        return self.answers.get(OPPORTUNITY, "")


def recognise(body: str, forms: Sequence[Form]) -> Stated | None:
    """Read an issue that was made with one of the forms; `None` if it was not."""
    share, form = max(
        ((likeness(body, form.fields), form) for form in forms),
        key=lambda pair: pair[0],
    )
    if share < _LIKE_ENOUGH:
        return None
    read = read_form(body, form.fields)
    fit = {n: t for n, t in read.fields.items() if not forbidden_in(t)}
    return Stated(form, fit, tuple(_left_out(read, fit, form)))


def _left_out(read: Answers, fit: Mapping[str, str], form: Form) -> Iterator[str]:
    labels = {field.name: field.label for field in form.fields}
    for name in read.fields.keys() - fit.keys():
        yield f"{labels[name]}: holds a character that no file may hold; type it anew"
    for title in read.others:
        place = f"the text below `{title}`" if title else "the text above the form"
        yield f"{place} belongs to no field of the form; move it into one"
    for label in read.repeated:
        yield f"the heading `{label}` was typed into an answer; see that it is right"


def find_opportunity(
    typed: str, known: Mapping[str, Opportunity]
) -> Opportunity | Problem:
    """Find the deal somebody means: by id, by path, or by company.

    Args:
        typed: what was typed.
        known: all opportunities by id.
    """
    stem = typed.strip().rsplit("/", 1)[-1].removesuffix(".md")
    named = [
        o for o in known.values() if o.text("company").casefold() == typed.casefold()
    ]
    found = [known[stem]] if stem in known else named
    if len(found) == 1:
        return found[0]
    if found:
        listed = ", ".join(o.id for o in found)
        message = f"`{typed}` has {len(found)} deals"
        return Problem(message, f"Write the one you mean: {listed}.")
    near = get_close_matches(stem, known, n=3)
    hint = f"Did you mean {' or '.join(near)}?" if near else "Open the deal first."
    return Problem(f"there is no opportunity `{typed}`", hint)


def packet_from(
    stated: Stated,
    opportunity: Opportunity,
    win: Fact,
    policy: Policy,
    filed: Mapping[str, object],
) -> bytes:
    """Write the packet: what the opportunity knows, and on top of it what was typed.

    Args:
        stated: the form.
        opportunity: the deal, which is won.
        win: the event that won it.
        policy: for the schema and the sections.
        filed: who files it and when, or empty.
    """
    schema = policy.schemas.schema(Kind.PACKET.value)
    version = str(place_at(schema, ("schema",))["const"])
    known = {"schema": version, **packet_header(opportunity, win, policy)}
    typed: Mapping[str, object] = {}
    for entry in stated.form.entries:
        text = stated.answers.get(entry.field.name)
        if entry.pointer and text is not None:
            value = _value(schema, entry.pointer, text)
            typed = put_top(typed, entry.pointer, value)
    header = {n: overlaid(known.get(n), v) for n, v in typed.items()}
    header = {**known, **header, **({"filed": filed} if filed else {})}
    sections = {
        **packet_sections(opportunity, policy),
        **{
            name.removeprefix(SECTION): text
            for name, text in stated.answers.items()
            if name.startswith(SECTION)
        },
    }
    titles = policy.pipeline.sections[Kind.PACKET]
    return _written(schema, with_ids(schema, header), titles, sections)


def event_from(
    stated: Stated, policy: Policy, by: str, now: datetime
) -> Mapping[str, object]:
    """Make the event a form speaks of; fields nobody knows go into its note.

    Args:
        stated: the form.
        policy: for the schema.
        by: handle of who filled it in, or empty.
        now: when it was filled in, which is the event's time unless another is given.
    """
    answers, kind = stated.answers, stated.answers[EVENT]
    details, rest = _details(policy, kind, answers.get(DETAILS, ""))
    event: Mapping[str, object] = {
        "event": kind,
        **time_field(answers.get(WHEN), now, policy.zone),
        **({"by": by} if by else {}),
        **details,
    }
    schema = policy.schemas.schema("event")
    for entry in stated.form.entries:
        text = answers.get(entry.field.name)
        if entry.pointer and text is not None:
            event = put_top(event, entry.pointer, _value(schema, entry.pointer, text))
    if rest:
        event = {**event, "note": "\n".join((*_said(event.get("note")), rest))}
    if is_late(event, now, policy):
        event = {**event, "recorded_at": local(now, policy.zone)}
    return ordered_event(policy, event)


def _said(note: object) -> tuple[str, ...]:
    return (str(note),) if note else ()


def _details(policy: Policy, kind: str, text: str) -> tuple[Mapping[str, object], str]:
    """Read lines `name: answer`; what names no field of the kind is given back."""
    schema = policy.schemas.schema(f"event/$defs/{kind}")
    names = dict(_spellings(schema))
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    rest = lines
    for line in text.split("\n"):
        name, colon, answer = line.strip().lstrip("-* ").partition(":")
        spelt = name.strip("*` ").casefold().replace(" ", "_")
        known = names.get(spelt.split(".")[0]) if colon else None
        if known:
            rest = found.setdefault(known + spelt[len(spelt.split(".")[0]) :], [])
            line = answer.strip()  # noqa: PLW2901 - the rest of it
        rest.append(line)
    details: Mapping[str, object] = {}
    for name, rows in found.items():
        pointer = read_path(name)
        if pointer and can_put(details, pointer):
            value = _value(schema, pointer, "\n".join(rows).strip())
            details = put_top(details, pointer, value)
    return details, "\n".join(lines).strip()


def _spellings(schema: CompiledSchema) -> Iterator[tuple[str, str]]:
    for name, _ in schema.fields(()):
        yield name, name
        title = str(place_at(schema, (name,)).get("title", name))
        yield title.casefold().replace(" ", "_"), name


def _value(schema: CompiledSchema, pointer: Pointer, text: str) -> object:
    """Give what was typed for a field, as a list where it is one."""
    place = place_at(schema, pointer)
    if place.get("type") != "array":
        return text if place.get("format") == "text" else " ".join(text.split())
    if text.strip().casefold() in _NONE:
        return []
    names = list_names(schema, pointer)
    rows = [row for line in text.split("\n") if (row := line.strip().lstrip("-* "))]
    if names:
        return [_row(schema, pointer, names, row) for row in rows]
    is_short = place_at(schema, (*pointer, 0)).get("format") == "item-id"
    return _ids("\n".join(rows)) if is_short else rows


def _ids(text: str) -> list[str]:
    """Give the ids of a list, which people part by commas, blanks or lines."""
    return text.strip("[]").replace(",", " ").split()


def _row(
    schema: CompiledSchema, pointer: Pointer, names: Sequence[str], row: str
) -> Mapping[str, object]:
    """Read `Draft sent | 2026-05-15 | ines-moreau | P1`; what is too much stays."""
    parts = [part.strip() for part in row.split("|", len(names) - 1)]
    filled = {n: part for n, part in zip(names, parts, strict=False) if part}
    return {
        name: _value(schema, (*pointer, 0, name), text) for name, text in filled.items()
    }


def _written(
    schema: CompiledSchema,
    header: Mapping[str, object],
    titles: Sequence[str],
    sections: Mapping[str, str],
) -> bytes:
    """Write a record; text that would break its outline is written as a quotation."""
    safe = {title: _fitting(schema, title, text) for title, text in sections.items()}
    return write_record(schema, header, titles, safe)


def _fitting(schema: CompiledSchema, title: str, text: str) -> str:
    try:
        write_record(schema, {"schema": title}, [title], {title: text})
    except CannotEditError:
        return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))
    return text
