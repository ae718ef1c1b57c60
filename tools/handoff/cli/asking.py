"""Questions on a terminal; what is asked goes to stderr, so that output stays clean."""

import sys
from collections.abc import Callable, Mapping, Sequence

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


EDIT = "edit"
"""What is typed to change a group that is shown as a whole."""

Default = str | list[str]
"""What Enter stands for; empty if it leaves the field open."""


def ask(question: Question, check: Check, default: Default = "") -> object:
    """Ask until the answer will do; `None` where it is left open.

    Args:
        question: what to ask.
        check: judges what was typed.
        default: what Enter stands for.
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


def wants_to_edit(title: str, about: str, lines: Sequence[str]) -> bool:
    """Show what is known as a whole; tell whether somebody wants to change it."""
    _say(f"\n{terminal(title)}")
    _say(f"  {terminal(about)}")
    for line in lines:
        _say(f"  | {terminal(line)}")
    while True:
        _say(f"  Enter keeps it; `{EDIT}` asks for each part.")
        typed = _line()
        if typed in ("", EDIT):
            return bool(typed)


def choose(title: str, offers: Mapping[str, str]) -> list[str]:
    """Ask once which of several things somebody wants to say; Enter says none.

    Args:
        title: what is offered.
        offers: names, each with what belongs in it.
    """
    _say(f"\n{terminal(title)} (optional)")
    for name, about in offers.items():
        _say(f"  {terminal(name)}: {terminal(about)}")
    while True:
        _say("  Type names, with commas between them; Enter: nothing.")
        typed = [name.strip() for name in _line().split(",") if name.strip()]
        strange = next((name for name in typed if name not in offers), None)
        if strange is None:
            return typed
        _say(f"  `{terminal(strange)}` is none of them")


def ask_section(title: str, check: Check, known: str = "") -> str | None:
    """Ask for the text of a section, ended by an empty line.

    Args:
        title: its heading.
        check: judges what was typed.
        known: text that is there already, which Enter keeps.

    Returns:
        What was typed; `None` if it stays as it is.
    """
    _say(f"\n{terminal(title)}")
    for line in known.splitlines():
        _say(f"  | {terminal(line)}")
    at_once = "keeps this text" if known else "leaves it open"
    _say(f"  Several lines are fine; an empty line ends it, at once {at_once}.")
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


def _explain(question: Question, default: Default) -> None:
    needed = "" if question.is_needed else " (optional)"
    _say(f"\n{terminal(question.title)}{needed}")
    example = f" For example: {question.example}" if question.example else ""
    _say(f"  {terminal(question.about + example)}")
    if question.choices:
        _say(f"  One of: {terminal(', '.join(question.choices))}")
    _say(f"  {_meaning_of_enter(question, default)}")


def _meaning_of_enter(question: Question, default: Default) -> str:
    listed = f"One a line; Enter ends, `{NOTHING}` says that there are none."
    if default:
        known = default if isinstance(default, str) else ", ".join(default)
        others = f" {listed}" if question.form is Form.LIST else ""
        return f"Enter: {terminal(known)}{'.' if others else ''}{others}"
    if question.form is Form.LIST:
        return listed
    is_more = question.form is Form.ENTRY and not question.is_needed
    return "Enter: no more." if is_more else "Enter leaves it open."


def _answer(question: Question, default: Default) -> Default:
    typed = list(_lines()) if question.form is Form.LIST else _line()
    return typed or default


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
