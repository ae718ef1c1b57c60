"""Questions on a terminal; what is asked goes to stderr, so that output stays clean."""

import sys
from collections.abc import Callable

import click

from handoff.authoring.answers import Problem
from handoff.authoring.questions import Form, Question
from handoff.views.escaping import terminal

Check = Callable[[object], Problem | None]
"""Judges an answer as it is typed."""

NOTHING = "none"
"""What is typed for a list that has no entries."""


def is_interactive(*, no_input: bool) -> bool:
    """Tell whether somebody is there to answer."""
    return not no_input and sys.stdin.isatty()


def ask(question: Question, check: Check, default: str = "") -> object:
    """Ask until the answer will do; `None` where it is left open.

    Args:
        question: what to ask.
        check: judges what was typed.
        default: what Enter stands for; empty if it leaves the field open.
    """
    _explain(question, default)
    while True:
        typed = _answer(question, default)
        if typed in ("", []):
            return None
        value = [] if typed == [NOTHING] else typed
        problem = check(value)
        if problem is None:
            return value
        say_problem(problem)


def ask_section(title: str, check: Check) -> str | None:
    """Ask for the text of a section, ended by an empty line; `None` if left open."""
    _say(f"\n{terminal(title)}")
    _say("  Several lines are fine; an empty line ends it, at once leaves it open.")
    while True:
        text = "\n".join(_lines())
        if not text:
            return None
        problem = check(text)
        if problem is None:
            return text
        say_problem(problem)


def confirm(text: str) -> bool:
    """Ask a question that only yes or no answers."""
    return click.confirm(terminal(text), default=None, err=True)


def say_problem(problem: Problem) -> None:
    """Say why an answer will not do."""
    _say(f"  {terminal(problem.message)}")
    if problem.hint:
        _say(f"  {terminal(problem.hint)}")


def _explain(question: Question, default: str) -> None:
    needed = "" if question.is_needed else " (optional)"
    more = "One more: " if question.form is Form.ENTRY else ""
    _say(f"\n{more}{terminal(question.title)}{needed}")
    example = f" For example: {question.example}" if question.example else ""
    _say(f"  {terminal(question.about + example)}")
    if question.choices:
        _say(f"  One of: {terminal(', '.join(question.choices))}")
    _say(f"  {_meaning_of_enter(question, default)}")


def _meaning_of_enter(question: Question, default: str) -> str:
    if default:
        return f"Enter: {terminal(default)}"
    if question.form is Form.LIST:
        return f"One a line; Enter ends, `{NOTHING}` says that there are none."
    if question.form is Form.ENTRY:
        return "Enter: no more."
    return "Enter leaves it open."


def _answer(question: Question, default: str) -> str | list[str]:
    if question.form is Form.LIST:
        return list(_lines())
    return _line() or default


def _lines() -> list[str]:
    lines: list[str] = []
    while line := _line():
        lines.append(line)
    return lines


def _line() -> str:
    typed: str = click.prompt(
        ">", default="", show_default=False, prompt_suffix=" ", err=True
    )
    return typed.strip()


def _say(text: str) -> None:
    click.echo(text, err=True)
