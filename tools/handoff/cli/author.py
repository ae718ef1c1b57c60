"""Who is typing: `--by`, the environment, or a question."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from handoff.authoring.answers import person_problem
from handoff.authoring.questions import Form, Question
from handoff.cli.asking import ask
from handoff.cli.change import misuse
from handoff.cli.session import Session
from handoff.policy.policy import Policy

_Command = TypeVar("_Command", bound=Callable[..., Any])
_WHO = Question(
    pointer=("by",),
    title="You",
    about="Your handle in schemas/policy/people.yaml.",
    example="",
    choices=(),
    form=Form.LINE,
    is_needed=True,
)


def by_option(command: _Command) -> _Command:
    """Add `--by HANDLE`."""
    return click.option(
        "--by",
        envvar="HANDOFF_BY",
        metavar="HANDLE",
        help="Who you are, by your handle in schemas/policy/people.yaml; HANDOFF_BY "
        "in the environment says it once for all.",
    )(command)


def no_input_option(command: _Command) -> _Command:
    """Add `--no-input`."""
    return click.option(
        "--no-input", is_flag=True, help="Ask nothing, not even in a terminal."
    )(command)


def author(session: Session, typed: str | None, *, may_ask: bool) -> str:
    """Find out who is typing.

    Raises:
        click.UsageError: nobody was named, or nobody has that handle.
    """
    policy = session.policy
    if typed is None and may_ask:
        typed = _asked(policy)
    if not typed:
        message = "who are you? Add --by HANDLE, or set HANDOFF_BY"
        raise click.UsageError(message)
    if problem := person_problem(policy, "--by", typed):
        misuse(problem)
    return typed


def _asked(policy: Policy) -> str | None:
    answer = ask(_WHO, lambda value: person_problem(policy, "by", str(value)))
    return None if answer is None else str(answer)
