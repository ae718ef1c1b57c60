"""Options about an event: when it happened, and what happens next."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

import click

from handoff.authoring.answers import Checker, Problem
from handoff.authoring.events import (
    NEXT,
    event_question,
    is_late,
    local,
    optional_fields,
)
from handoff.authoring.problems import missing_answer
from handoff.cli.asking import ask, choose
from handoff.cli.change import misuse
from handoff.model.instant import parse_date, parse_instant

_LATE = "recorded_late"
_Command = TypeVar("_Command", bound=Callable[..., Any])


def time_options(command: _Command) -> _Command:
    """Add `--at`, `--on` and `--reason-late`."""
    command = click.option(
        "--reason-late", help="Why it is written down more than an hour later."
    )(command)
    command = click.option(
        "--on", metavar="DATE", help="The day it happened, where the time is not known."
    )(command)
    return click.option(
        "--at", metavar="TIME", help="When it happened, with offset; now by default."
    )(command)


def next_options(command: _Command) -> _Command:
    """Add `--next-action`, `--next-owner` and `--next-due`."""
    for name, said in (
        ("--next-due", "Until when: a day, or an instant with offset."),
        ("--next-owner", "Who does it; the owner of the deal by default."),
        ("--next-action", "What happens next."),
    ):
        command = click.option(name, help=said)(command)
    return command


def moment_of(at: str | None, on: str | None) -> str | None:
    """Give the moment that was typed; `None` for now.

    Raises:
        click.UsageError: both were typed, or something that is no moment.
    """
    if at and on:
        message = "--at and --on exclude each other: keep the one that is known"
        raise click.UsageError(message)
    if at and parse_instant(at) is None:
        hint = "Write day, time and offset, for example 2026-04-21T14:30:00+02:00."
        misuse(Problem(f"--at `{at}` is not an instant with an offset", hint))
    if on and parse_date(on) is None:
        hint = "Write the day as YYYY-MM-DD, for example 2026-04-21."
        misuse(Problem(f"--on `{on}` is not a day", hint))
    return at or on


def typed_next(
    checker: Checker,
    typed: Mapping[str, str | None],
    owner: str,
    known_next: object = None,
) -> Mapping[str, object]:
    """Give the next action that was typed, or nothing.

    Args:
        checker: of events.
        typed: action, owner and due, as far as they were typed.
        owner: of the deal, who does it where nobody is named.
        known_next: what else was typed about it, as the risks it settles.
    """
    known = {name: value for name in NEXT if (value := typed[name])}
    if not known:
        return {}
    known.setdefault("owner", owner)
    if missing := [name for name in NEXT if name not in known]:
        options = " and ".join(f"--next-{name}" for name in missing)
        message = f"a next action needs {options} too"
        raise click.UsageError(message)
    for name in NEXT:
        if problem := checker.problem(("next", name), known[name]):
            misuse(problem)
    said = known_next if isinstance(known_next, Mapping) else {}
    others = {name: value for name, value in said.items() if name not in NEXT}
    return {"next": {**{name: known[name] for name in NEXT}, **others}}


def asked_next(checker: Checker, owner: str) -> Mapping[str, object]:
    """Ask what happens next; nothing where that is left open."""
    kind, known = str(checker.around["event"]), dict[str, object]()
    for name in NEXT:
        pointer = ("next", name)
        question = event_question(checker.policy, kind, pointer, is_needed=bool(known))
        default = owner if name == "owner" else ""
        answer = ask(question, partial(checker.problem, pointer), default)
        if answer is None:
            return {}
        known[name] = answer
    return {"next": known}


def asked_besides(
    checker: Checker, event: Mapping[str, object]
) -> Mapping[str, object]:
    """Offer once what the event could say besides, and ask for what is chosen."""
    offers = optional_fields(checker.policy, event)
    known = dict[str, object]()
    for name in choose("More about it", offers) if offers else ():
        kind = str(checker.around["event"])
        question = event_question(checker.policy, kind, (name,), is_needed=False)
        answer = ask(question, partial(checker.problem, (name,)))
        if answer is not None:
            known[name] = answer
    return known


def needed_answer(checker: Checker, name: str, option: str, *, may_ask: bool) -> object:
    """Ask for a field that must be there; without a terminal, name the option.

    Raises:
        click.UsageError: nobody is there to answer.
    """
    question = event_question(checker.policy, str(checker.around["event"]), (name,))
    if not may_ask:
        misuse(missing_answer(question, option))
    answer = None
    while answer is None:
        answer = ask(question, partial(checker.problem, (name,)))
    return answer


def late_fields(
    checker: Checker,
    event: Mapping[str, object],
    reason: str | None,
    now: datetime,
    *,
    may_ask: bool,
) -> Mapping[str, object]:
    """Give why and when an event is written down, where that is late."""
    if not is_late(event, now, checker.policy):
        return {}
    if reason is None:
        reason = str(needed_answer(checker, _LATE, "--reason-late", may_ask=may_ask))
    elif problem := checker.problem((_LATE,), reason):
        misuse(problem)
    return {_LATE: reason, "recorded_at": local(now, checker.policy.zone)}
