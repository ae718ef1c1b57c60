"""`handoff completion`: the script for each shell, and what it offers."""

import shutil
import subprocess

import click
import pytest

from handoff.cli.commands import COMMANDS
from handoff.cli.main import cli
from handoff.evaluation.rules import CATALOGUE
from support.cli import handoff

_SHELLS = ("bash", "zsh", "fish")


@pytest.mark.parametrize("shell", _SHELLS)
def test_every_shell_has_its_script(shell: str) -> None:
    ran = handoff("completion", shell)
    assert (ran.code, ran.err) == (0, "")
    assert f"_HANDOFF_COMPLETE={shell}_complete" in ran.out


def test_the_script_is_one_that_bash_accepts() -> None:
    bash = shutil.which("bash")
    assert bash
    script = handoff("completion", "bash").out
    subprocess.run([bash, "-n"], input=script, check=True, text=True)  # noqa: S603 - no shell text of others


def test_another_shell_is_refused() -> None:
    ran = handoff("completion", "tcsh")
    assert ran.code == 2
    assert "'tcsh' is not one of 'bash', 'zsh', 'fish'" in ran.err


def _offered(typed: str) -> set[str]:
    words = typed.split(" ")
    position = str(len(words) - 1)
    asked = {"_HANDOFF_COMPLETE": "bash_complete", "COMP_WORDS": typed}
    ran = handoff(env={**asked, "COMP_CWORD": position})
    return {line.split(",")[-1] for line in ran.out.splitlines()}


def test_commands_for_people_are_offered() -> None:
    """Those that only git runs are hidden."""
    context = click.Context(cli)
    commands = {name: cli.get_command(context, name) for name in COMMANDS}
    visible = {
        name for name, command in commands.items() if command and not command.hidden
    }
    assert _offered("handoff ") == visible
    assert _offered("handoff che") == {"check"}


def test_rules_are_offered() -> None:
    assert _offered("handoff explain missing-s") == {
        name for name in CATALOGUE if name.startswith("missing-s")
    }
    assert _offered("handoff explain ") == set(CATALOGUE)


def test_options_and_their_values_are_offered() -> None:
    assert {"--rev", "--as-of", "--format"} <= _offered("handoff check --")
    assert _offered("handoff check --format ") == {"text", "json", "github", "sarif"}
