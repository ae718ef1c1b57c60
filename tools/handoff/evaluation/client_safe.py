"""What a client may see of an opportunity, and what stands in the way.

Everything is internal except one section and the header fields that policy lists, and
those only while an approval that is bound to the section's text holds (domain part
11). A later approval, request or refusal replaces an earlier one.
"""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from handoff.document.outline import Section
from handoff.evaluation.leaks import leaks
from handoff.evaluation.prose import section_gap
from handoff.model.diagnostic import Related
from handoff.model.span import TOP, Span
from handoff.policy.facts import APPROVAL_GIVEN, APPROVALS
from handoff.policy.policy import Policy
from handoff.records.fact import Fact
from handoff.records.record import Opportunity, Packet


@dataclass(frozen=True, slots=True)
class Objection:
    """One reason why a client may not see the text.

    Attributes:
        span: where, in the opportunity.
        message: what is wrong; lower case, no full stop.
        hint: what to do, full sentences.
    """

    span: Span
    message: str
    hint: str
    related: tuple[Related, ...] = ()


def safe_section(opportunity: Opportunity, policy: Policy) -> Section | None:
    """Give the section that clients may see, where the record has it."""
    title = policy.pipeline.client_safe.section
    sections = opportunity.document.sections
    return next((section for section in sections if section.title == title), None)


def text_digest(section: Section) -> str:
    """Give the digest that an approval names: `sha256:` and hexadecimal.

    White space and Unicode form are outside it; comments are, for nobody sees them.
    """
    plain = " ".join(unicodedata.normalize("NFC", section.text).split())
    return f"sha256:{sha256(plain.encode()).hexdigest()}"


def client_text(opportunity: Opportunity, policy: Policy) -> str:
    """Write what a client may see: the fields that policy lists, then the section."""
    section = safe_section(opportunity, policy)
    schema = policy.schemas.schema("opportunity")
    lines = [
        f"{schema.describe((field,)).get('title', field)}: {_written(value)}"
        for field in policy.pipeline.client_safe.fields
        if (value := opportunity.header.get(field))
    ]
    parts = ["\n".join(lines), section.text if section else ""]
    return "\n\n".join(part for part in parts if part) + "\n"


def objections(
    opportunity: Opportunity,
    packets: tuple[Packet, ...],
    facts: Sequence[Fact],
    policy: Policy,
) -> Iterator[Objection]:
    """List everything that keeps the text from being shown.

    Args:
        opportunity: whose text.
        packets: its packets, which are internal as a whole.
        facts: its events that have happened, oldest first.
        policy: from the same snapshot.
    """
    section = safe_section(opportunity, policy)
    title = policy.pipeline.client_safe.section
    if section is None:
        hint = f"Add a heading `## {title}` with the text that the client may read."
        yield Objection(TOP, f"section `{title}` is missing", hint)
        return
    if gap := section_gap(section, policy.pipeline.placeholders)[1]:
        hint = "Write the text that the client may read, then have it approved."
        yield Objection(section.span, f"section `{title}` {gap}", hint)
    yield from _unapproved(opportunity, section, facts, policy)
    yield from leaked(opportunity, packets, section, policy)


def _unapproved(
    opportunity: Opportunity, section: Section, facts: Sequence[Fact], policy: Policy
) -> Iterator[Objection]:
    subject = policy.pipeline.client_safe.approval
    latest = latest_approval(facts, subject)
    if latest is None or latest.kind != APPROVAL_GIVEN:
        said = f" (latest: `{latest.kind}`)" if latest else ""
        message = f"approval of `{subject}` is not given{said}"
        span = opportunity.document.span(latest.pointer) if latest else section.span
        yield Objection(span, message, how_to_approve(opportunity))
    else:
        yield from stale(opportunity, section, latest)


def latest_approval(facts: Sequence[Fact], subject: str) -> Fact | None:
    """Give the last request, approval or refusal of a subject."""
    asked = (f for f in reversed(facts) if f.kind in APPROVALS)
    return next((f for f in asked if f.field("subject") == subject), None)


def stale(
    opportunity: Opportunity, section: Section, given: Fact
) -> Iterator[Objection]:
    """Say that an approval is for another text, or does not say for which."""
    digest, approved = text_digest(section), given.field("digest")
    if approved == digest:
        return
    span = opportunity.document.span((*given.pointer, "digest"))
    said = f"is for the text with `{approved}`" if approved else "names no text"
    message = f"the approval {said}, and `{section.title}` has the digest `{digest}`"
    hint = f"Put the approved text back, or have this one approved. {_RENEW}"
    related = Related(opportunity.path, section.span, "the text as it is now")
    yield Objection(
        span, message, hint.format(id=opportunity.id), (related,) if approved else ()
    )


def leaked(
    opportunity: Opportunity,
    packets: tuple[Packet, ...],
    section: Section,
    policy: Policy,
) -> Iterator[Objection]:
    """List what is internal and stands in the text all the same."""
    for leak in leaks(section.text, opportunity, packets, policy):
        hint = (
            f"Say it in other words in `{section.title}`, or leave it out. A field "
            "that clients may see is listed under `client_safe` in "
            "schemas/policy/stages.yaml."
        )
        message = f"`{leak.found}` is internal: it stands in {leak.source}"
        related = Related(leak.path, leak.span, "internal here")
        yield Objection(section.span, message, hint, (related,))


_RENEW = (
    "Whoever approves runs `handoff client-safe {id} --digest` and adds an "
    "`approval-given` event with the subject and that `digest`."
)


def how_to_approve(opportunity: Opportunity) -> str:
    """Say how a text is approved."""
    return _RENEW.format(id=opportunity.id)


def _written(value: object) -> str:
    """Write a value on one line: the texts in it, without their ids."""
    if isinstance(value, Mapping):
        return "; ".join(_written(v) for key, v in value.items() if key != "id")
    if isinstance(value, list):
        return ", ".join(map(_written, value))
    return str(value)
