"""`handoff completion`: what a shell needs to complete commands and options."""

import click
from click.shell_completion import get_completion_class

from handoff.cli.options import write


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script for SHELL.

    For bash: `handoff completion bash >> ~/.bashrc`, then open a new shell.
    """
    kind = get_completion_class(shell)
    root = click.get_current_context().find_root().command
    if kind is not None:
        write(kind(root, {}, "handoff", "_HANDOFF_COMPLETE").source() + "\n")
