"""`handoff calendar`: calendars of policy."""

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

import click

from handoff.authoring.closing import close_days, undecided
from handoff.authoring.public_holidays import (
    Holiday,
    UnknownPlaceError,
    public_holidays,
)
from handoff.cli.files import write_atomically
from handoff.cli.options import directory_option, write
from handoff.cli.session import open_session
from handoff.model.calendar import ALWAYS
from handoff.model.errors import HandoffError
from handoff.model.instant import day_of
from handoff.policy.clocks import read_calendars
from handoff.repository.snapshot import Unreadable
from handoff.views.escaping import terminal

_PATH = "schemas/policy/calendars.yaml"
_YEARS = click.IntRange(1970, 2999)


@click.group("calendar")
def calendar_() -> None:
    """Look after the calendars of policy."""


@calendar_.command("holidays")
@click.argument("country")
@click.argument("years", metavar="YEAR...", nargs=-1, required=True, type=_YEARS)
@click.option("--subdivision", default="", metavar="CODE", help="State or region.")
@click.option(
    "--calendar", "name", metavar="NAME", help="Which calendar; the first by default."
)
@click.option("--dry-run", is_flag=True, help="Say what would be added, write nothing.")
@directory_option
def holidays(  # noqa: PLR0913 - one argument per option, click's way
    *,
    country: str,
    years: tuple[int, ...],
    subdivision: str,
    name: str | None,
    dry_run: bool,
    directory: Path,
) -> None:
    """Close a calendar on the public holidays of COUNTRY in each YEAR.

    COUNTRY and --subdivision are codes of ISO 3166, as in DE and BE. The days are
    written into schemas/policy/calendars.yaml, where they stay as they are until
    somebody changes them; days that the calendar speaks of already are left alone.
    Review the change like any other before you commit it.
    """
    try:
        found = public_holidays(country.upper(), subdivision.upper(), sorted({*years}))
    except UnknownPlaceError as error:
        raise click.UsageError(str(error)) from error
    session = open_session(directory, None, None)
    content = session.snapshot.read(_PATH)
    if isinstance(content, Unreadable):
        message = f"`{_PATH}` cannot be read: {content.reason}"
        raise HandoffError(message, "Run `handoff init` to add what is missing.")
    header = session.policy.documents["calendars"].header
    calendars = read_calendars(header)
    chosen = _chosen(name, tuple(n for n in calendars if n != ALWAYS.name))
    new = undecided(calendars[chosen], found)
    today = day_of(session.now, session.policy.zone)
    edited = close_days(content, header, chosen, new, today)
    if not dry_run:
        write_atomically(session.git.root / _PATH, edited)
    write(_said(chosen, found, new, dry_run=dry_run))


def _chosen(name: str | None, known: Sequence[str]) -> str:
    """Choose a calendar that the file lists.

    Raises:
        click.UsageError: there is none, or none of that name.
    """
    if not known:
        message = f"{_PATH} lists no calendar; `{ALWAYS.name}` has no holidays"
        raise click.UsageError(message)
    if name is None:
        return known[0]
    if name not in known:
        near = get_close_matches(name, known, n=1)
        guess = f"; nearest: {near[0]}" if near else f"; known: {', '.join(known)}"
        message = f"policy has no calendar {name!r}{guess}"
        raise click.UsageError(message)
    return name


def _said(
    name: str, found: Sequence[Holiday], new: Sequence[Holiday], *, dry_run: bool
) -> str:
    lines = [terminal(f"  {each.day} {each.name}") for each in new]
    verb = "would close" if dry_run else "closed"
    left = len(found) - len(new)
    ending = f"{verb} `{name}` on {len(new)} of {len(found)} holidays"
    if left:
        ending += f"; {left} decided already"
    return "\n".join((*lines, ending)) + "\n"
