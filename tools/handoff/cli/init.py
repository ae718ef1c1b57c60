"""`handoff init`: a new handoff repository, or this clone of one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import click

from handoff.authoring.answers import Problem
from handoff.authoring.roster import FORM, NewPerson, read_person, with_people
from handoff.cli.asking import is_interactive, say_problem
from handoff.cli.author import no_input_option
from handoff.cli.change import misuse
from handoff.cli.clock import read_clock
from handoff.cli.clone import set_up_clone
from handoff.cli.files import write_atomically
from handoff.cli.options import write
from handoff.cli.starter import (
    MANIFEST,
    copied_files,
    digest_of,
    made_files,
    read_manifest,
    write_manifest,
)
from handoff.document.document import read_yaml_file
from handoff.model.errors import HandoffError
from handoff.model.identity import TREES
from handoff.views.escaping import terminal

_ENFORCED = "enforced_from:"
_CLOCKS = "schemas/policy/clocks.yaml"
_PEOPLE = "schemas/policy/people.yaml"


@click.command()
@click.argument(
    "directory",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
)
@click.option(
    "--enforce-from",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="First day on which gates and clocks apply; older facts are imported history.",
)
@click.option(
    "--person",
    "typed",
    multiple=True,
    metavar=f"'{FORM}'",
    help="Somebody of yours, as in 'Dana Okafor, deal-owner+approver, @dana-o'. "
    "Repeatable.",
)
@no_input_option
def init(
    *,
    directory: Path,
    enforce_from: datetime | None,
    typed: tuple[str, ...],
    no_input: bool,
) -> None:
    """Make DIRECTORY, or this folder, a handoff repository.

    Writes schemas, policy, workflows, forms and hooks. Files that are there already are
    left alone, so it can be run again, also to set up a fresh clone. In a terminal it
    asks who your people are; without any, the ones in schemas/policy/people.yaml are an
    example.
    """
    files = dict(copied_files())
    is_new = not (directory / _PEOPLE).exists()
    roles = _roles(files[_PEOPLE])
    people = [_person(text, roles) for text in typed]
    if not people and is_new and is_interactive(no_input=no_input):
        people = _asked(roles)
    original = {path: digest_of(content) for path, content in files.items()}
    if enforce_from:
        files[_CLOCKS] = _with_date(files[_CLOCKS], enforce_from)
    if people:
        since = (enforce_from or read_clock()).date()
        text = files[_PEOPLE].decode()
        files[_PEOPLE] = with_people(text, people, since).encode()
    for tree in TREES.values():
        (directory / tree).mkdir(parents=True, exist_ok=True)
    written = _written(directory, files)
    made, trouble = _made(directory)
    written += _written(directory, made)
    digests = {**original, **{p: digest_of(c) for p, c in made.items()}}
    _remember(directory, {path: digests[path] for path in written})
    write(f"{len(written)} files written below {directory}\n{trouble}")
    write(set_up_clone(directory))
    if is_new:
        write(_next_steps(has_people=bool(people)))


def _written(directory: Path, files: Mapping[str, bytes]) -> list[str]:
    """Write the files that are not there; name them."""
    written = []
    for path, content in files.items():
        target = directory / path
        if not (target.exists() or target.is_symlink()):
            write_atomically(target, content)
            written.append(path)
    return written


def _made(directory: Path) -> tuple[Mapping[str, bytes], str]:
    """Make what is made of policy; while that is broken nothing, and say so."""
    try:
        return made_files(_schemas_of(directory)), ""
    except HandoffError as error:
        again = "correct it, then type `handoff init` again"
        return {}, f"forms are not made yet: {terminal(error.message)}: {again}\n"


def _schemas_of(directory: Path) -> Mapping[str, bytes]:
    paths = (path for path in (directory / "schemas").rglob("*") if path.is_file())
    return {path.relative_to(directory).as_posix(): path.read_bytes() for path in paths}


def _remember(directory: Path, digests: Mapping[str, str]) -> None:
    path = directory / MANIFEST
    known = read_manifest(path.read_text(encoding="utf-8")) if path.exists() else {}
    if digests:
        write_atomically(path, write_manifest({**known, **digests}))


def _with_date(content: bytes, enforce_from: datetime) -> bytes:
    dated = f"{_ENFORCED} {enforce_from.date().isoformat()}"
    lines = content.decode().split("\n")
    changed = (dated if line.startswith(_ENFORCED) else line for line in lines)
    return "\n".join(changed).encode()


def _roles(people: bytes) -> Sequence[str]:
    document, _ = read_yaml_file(_PEOPLE, people)
    roles = document.header["roles"] if document else {}
    return list(roles) if isinstance(roles, Mapping) else []


def _person(text: str, roles: Sequence[str]) -> NewPerson:
    found = read_person(text, roles)
    return misuse(found) if isinstance(found, Problem) else found


def _asked(roles: Sequence[str]) -> list[NewPerson]:
    """Ask for people until nothing is typed."""
    click.echo(f"Who are your people? One a line: {FORM}; Enter ends.", err=True)
    click.echo(f"  Roles: {', '.join(roles)}", err=True)
    people: list[NewPerson] = []
    while typed := _line():
        found = read_person(typed, roles)
        if isinstance(found, Problem):
            say_problem(found)
        else:
            people.append(found)
    return people


def _line() -> str:
    typed: str = click.prompt(
        ">", default="", show_default=False, prompt_suffix=" ", err=True
    )
    return typed.strip()


def _next_steps(*, has_people: bool) -> str:
    people = (
        "" if has_people else f"  edit {_PEOPLE}: the people there are an example\n"
    )
    return f"next:\n{people}  git add --all; git commit\n  handoff doctor\n"
