"""`handoff new`: opportunities and packets, typed field by field."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path

import click

from handoff.authoring.answers import Checker
from handoff.authoring.draft import Draft
from handoff.authoring.events import ordered_event, time_field
from handoff.authoring.opening import asked_fields, opening_event, opening_kind
from handoff.authoring.prefill import (
    packet_header,
    packet_identity,
    packet_sections,
    win_of,
)
from handoff.authoring.problems import (
    exists,
    not_won,
    nothing_kept,
    unfinished,
    unnamed,
)
from handoff.authoring.questions import place_at
from handoff.cli.asking import is_interactive
from handoff.cli.author import author, by_option, no_input_option
from handoff.cli.change import misuse, open_opportunity, stop
from handoff.cli.drafts import discard, drafts
from handoff.cli.event_options import (
    asked_next,
    late_fields,
    moment_of,
    next_options,
    time_options,
    typed_next,
)
from handoff.cli.field_options import (
    OpportunityCommand,
    PacketCommand,
    opened,
    typed_fields,
)
from handoff.cli.new_record import NewRecord, Typed, is_there, record_options
from handoff.cli.options import directory_option
from handoff.cli.session import Session
from handoff.imports.slugs import slug_of
from handoff.model.identity import Identity, Kind, is_slug, parse_stem
from handoff.policy.policy import Policy
from handoff.records.fact import read_moment

_WRITTEN_LATER = frozenset(
    {"schema", "opportunity", "filed", "acknowledgement", "returns", "quality"}
)


@click.group()
def new() -> None:
    """Write a new opportunity or packet."""


@new.command("opportunity", cls=OpportunityCommand)
@click.option("--slug", help="Short name for the file, where the company's is none.")
@click.option("--another", is_flag=True, help="A second deal on the same day.")
@record_options
@by_option
@time_options
@next_options
@no_input_option
@directory_option
def new_opportunity(  # noqa: PLR0913 - one parameter for each option
    *,
    slug: str | None,
    another: bool,
    values: tuple[str, ...],
    sections: tuple[str, ...],
    section_files: tuple[str, ...],
    resume: bool,
    is_fresh: bool,
    by: str | None,
    at: str | None,
    on: str | None,
    reason_late: str | None,
    next_action: str | None,
    next_owner: str | None,
    next_due: str | None,
    no_input: bool,
    directory: Path,  # noqa: ARG001 - read before the options of the schema were made
    **fields: str | None,
) -> None:
    """Open an opportunity with its first event.

    In a terminal it asks for what is not typed; Enter leaves a field open, and
    `handoff check` and `handoff status` name it. Nothing typed is lost: after an
    interruption, `--resume` goes on.
    """
    session = opened()
    may_ask = is_interactive(no_input=no_input)
    typed = Typed(typed_fields(fields), values, sections, section_files)
    who = author(session, by, may_ask=may_ask)
    time = time_field(moment_of(at, on), session.now, session.policy.zone)
    kind = opening_kind(session.policy)
    checker = Checker(session.policy, "event", {"event": kind})
    owner = typed.fields.get("owner", who)
    planned = {"action": next_action, "owner": next_owner, "due": next_due}
    event = opening_event(session.policy, time, who)
    event = {**event, **typed_next(checker, planned, owner)}
    record = _opportunity(session, event, slug, is_another=another)
    kept = _kept(record, typed, resume=resume, is_fresh=is_fresh, may_ask=may_ask)
    draft = record.with_typed(kept, typed)
    if may_ask:
        draft = _with_next(record.asked(draft, kept), checker)
    first = _first_event(draft)
    late = late_fields(checker, first, reason_late, session.now, may_ask=may_ask)
    draft = _with_event(draft, ordered_event(session.policy, {**first, **late}))
    draft = replace(draft, header={"owner": who, **draft.header})
    identity = record.identify(draft.header)
    record.finish(draft, identity or stop(unnamed()))


def _opportunity(
    session: Session,
    event: Mapping[str, object],
    slug: str | None,
    *,
    is_another: bool,
) -> NewRecord:
    policy = session.policy
    if slug is not None and not is_slug(slug):
        message = "--slug must be lower-case letters, digits and single hyphens"
        raise click.UsageError(message)

    def identify(header: Mapping[str, object]) -> Identity | None:
        name = slug or slug_of(str(header.get("company", "")))
        day = _opened_on(header, policy)
        return _named(session, name, day, is_another=is_another) if name else None

    header = {"schema": _version(policy, Kind.OPPORTUNITY), "events": [event]}
    return NewRecord(
        session=session,
        kind=Kind.OPPORTUNITY,
        known=Draft(Kind.OPPORTUNITY.value, header, {}),
        source="",
        names=asked_fields(policy),
        titles=(),
        defaults={("owner",): str(event["by"])},
        identify=identify,
    )


def _opened_on(header: Mapping[str, object], policy: Policy) -> date:
    first = _first_event(Draft(Kind.OPPORTUNITY.value, header, {}))
    day = read_moment(first, policy.zone).day_in(policy.zone)
    if day is None:
        message = "the day it was opened must be known: add --on DATE"
        raise click.UsageError(message)
    return day


def _named(session: Session, slug: str, day: date, *, is_another: bool) -> Identity:
    """Name an opportunity; a second one of that day gets the next free number."""
    if not is_slug(slug):
        slug = (
            f"{slug[:50].rstrip('-')}-deal"  # a name that some systems keep for devices
        )
    first = Identity(Kind.OPPORTUNITY, slug, day)
    if not is_another:
        return first
    numbered = (replace(first, number=n) for n in count(1))
    return next(i for i in numbered if not is_there(session, i))


def _kept(
    record: NewRecord, typed: Typed, *, resume: bool, is_fresh: bool, may_ask: bool
) -> Draft | None:
    """Find the session to go on with; one that is in the way is not passed over."""
    found = drafts(record.session, record.kind.value)
    header = {**record.known.header, **typed.fields}
    identity = record.identify(header)
    if identity:
        found = {n: d for n, d in found.items() if _is_of(identity, n)}
    if is_fresh:
        for name in found if identity else ():
            discard(record.session, name)
        return None
    if not resume:
        if found and identity and may_ask:
            stop(unfinished(next(iter(found))))
        return None
    if len(found) > 1:
        message = f"several are unfinished ({', '.join(found)}): add --company"
        raise click.UsageError(message)
    return next(iter(found.values()), None) or misuse(nothing_kept())


def _is_of(identity: Identity, name: str) -> bool:
    """Tell whether a draft is of a record; an opportunity's day may be another."""
    if identity.kind is Kind.PACKET:
        return name == identity.stem
    found = parse_stem(identity.kind, name)
    return found is not None and found.slug == identity.slug


