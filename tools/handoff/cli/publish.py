"""`handoff publish`: the summary of a date as a file of the branch of reports."""

from datetime import datetime
from pathlib import Path

import click

from handoff.cli.daily import summary_of
from handoff.cli.options import date_option, directory_option, write
from handoff.cli.session import open_session
from handoff.model.errors import HandoffError
from handoff.model.instant import day_of
from handoff.repository.branch import fetch_branch, offer_branch
from handoff.repository.ledger import BOT, remote_of
from handoff.views import daily_markdown

_BRANCH = "handoff-reports"
_ATTEMPTS = 3


@click.command()
@date_option
@click.option("--dry-run", "is_dry", is_flag=True, help="Only say what it would write.")
@directory_option
def publish(*, day: datetime | None, is_dry: bool, directory: Path) -> None:
    """Put the summary of a date on the branch of reports, for people without a channel.

    The branch holds nothing but summaries, so that it can be read or thrown away
    without touching a record.
    """
    session = open_session(directory, None, None)
    wanted = day.date() if day else day_of(session.now, session.policy.zone)
    text = daily_markdown.render(summary_of(session, wanted, directory, None))
    path = f"daily/{wanted:%Y/%m}/{wanted.isoformat()}.md"
    if is_dry:
        write(f"would write {path} on the branch {_BRANCH}\n")
        return
    git, remote = session.git, remote_of(session.git)
    if remote is None:
        message = "this clone has no remote `origin`, so nothing can be published"
        raise HandoffError(message, "Type `git remote add origin ADDRESS` first.")
    refused: str | None = ""
    for _ in range(_ATTEMPTS):
        branch = fetch_branch(git, remote, _BRANCH)
        if branch.read(git, path) == text.encode():
            write(f"published already: {path}\n")
            return
        files, said = {path: text.encode()}, f"Sum up {wanted.isoformat()}\n"
        refused = offer_branch(
            git, remote, branch, branch.tip, files, BOT, session.now, said
        )
        if refused is None:
            write(f"published: {path} on the branch {_BRANCH}\n")
            return
    message = f"the branch `{_BRANCH}` was not taken: {refused}"
    raise HandoffError(message, "Run it again in a minute.")
