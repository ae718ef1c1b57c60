"""Gates: what is still missing before a fact may be claimed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from handoff.evaluation.prose import Gap, section_gap
from handoff.model.span import Pointer, format_pointer
from handoff.policy.facts import (
    APPROVAL_GIVEN,
    APPROVALS,
    PACKET_ACKNOWLEDGED,
    PACKET_FILED,
)
from handoff.policy.policy import Policy
from handoff.policy.schemas import CompiledSchema
from handoff.policy.stages import Gate
from handoff.policy.violation import Violation
from handoff.records.fact import Fact, value_at
from handoff.records.record import Opportunity

_PLACEHOLDER = "placeholder-text"
_DERIVED_MESSAGES: Mapping[str, str] = {
    PACKET_FILED: "a complete packet, filed",
    PACKET_ACKNOWLEDGED: "a valid acknowledgement of the packet by customer success",
}


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is missing.

    Attributes:
        what: `field`, `section`, `event`, `approval`, `role` or `packet`.
        name: which one, as in `scope.excluded`.
        message: the same for a person.
        rule: the rule that says it at its own place, or empty.
    """

    what: str
    name: str
    message: str
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A fact that wants to pass a gate, with what came before it in its cycle.

    `fact` is `None` where the question is what the gate would still need.
    """

    opportunity: Opportunity
    earlier: Sequence[Fact]
    fact: Fact | None


def missing_for(gate: Gate, claim: Claim, policy: Policy) -> tuple[Missing, ...]:
    """List everything a gate still needs, in the order people fill it in."""
    return (
        *_fields(gate.fields, claim.opportunity.header),
        *(_sections(gate, claim.opportunity, policy) if gate.sections else ()),
        *(_events(gate, claim, policy) if gate.events else ()),
        *(_approvals(gate, claim) if gate.approvals else ()),
        *(_roles(gate, claim, policy) if gate.roles else ()),
        *(_fields(gate.event, claim.fact.fields) if claim.fact else ()),
    )


def missing_event(kind: str, policy: Policy) -> Missing:
    """Say that a fact is not on record yet."""
    about = _DERIVED_MESSAGES.get(kind)
    if about is None:
        meaning = policy.schemas.event_meaning(kind)
        about = f"event `{kind}`: {meaning}" if meaning else f"event `{kind}`"
    return Missing("event", kind, about.rstrip("."))


def _fields(schema: CompiledSchema, value: Mapping[str, object]) -> Iterator[Missing]:
    relevant = schema.narrow(value)
    if schema.accepts(relevant):
        return
    for violation in schema.violations(relevant):
        for pointer, message in _field_gaps(violation):
            name = format_pointer(pointer)
            yield Missing("field", name, f"`{name}` {message}")


def _field_gaps(violation: Violation) -> Iterator[tuple[Pointer, str]]:
    if violation.keyword == "required":
        yield (*violation.pointer, str(violation.detail)), "is missing"
    elif violation.keyword == "minItems":
        yield violation.pointer, "is empty"
    elif violation.keyword == "anyOf":
        options = [
            " and ".join(str(name) for name in option.get("required", ()))
            for option in _options(violation)
        ]
        yield violation.pointer, f"needs {' or '.join(options)}"
    else:
        detail = violation.detail
        wanted = detail if isinstance(detail, list) else [detail]
        yield violation.pointer, f"must be {' or '.join(map(str, wanted))}"


def _options(violation: Violation) -> list[Mapping[str, list[str]]]:
    options = violation.schema.get("anyOf")
    return options if isinstance(options, list) else []


def _sections(
    gate: Gate,
    opportunity: Opportunity,
    policy: Policy,
) -> Iterator[Missing]:
    placeholders = policy.pipeline.placeholders
    present = {s.title: s for s in opportunity.document.sections}
    for title in gate.sections:
        section = present.get(title)
        kind, gap = Gap.EMPTY, "is missing"
        if section:
            kind, gap = section_gap(section, placeholders)
        if gap:
            rule = _PLACEHOLDER if kind is Gap.PLACEHOLDER else ""
            yield Missing("section", title, f"section `{title}` {gap}", rule)


def _events(gate: Gate, claim: Claim, policy: Policy) -> Iterator[Missing]:
    seen = {fact.kind for fact in claim.earlier}
    for kind in gate.events:
        if kind not in seen:
            yield missing_event(kind, policy)


def _approvals(gate: Gate, claim: Claim) -> Iterator[Missing]:
    latest = {
        fact.field("subject"): fact.kind
        for fact in claim.earlier
        if fact.kind in APPROVALS
    }
    for subject in gate.approvals:
        state = latest.get(subject)
        if state != APPROVAL_GIVEN:
            said = f" (latest: `{state}`)" if state else ""
            message = f"approval of `{subject}` is not given{said}"
            yield Missing("approval", subject, message)


def _roles(gate: Gate, claim: Claim, policy: Policy) -> Iterator[Missing]:
    day = claim.fact.moment.day_in(policy.zone) if claim.fact else None
    for field, role in gate.roles.items():
        handle = str(value_at(claim.opportunity.header, (field,)) or "")
        person = policy.roster.people.get(handle)
        held = person and any(
            h.role == role if day is None else person.holds(role, day)
            for h in person.roles
        )
        if handle and not held:
            message = f"`{field}` names `{handle}`, who does not hold `{role}` then"
            yield Missing("role", field, message)
