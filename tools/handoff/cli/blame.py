"""`handoff blame`: which commit gave a field the value it has."""

from difflib import get_close_matches
from pathlib import Path

import click

from handoff.cli.deal_history import open_history, read_deal
from handoff.cli.options import (
    directory_option,
    format_option,
    moment_options,
    style_of_stdout,
    write,
)
from handoff.evaluation.chronicle import Origin, origins
from handoff.evaluation.differences import SECTIONS, Name
from handoff.views import history_json, history_text


@click.command()
@click.argument("record", metavar="ID")
@click.argument("field", required=False)
@moment_options
@directory_option
@format_option("text", "json")
def blame(  # noqa: PLR0913 - one argument per option, click's way
    record: str,
    field: str | None,
    *,
    rev: str | None,
    as_of: str | None,
    directory: Path,
    form: str,
) -> None:
    """Tell who wrote each value of a record, when, and in which commit.

    FIELD is a name as `promises.P2.due`, `events.3` or `pricing`, or the heading of a
    section; without it, every value is listed. Moving or reformatting a value does
    not change who wrote it.
    """
    session = open_history(directory, rev, as_of)
    deal = read_deal(session, record)
    found = origins(deal.lineage, deal.read)
    if field is not None:
        found = _named(found, field)
    if form == "json":
        write(history_json.render_origins(record, deal.lineage.rev, found))
        return
    style, zone = style_of_stdout(), session.policy.zone
    write(history_text.render_origins(found, zone, style, is_whole=field is not None))


def _named(found: tuple[Origin, ...], field: str) -> tuple[Origin, ...]:
    """Keep the values at or below what a person named.

    Raises:
        click.UsageError: nothing has that name; gives the nearest names.
    """
    wanted = _plain(field)
    matching = tuple(o for o in found if _is_below(_typed(o.name), wanted))
    if matching:
        return matching
    names = {_typed(o.name[:length]) for o in found for length in range(1, 4)}
    near = get_close_matches(field, sorted(names), n=3)
    guess = f"; nearest: {', '.join(near)}" if near else ""
    message = f"the record has no value named {field!r}{guess}"
    raise click.UsageError(message)


def _typed(name: Name) -> str:
    """Write a name as it is typed; a section goes by its heading."""
    return name[-1] if name[0] == SECTIONS else ".".join(name)


def _is_below(name: str, wanted: str) -> bool:
    plain = _plain(name)
    return plain == wanted or plain.startswith(f"{wanted}.")


def _plain(text: str) -> str:
    return text.strip().casefold().replace("_", " ").replace("-", " ")
