"""The group of commands, and the boundary at which errors become exit codes."""

import gc
import sys
from importlib import import_module

import click
from click.exceptions import NoSuchCommand

from handoff import __version__
from handoff.cli.commands import COMMANDS, GROUPS
from handoff.model.errors import HandoffError
from handoff.views.escaping import terminal

_COULD_NOT_EVALUATE = 3
_INTERRUPTED = 130
_WHOLE = 300
"""Characters of a first sentence: more than any has."""


class Commands(click.Group):
    """A group that imports its commands when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Name all commands."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command; a misspelt one is an error that names the nearest."""
        if cmd_name not in COMMANDS:
            if ctx.resilient_parsing or cmd_name.startswith("-"):
                return None
            raise NoSuchCommand(cmd_name, possibilities=COMMANDS, ctx=ctx)
        module = import_module(f"handoff.cli.{COMMANDS[cmd_name]}")
        command = getattr(module, COMMANDS[cmd_name])
        return command if isinstance(command, click.Command) else None

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """List the commands by what people want to do, in whole sentences."""
        for title, names in GROUPS.items():
            with formatter.section(title):
                commands = ((name, self.get_command(ctx, name)) for name in names)
                rows = [(n, c.get_short_help_str(_WHOLE)) for n, c in commands if c]
                formatter.write_dl(rows)


@click.group(
    cls=Commands,
    context_settings={
        "help_option_names": ["-h", "--help"],
        "max_content_width": 100,
    },
)
@click.version_option(__version__, prog_name="handoff")
def cli() -> None:
    """Sales-to-onboarding handoff in a git repository.

    Opportunities and handoff packets are files; their stage, their clocks and the
    daily summary are computed from them.
    """


def main() -> None:
    """Run a command; errors of the environment end with exit code 3."""
    gc.disable()  # a run is short and builds what it keeps; collecting costs a third
    try:
        sys.exit(cli.main(prog_name="handoff", standalone_mode=False))
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(_INTERRUPTED)
    except HandoffError as error:
        _say(error)
        sys.exit(_COULD_NOT_EVALUATE)


def _say(error: HandoffError) -> None:
    sys.stderr.write(f"handoff: {terminal(error.message)}\n")
    sys.stderr.write(f"  do: {terminal(error.hint)}\n")
