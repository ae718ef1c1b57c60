"""Options that several commands share, and how text is put on the screen."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from handoff.cli.output import write, write_all
from handoff.model.instant import parse_date, parse_instant
from handoff.views.style import Style

__all__ = [
    "WhenType",
    "cache_option",
    "date_option",
    "directory_option",
    "format_option",
    "moment_options",
    "style_of_stdout",
    "write",
    "write_all",
]

_Command = TypeVar("_Command", bound=Callable[..., Any])
_WIDTH_OF_A_FILE = 100  # where output is no terminal, so that it never depends on one


class WhenType(click.ParamType[str]):
    """A day or an instant with an offset, kept as typed."""

    name = "when"

    def convert(
        self,
        value: object,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> str:
        """Refuse anything else as a usage error."""
        text = str(value)
        if parse_instant(text) is None and parse_date(text) is None:
            expected = "a day (2026-04-21) or an instant (2026-04-21T14:30:00+02:00)"
            self.fail(f"{text!r} is not {expected}", param, ctx)
        return text


def directory_option(command: _Command) -> _Command:
    """Add `-C DIR`."""
    return click.option(
        "-C",
        "directory",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        default=Path(),
        metavar="DIR",
        help="Work on the repository that holds DIR.",
    )(command)


def moment_options(command: _Command) -> _Command:
    """Add `--rev` and `--as-of`."""
    command = click.option(
        "--as-of",
        type=WhenType(),
        metavar="TIME",
        help="Ask about that moment: what was known then, or with --rev what that "
        "revision knows about it. A day means its end in the policy's zone.",
    )(command)
    return click.option(
        "--rev",
        metavar="REV",
        help="Read that revision instead of the files on disk; `index` for what is "
        "staged.",
    )(command)


def cache_option(command: _Command) -> _Command:
    """Add `--no-cache`."""
    return click.option(
        "--no-cache",
        is_flag=True,
        envvar="HANDOFF_NO_CACHE",
        help="Evaluate every deal again, whatever an earlier run found of it.",
    )(command)


def date_option(command: _Command) -> _Command:
    """Add `--date`."""
    return click.option(
        "--date",
        "day",
        type=click.DateTime(["%Y-%m-%d"]),
        metavar="DATE",
        help="The date to sum up, in the policy's zone; today by default.",
    )(command)


def format_option(*formats: str) -> Callable[[_Command], _Command]:
    """Add `--format` with the given choices, the first being the default."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(formats),
        default=formats[0],
        show_default=True,
        help="How to write the answer.",
    )


def style_of_stdout() -> Style:
    """Look at where output goes: colour and width for terminals only.

    `NO_COLOR` (any value) turns colour off and `FORCE_COLOR` on, by their common
    conventions; `COLUMNS` sets the width.
    """
    from handoff.evaluation.rules import CATALOGUE  # noqa: PLC0415 - loads the engine

    is_terminal = sys.stdout.isatty()
    environment = os.environ
    colour = is_terminal or bool(environment.get("FORCE_COLOR"))
    if environment.get("NO_COLOR") or environment.get("TERM") == "dumb":
        colour = False
    is_wide = is_terminal or "COLUMNS" in environment
    width = _columns() if is_wide else _WIDTH_OF_A_FILE
    explain = {name: defect.summary for name, defect in CATALOGUE.items()}
    return Style(colour=colour, width=width, explain=explain)


def _columns() -> int:
    import shutil  # noqa: PLC0415 - takes long, and is for terminals only

    return shutil.get_terminal_size().columns