def _first_event(draft: Draft) -> Mapping[str, object]:
    events = draft.header["events"]
    return events[0] if isinstance(events, list) else {}


def _with_event(draft: Draft, event: Mapping[str, object]) -> Draft:
    return replace(draft, header={**draft.header, "events": [event]})


def _with_next(draft: Draft, checker: Checker) -> Draft:
    event = _first_event(draft)
    if "next" in event:
        return draft
    asked = asked_next(checker, str(draft.header.get("owner", event["by"])))
    return _with_event(draft, {**event, **asked})


@new.command("packet", cls=PacketCommand)
@click.argument("opportunity")
@record_options
@no_input_option
@directory_option
def new_packet(  # noqa: PLR0913 - one parameter for each option
    *,
    opportunity: str,
    values: tuple[str, ...],
    sections: tuple[str, ...],
    section_files: tuple[str, ...],
    resume: bool,
    is_fresh: bool,
    no_input: bool,
    directory: Path,  # noqa: ARG001 - read before the options of the schema were made
    **fields: str | None,
) -> None:
    """Write the packet of OPPORTUNITY, which must be won.

    What the opportunity knows is filled in. In a terminal it asks for the rest; Enter
    leaves a field open, and `handoff check` names it. Nothing typed is lost: after an
    interruption, `--resume` goes on.
    """
    session = opened()
    may_ask = is_interactive(no_input=no_input)
    typed = Typed(typed_fields(fields), values, sections, section_files)
    record = _packet(session, opportunity)
    identity = record.identify({}) or stop(not_won(opportunity))
    if is_there(session, identity):
        stop(exists(identity))
    kept = _kept(record, typed, resume=resume, is_fresh=is_fresh, may_ask=may_ask)
    draft = record.with_typed(kept, typed)
    record.finish(record.asked(draft, kept) if may_ask else draft, identity)


def _packet(session: Session, typed: str) -> NewRecord:
    policy = session.policy
    opportunity, _ = open_opportunity(session, typed)
    win = win_of(opportunity, policy) or stop(not_won(opportunity.id))
    identity = packet_identity(opportunity, win, policy)
    header = {
        "schema": _version(policy, Kind.PACKET),
        **packet_header(opportunity, win, policy),
    }
    names = [name for name, _ in policy.schemas.schema("packet").fields(())]
    unasked = _WRITTEN_LATER | {profile.group for profile in policy.profiles.values()}
    return NewRecord(
        session=session,
        kind=Kind.PACKET,
        known=Draft("packet", header, packet_sections(opportunity, policy)),
        source=opportunity.id,
        names=[name for name in names if name not in unasked],
        titles=policy.pipeline.sections[Kind.PACKET],
        defaults={},
        identify=lambda _: identity,
    )


def _version(policy: Policy, kind: Kind) -> str:
    """Give the version that the schema of a kind of record wants to see."""
    return str(place_at(policy.schemas.schema(kind.value), ("schema",))["const"])
