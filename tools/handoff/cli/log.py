"""`handoff log`: add an event to an opportunity."""

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

import click

from handoff.authoring.answers import Checker, Problem
from handoff.authoring.events import (
    event_edits,
    is_on_record,
    missing_fields,
    ordered_event,
    time_field,
)
from handoff.authoring.outcome import clock_lines, command, plan_lines
from handoff.cli.asking import is_interactive
from handoff.cli.author import author, by_option, no_input_option
from handoff.cli.change import change, edited, misuse, open_opportunity
from handoff.cli.event_options import (
    asked_besides,
    asked_next,
    late_fields,
    moment_of,
    needed_answer,
    next_options,
    time_options,
    typed_next,
)
from handoff.cli.field_options import assign
from handoff.cli.options import directory_option, write
from handoff.cli.session import Session, open_session
from handoff.records.record import Opportunity


@click.command()
@click.argument("opportunity")
@click.argument("event", metavar="EVENT")
@click.option(
    "--set",
    "values",
    multiple=True,
    metavar="FIELD=VALUE",
    help="A field of the event; a list as [L1, L2]. Repeatable.",
)
@by_option
@time_options
@next_options
@no_input_option
@directory_option
def log(  # noqa: PLR0913 - one parameter for each option
    *,
    opportunity: str,
    event: str,
    values: tuple[str, ...],
    reason_late: str | None,
    by: str | None,
    at: str | None,
    on: str | None,
    next_action: str | None,
    next_owner: str | None,
    next_due: str | None,
    no_input: bool,
    directory: Path,
) -> None:
    """Add EVENT to OPPORTUNITY, now or when it happened.

    In a terminal it asks for what EVENT needs. Nothing is written if the record would
    have errors that it does not have yet.
    """
    session = open_session(directory, None, None)
    may_ask = is_interactive(no_input=no_input)
    record, register = open_opportunity(session, opportunity)
    checker = Checker(session.policy, "event", {"event": _kind(session, event)})
    time = time_field(moment_of(at, on), session.now, session.policy.zone)
    who = author(session, by, may_ask=may_ask)
    made: Mapping[str, object] = {"event": event, **time, "by": who}
    for text in values:
        made = assign(checker, made, text)
    planned = {"action": next_action, "owner": next_owner, "due": next_due}
    made = {**made, **typed_next(checker, planned, record.owner, made.get("next"))}
    made = ordered_event(session.policy, _complete(made, checker, may_ask=may_ask))
    if is_on_record(record, made):
        write(f"`{event}` is on record already, nothing was written\n")
        return
    late = late_fields(checker, made, reason_late, session.now, may_ask=may_ask)
    if may_ask:
        made = {**made, **asked_besides(checker, made)}
    if may_ask and "next" not in made:
        made = {**made, **asked_next(checker, record.owner)}
    made = ordered_event(session.policy, {**made, **late})
    _add(session, record, made, [*register.files])


def _kind(session: Session, typed: str) -> str:
    """Refuse kinds of events that nobody defines."""
    kinds = session.policy.schemas.event_kinds()
    if typed in kinds:
        return typed
    near = get_close_matches(typed, kinds, n=1)
    hint = f"Did you mean `{near[0]}`?" if near else f"Known: {', '.join(kinds)}."
    return misuse(Problem(f"there is no event `{typed}`", hint))


def _complete(
    event: Mapping[str, object], checker: Checker, *, may_ask: bool
) -> Mapping[str, object]:
    """Add what the kind needs."""
    while names := missing_fields(checker.policy, event):
        option = f"--set {names[0]}"
        answer = needed_answer(checker, names[0], option, may_ask=may_ask)
        event = {**event, names[0]: answer}
    return event


def _add(
    session: Session,
    record: Opportunity,
    event: Mapping[str, object],
    around: list[str],
) -> None:
    order = [n for n, _ in session.policy.schemas.schema("opportunity").fields(())]
    content = edited(session, record.path, event_edits(event, order))
    after = change(session, {record.path: content}, around)
    report = after.report(around)
    stage = next(s.stage.name for s in report.statuses if s.id == record.id)
    is_won = event["event"] in session.policy.pipeline.won_by
    words = ("new", "packet") if is_won else ("status",)
    lines = (
        f"logged: {event['event']} in {record.path}",
        f"stage: {stage}",
        *plan_lines(report, record.id),
        *clock_lines(report, record.id),
        command(*words, record.id),
    )
    write("\n".join(lines) + "\n")
