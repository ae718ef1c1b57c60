"""`handoff history`: who changed what of a deal, when, and in which commit."""

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
from handoff.evaluation.chronicle import chronicle
from handoff.views import history_json, history_text


@click.command()
@click.argument("record", metavar="ID")
@moment_options
@directory_option
@format_option("text", "json")
def history(
    record: str, *, rev: str | None, as_of: str | None, directory: Path, form: str
) -> None:
    """Tell what each commit changed in a deal, field by field, oldest first.

    ID is an opportunity, with its packets, or one packet. Commits that changed only
    the layout are left out; a record that was renamed or removed keeps its history.
    What is not committed yet has none: `handoff diff HEAD` shows it.
    """
    session = open_history(directory, rev, as_of)
    deal = read_deal(session, record)
    chapters = chronicle(deal.lineage, deal.read, deal.stage)
    if form == "json":
        write(history_json.render(record, deal.lineage.rev, chapters))
    else:
        style = style_of_stdout()
        write(history_text.render(chapters, session.policy.zone, style))
