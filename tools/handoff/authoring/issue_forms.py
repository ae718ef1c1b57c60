"""The forms people fill in on the forge, made from schemas and policy."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from handoff.authoring.form import Control, Field
from handoff.authoring.prefill import PREFILLED
from handoff.authoring.questions import place_at
from handoff.document.rendering import render_mapping
from handoff.model.identity import Kind
from handoff.model.span import Pointer, format_pointer
from handoff.policy.policy import Policy
from handoff.policy.schemas import CompiledSchema
from handoff.records.references import CARRIED

OPPORTUNITY, EVENT, WHEN, DETAILS = "opportunity", "event", "when", "details"
SECTION = "section: "
"""Begins the name of an answer that becomes a section."""

WRITTEN_LATER = frozenset(
    {"schema", "opportunity", "filed", "acknowledgement", "returns", "quality"}
)
_SAID_ANYWAY = frozenset({"event", "at", "on", "by", "next", "recorded_at"})
_FROM_DEAL = "Leave it open to take what the opportunity says."
_WHICH = "Which deal: its file name, or the company's name if it has one deal only."


@dataclass(frozen=True, slots=True)
class Entry:
    """One field of a form, with what is said beside it."""

    field: Field
    about: str
    example: str = ""
    is_required: bool = False
    pointer: Pointer = ()


@dataclass(frozen=True, slots=True)
class Form:
    """A form; `name` is its file below `.github/ISSUE_TEMPLATE`, without ending."""

    name: str
    title: str
    about: str
    intro: str
    entries: tuple[Entry, ...]

    @property
    def fields(self) -> tuple[Field, ...]:
        """What its answers are read back by."""
        return tuple(entry.field for entry in self.entries)


def forms(policy: Policy) -> tuple[Form, ...]:
    """Make every form of a repository."""
    return (handoff_form(policy), event_form(policy))


def handoff_form(policy: Policy) -> Form:
    """Make the form that becomes a packet: what only sales knows comes first."""
    schema = policy.schemas.schema(Kind.PACKET.value)
    groups = {profile.group for profile in policy.profiles.values()}
    left_out = WRITTEN_LATER | groups | {*CARRIED}
    names = [n for n, _ in schema.fields(()) if n not in left_out]
    own = (_entries(schema, (n,)) for n in names if n not in PREFILLED)
    known = (_entries(schema, (n,), _FROM_DEAL) for n in names if n in PREFILLED)
    sections = (_section(title) for title in policy.pipeline.sections[Kind.PACKET])
    return Form(
        "new-handoff",
        "New handoff",
        "Hand a won deal over to customer success.",
        "A pull request with the packet follows within minutes. Promises, risks, "
        "exclusions and assumptions are carried from the opportunity. What you leave "
        "open is named on this issue: press Edit, answer it, and the pull request "
        "follows.",
        (
            _which(),
            *chain.from_iterable(own),
            *sections,
            *chain.from_iterable(known),
        ),
    )


def event_form(policy: Policy) -> Form:
    """Make the form that adds an event to an opportunity."""
    schema = policy.schemas.schema("event")
    kinds = policy.schemas.event_kinds()
    kind = Field(EVENT, "Event", Control.DROPDOWN, kinds)
    when = Field(WHEN, "When", Control.INPUT)
    details = Field(DETAILS, "Details", Control.TEXTAREA)
    own = [n for n, _ in schema.fields(()) if n not in _SAID_ANYWAY]
    return Form(
        "new-event",
        "New event",
        "Write down what happened in a deal.",
        "Details by event, the needed ones in bold:\n\n"
        + "\n".join(_needs(policy, kind) for kind in kinds),
        (
            _which(),
            Entry(kind, "What happened.", is_required=True),
            Entry(
                when,
                "A time with its offset, or the day if that is all you know. Leave it "
                "open if it happened just now.",
                "2026-04-21T14:30:00+02:00",
            ),
            Entry(
                details,
                "One answer a line: the name, a colon, the answer.",
                "outcome: They want a second session",
            ),
            *_entries(schema, ("next",)),
            *chain.from_iterable(_entries(schema, (n,)) for n in own),
        ),
    )


def list_names(schema: CompiledSchema, pointer: Pointer) -> tuple[str, ...]:
    """Name, in the order in which they are typed, the fields of a list's entries."""
    place = place_at(schema, (*pointer, 0))
    names = [name for name in place.get("properties", ()) if name != "id"]
    needed = [name for name in names if name in place.get("required", ())]
    return (*needed, *(name for name in names if name not in needed))


def render_form(form: Form) -> str:
    """Write a form the way the forge wants it."""
    intro = {"type": "markdown", "attributes": {"value": form.intro}}
    head = "# Made from the schemas by `handoff upgrade`; it is written again there.\n"
    return head + render_mapping(
        {
            "name": form.title,
            "description": form.about,
            "title": f"{form.title}: ",
            "body": [intro, *map(_rendered, form.entries)],
        }
    )


def _rendered(entry: Entry) -> Mapping[str, object]:
    field, is_chosen = entry.field, bool(entry.field.choices)
    shown: dict[str, object] = {"label": field.label, "description": entry.about}
    if entry.example and not is_chosen:
        shown["placeholder"] = f"For example: {entry.example}"  # never a YAML date
    if is_chosen:
        shown["options"] = list(field.choices)
    return {
        "type": field.control.name.lower(),
        "id": "".join(c if c.isalnum() else "-" for c in field.name),
        "attributes": shown,
        "validations": {"required": entry.is_required},
    }


def _which() -> Entry:
    field = Field(OPPORTUNITY, "Opportunity", Control.INPUT)
    return Entry(field, _WHICH, "acme-robotics-2026-04-02", is_required=True)


def _section(title: str) -> Entry:
    field = Field(f"{SECTION}{title}", title, Control.TEXTAREA)
    return Entry(field, "If there is nothing to say: `None:` and why.")


def _entries(
    schema: CompiledSchema, pointer: Pointer, more: str = "", group: str = ""
) -> Iterator[Entry]:
    """Give the fields of a form for one field of a record, group by group."""
    place = place_at(schema, pointer)
    title = f"{group}{place.get('title', pointer[-1])}"
    if "properties" in place:
        for name in place["properties"]:
            yield from _entries(schema, (*pointer, name), more, f"{title}: ")
        return
    about = [str(place.get("description", "")), _how(schema, pointer), more]
    is_list = place.get("type") == "array"
    is_long = is_list or place.get("format") == "text"
    choices = tuple(map(str, place.get("enum", ())))
    control = Control.TEXTAREA if is_long else Control.INPUT
    examples: Sequence[object] = () if is_list else place.get("examples", ())
    yield Entry(
        Field(
            format_pointer(pointer),
            title,
            Control.DROPDOWN if choices else control,
            choices,
        ),
        " ".join(filter(None, about)),
        str(examples[0]) if examples else "",
        pointer=pointer,
    )


def _how(schema: CompiledSchema, pointer: Pointer) -> str:
    """Say how a list is typed."""
    if place_at(schema, pointer).get("type") != "array":
        return ""
    names = list_names(schema, pointer)
    titles = (str(place_at(schema, (*pointer, 0, n)).get("title", n)) for n in names)
    return f"One a line{': ' if names else ''}{' | '.join(titles)}. None: `none`."


def _needs(policy: Policy, kind: str) -> str:
    """Say what an event of some kind needs and may have."""
    fields = policy.schemas.schema(f"event/$defs/{kind}").fields(())
    said = [f"**{n}**" if is_needed else n for n, is_needed in fields]
    return f"- {kind}: {', '.join(said)}" if said else f"- {kind}"
