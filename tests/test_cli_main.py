"""The boundary: commands, exit codes, errors of the environment, and the process."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from handoff import __version__
from handoff.cli.commands import COMMANDS
from handoff.cli.main import cli
from support.cli import ROOT, handoff, handoff_process, records
from support.git import Repository
from support.reports import SAMPLE, WON

_MOMENT = ("--rev", "HEAD", "--as-of", "2026-04-24T15:00:00+02:00")


def _commands() -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Give every command with what is typed for it, those of a group included."""
    for name in COMMANDS.keys() - {"merge-driver", "textconv"}:
        command = cli.get_command(click.Context(cli), name)
        assert command, name
        yield (name,), command
        if isinstance(command, click.Group):
            yield from (((name, inner), c) for inner, c in command.commands.items())


@pytest.mark.parametrize(("typed", "command"), [*_commands()])
def test_help_lists_every_option_with_its_meaning(
    typed: tuple[str, ...],
    command: click.Command,
) -> None:
    ran = handoff(*typed, "--help")
    assert ran.code == 0
    assert ran.out.startswith(f"Usage: handoff {' '.join(typed)}")
    assert len(command.get_short_help_str(200).split()) > 3
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name
            assert all(option in ran.out for option in parameter.opts)


def test_help_lists_every_command() -> None:
    ran = handoff("--help")
    assert ran.code == 0
    for name in COMMANDS.keys() - {"merge-driver", "textconv"}:
        assert f"\n  {name} " in ran.out


def test_the_version_is_the_one_of_the_package() -> None:
    ran = handoff("--version")
    assert (ran.code, ran.out) == (0, f"handoff, version {__version__}\n")


@pytest.mark.parametrize(
    "typed",
    [("nonsense",), ("check", "--nonsense"), ("explain", "a", "b"), ("completion",)],
)
def test_wrong_typing_exits_with_2(typed: tuple[str, ...]) -> None:
    ran = handoff(*typed)
    assert (ran.code, ran.out) == (2, "")
    assert "Usage: handoff" in ran.err


def test_a_misspelt_command_gets_the_nearest_name() -> None:
    ran = handoff("chek")
    assert (ran.code, ran.out) == (2, "")
    assert "Did you mean 'check'?" in ran.err


def test_a_folder_that_does_not_exist_exits_with_2(tmp_path: Path) -> None:
    ran = handoff("check", "-C", str(tmp_path / "gone"))
    assert ran.code == 2
    assert "does not exist" in ran.err


@pytest.mark.parametrize("name", ["check", "daily", "docs"])
def test_outside_a_repository_exits_with_3(name: str, tmp_path: Path) -> None:
    ran = handoff(name, at=tmp_path)
    assert (ran.code, ran.out) == (3, "")
    assert "is not a git repository" in ran.err
    assert "\n  do: " in ran.err


def test_a_file_name_cannot_write_to_the_terminal(tmp_path: Path) -> None:
    folder = tmp_path / "\x1b[2Jx"
    folder.mkdir()
    ran = handoff("check", "-C", str(folder))
    assert ran.code == 3
    assert "[2Jx" in ran.err
    assert "\x1b" not in ran.err


@pytest.mark.parametrize(
    ("content", "code"),
    [(WON, 0), (SAMPLE, 1)],
    ids=["clean", "with an error"],
)
def test_check_exits_with_its_verdict(
    content: dict[str, str],
    code: int,
    tmp_path: Path,
) -> None:
    assert handoff("check", at=records(tmp_path / "r", content)).code == code


def test_an_interrupt_exits_with_130() -> None:
    """Somebody presses Ctrl-C: the code shells expect, and no traceback."""
    script = (
        "from handoff.cli import main\n"
        "def interrupt(*_, **__): raise KeyboardInterrupt\n"
        "main.cli.main = interrupt\n"
        "main.main()\n"
    )
    done = subprocess.run(  # noqa: S603 - no shell
        [sys.executable, "-c", script],
        capture_output=True,
        check=False,
        env={"PYTHONPATH": str(ROOT / "tools")},
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")


def test_a_reader_that_leaves_is_no_error(tmp_path: Path) -> None:
    """`handoff explain | head` says nothing on stderr, whoever stopped reading."""
    repository = records(tmp_path / "r", {})
    with subprocess.Popen(
        [sys.executable, "-m", "handoff", "explain"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=repository.root,
        env={"PYTHONPATH": str(ROOT / "tools")},
    ) as process:
        assert process.stdout
        process.stdout.close()
        assert process.stderr
        assert process.stderr.read() == b""
    assert process.returncode == 0


@pytest.mark.parametrize("form", ["text", "json", "github", "sarif"])
def test_output_does_not_depend_on_the_machine(form: str, tmp_path: Path) -> None:
    """Same commit, same moment, same bytes: on any machine, at any second."""
    repository = records(tmp_path / "r")
    machines = (
        {"TZ": "UTC", "LC_ALL": "C", "PYTHONHASHSEED": "0"},
        {"TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"},
        {"TZ": "America/St_Johns", "LC_ALL": "POSIX", "PYTHONIOENCODING": "latin-1"},
    )
    typed = ("check", "--format", form, *_MOMENT)
    first, *others = [handoff_process(*typed, at=repository, env=m) for m in machines]
    assert first.code == 1
    assert first.out
    assert all(other == first for other in others)


def test_the_installed_script_runs() -> None:
    script = Path(sys.executable).with_name("handoff")
    assert script.exists(), "install the project first: see tools/test"
    done = subprocess.run(  # noqa: S603 - no shell
        [script, "--version"],
        capture_output=True,
        check=True,
        text=True,
    )
    assert done.stdout == f"handoff, version {__version__}\n"


def test_every_command_is_documented() -> None:
    pages = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    assert {name for name in COMMANDS if f"handoff {name}" not in text} == set()


def test_commands_start_in_any_folder_of_the_repository(repository: Repository) -> None:
    inner = repository.root / "opportunities" / "2026"
    made = records(repository.root)
    inner.mkdir(parents=True, exist_ok=True)
    assert handoff("check", at=inner) == handoff("check", at=made)
