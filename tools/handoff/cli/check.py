"""`handoff check`: judge records."""

import os
from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

import click

from handoff.cli.options import (
    cache_option,
    directory_option,
    format_option,
    moment_options,
    style_of_stdout,
    write,
)
from handoff.cli.session import BrokenPolicyError, Session, open_session
from handoff.model.errors import HandoffError
from handoff.model.identity import tree_of
from handoff.model.verdict import Verdict
from handoff.views.formats import CHECK_FORMATS, render_check

_POLICY_TREE = "schemas/"


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@moment_options
@directory_option
@format_option(*CHECK_FORMATS)
@click.option(
    "--base",
    metavar="REV",
    help="Judge the change since it departed from REV as well: HEAD before a commit, "
    "the branch to merge into in CI.",
)
@click.option(
    "--event",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="What the forge says of the change: the time it saw it, and from whom. In "
    "GitHub Actions $GITHUB_EVENT_PATH.",
)
@click.option(
    "--shadow",
    is_flag=True,
    help="Show what the rules found that policy only tries out; it fails nothing.",
)
@cache_option
def check(  # noqa: PLR0913 - one parameter for each option
    *,
    paths: tuple[Path, ...],
    rev: str | None,
    as_of: str | None,
    directory: Path,
    form: str,
    base: str | None,
    event: Path | None,
    shadow: bool,
    no_cache: bool,
) -> None:
    """Judge records: all of them, or the files and folders at PATHS.

    A record is judged together with what it refers to; with --base also how all files
    differ from what was on record. Exits with 0 if no error was
    found, 1 if one was, 2 if the command was typed wrongly, 3 if nothing can be judged
    here.
    """
    _refuse_odd_pairs(base, event, as_of)
    try:
        session = open_session(directory, rev, as_of, may_recall=not no_cache)
    except BrokenPolicyError as error:
        listed = len(error.diagnostics)
        write(render_check(form, Verdict(0, 0, error.diagnostics), style_of_stdout()))
        plural = "error" if listed == 1 else "errors"
        message = f"policy has {listed} {plural}, so no record was judged"
        raise HandoffError(message, "Correct schemas/policy first.") from None
    verdict = _judge(session, directory, paths, base, event)
    shown = replace(verdict, diagnostics=verdict.shadow) if shadow else verdict
    write(render_check(form, shown, style_of_stdout()))
    raise SystemExit(1 if verdict.failed and not shadow else 0)


def _refuse_odd_pairs(base: str | None, event: Path | None, as_of: str | None) -> None:
    if event and base is None:
        message = "--event tells of a change: add --base REV"
        raise click.UsageError(message)
    if as_of and base is not None:
        message = "--base judges a change as it arrives: leave --as-of out"
        raise click.UsageError(message)


def _judge(
    session: Session,
    directory: Path,
    paths: Sequence[Path],
    base: str | None,
    event: Path | None,
) -> Verdict:
    """Judge the records and, where there is a base, the change since it."""
    seen = None
    if event:
        from handoff.repository.forge_event import read_event  # noqa: PLC0415 - not for hooks

        seen = read_event(event)
        session = replace(session, now=seen.at)
    wanted = wanted_paths(session, directory, paths) if paths else None
    verdict = session.verdict(wanted)
    if base is None:
        return verdict
    from handoff.cli.gate import judge_since  # noqa: PLC0415 - only for a change

    return verdict.with_more(judge_since(session, base, seen))


def wanted_paths(
    session: Session,
    directory: Path,
    paths: Sequence[Path],
) -> set[str] | None:
    """Turn typed paths into records; `None` for all, where policy is among them."""
    root = session.git.root
    inside = [_relative(root, directory / path, path) for path in paths]
    known = session.snapshot.paths()
    wanted: set[str] = set()
    for path, typed in zip(inside, paths, strict=True):
        found = {k for k in known if k == path or k.startswith(f"{path}/")}
        if not found and not (directory / typed).is_dir():
            near = get_close_matches(path, known, n=1)
            guess = f"; nearest: `{near[0]}`" if near else ""
            message = f"there is no file or folder `{typed}`{guess}"
            raise click.UsageError(message)
        wanted |= found
    if "." in inside or any(path.startswith(_POLICY_TREE) for path in wanted):
        return None
    strangers = sorted(path for path in wanted if tree_of(path) is None)
    if strangers:
        where = "records are the files under opportunities/ and handoffs/"
        message = f"`{strangers[0]}` is not a record: {where}"
        raise click.UsageError(message)
    return wanted


def _relative(root: Path, path: Path, typed: Path) -> str:
    absolute = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links
    real_root = Path(os.path.realpath(root))
    for base in (root, real_root):
        if absolute.is_relative_to(base):
            return absolute.relative_to(base).as_posix()
    message = f"`{typed}` lies outside this repository"
    raise click.UsageError(message)
