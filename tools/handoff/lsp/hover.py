"""What a field, a value or a finding under the cursor means."""

from collections.abc import Iterable, Iterator

from handoff.evaluation.rules import CATALOGUE
from handoff.lsp.completion import documentation
from handoff.lsp.desk import View
from handoff.lsp.guide import Field
from handoff.lsp.place import Place, place_at
from handoff.lsp.references import about_person, entries
from handoff.lsp.text import Point, end_of, start_of
from handoff.model.diagnostic import Diagnostic


def hover(view: View, cursor: Point, found: Iterable[Diagnostic]) -> str:
    """Explain what stands at a place, in markdown; empty if there is nothing to say.

    Args:
        view: the file.
        cursor: the place.
        found: what the check says about the file.
    """
    place = place_at(view.lines, cursor, is_whole=view.kind is None)
    parts = [*(_about(view, place) if place else ()), *_rules(cursor, found)]
    return "\n\n---\n\n".join(part for part in parts if part)


def _about(view: View, place: Place) -> Iterator[str]:
    if not place.is_name:
        yield _value(view, place)
        yield _field(view.guide.group(place))
    elif place.name:
        groups = (*place.groups, {})
        yield _field(view.guide.field((*place.pointer, place.name), groups))


def _field(field: Field) -> str:
    title = field.text("title")
    if not title:
        return ""
    needed = "required" if field.is_required else "optional"
    return f"**{title}** (`{field.name}`, {needed})\n\n{documentation(field)}"


def _value(view: View, place: Place) -> str:
    """Say what the value itself stands for: a kind of event, a person, an id."""
    step = place.pointer[-1] if place.pointer else ""
    above = place.groups[-2] if len(place.groups) > 1 else {}
    value = above.get(step, "") if isinstance(step, str) else ""
    if step == "event":
        return view.policy.schemas.event_meaning(value)
    person = view.policy.roster.people.get(value)
    if person and view.guide.group(place).text("format") == "person":
        return about_person(person)
    line = view.lines[place.line]
    return dict(entries(view, place)).get(line[place.start : place.end], "")


def _rules(cursor: Point, found: Iterable[Diagnostic]) -> Iterator[str]:
    """Explain every rule that complains here."""
    here = (
        d.rule for d in found if start_of(d.span) <= cursor <= end_of(d.span) and d.rule
    )
    for rule in dict.fromkeys(here):
        yield f"**{rule}**: {CATALOGUE[rule].explanation}"
