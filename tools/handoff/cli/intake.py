"""`handoff intake`: a filled-in form becomes a record on a branch."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

from handoff.authoring.answers import Problem
from handoff.authoring.intake import Stated, find_opportunity, recognise
from handoff.authoring.issue_forms import forms
from handoff.authoring.proposal import Filled, Proposal
from handoff.cli.forge import open_forge
from handoff.cli.options import directory_option, write
from handoff.cli.session import Session, open_session
from handoff.connectors.desk import ask_for_review, keep_comment
from handoff.connectors.github import GitHub
from handoff.model.errors import HandoffError
from handoff.model.instant import day_of
from handoff.records.register import load_register
from handoff.repository.branch import Branch, fetch_branch, offer_branch
from handoff.repository.git import Git
from handoff.repository.issue_event import Issue, read_issue
from handoff.repository.ledger_commit import Author
from handoff.views.escaping import terminal
from handoff.views.intake_markdown import Taken, issue_comment, pull_body, refusal

_MARKER = "intake"
_REMOTE = "origin"
_REQUESTS = 100
# The address by which the forge knows the account of its jobs: a commit by somebody it
# does not know could be by the reviewer, and no approval of it would count.
_BOT = Author(
    "github-actions[bot]",
    "41898282+github-actions[bot]@users.noreply.github.com",
)
_ELSEWHERE = (
    "somebody went on with the record on its branch, so this form no longer changes "
    "it: correct the file in the pull request"
)


@dataclass(frozen=True, slots=True)
class Desk:
    """What an intake works with.

    Attributes:
        github: the forge; `None` for a dry run.
        default: the branch that pull requests go to.
    """

    session: Session
    issue: Issue
    branch: Branch
    github: GitHub | None
    default: str

    @property
    def by(self) -> str:
        """Handle of who filled the form in; empty for somebody unknown."""
        people = self.session.policy.roster.people.values()
        return next((p.handle for p in people if p.account == self.issue.account), "")


@click.command()
@click.option(
    "--event",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    envvar="GITHUB_EVENT_PATH",
    required=True,
    metavar="FILE",
    help="What the forge says of the issue; GITHUB_EVENT_PATH names it in a job.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@directory_option
def intake(*, event: Path, dry_run: bool, directory: Path) -> None:
    """Make a record of a filled-in form, on a branch with a pull request.

    What is missing is named in one comment on the issue, which is kept up to date; the
    record is made all the same. It can be run again at any time, and does nothing
    twice. Exits with 1 if no record could be made.
    """
    issue = read_issue(event)
    desk = _open(directory, issue, is_dry=dry_run)
    stated = recognise(issue.body, forms(desk.session.policy))
    if stated is None:
        write(f"issue {issue.number} was not made with a form of ours\n")
        return
    found = _proposed(desk, stated)
    if isinstance(found, Problem):
        _refuse(desk, found, stated)
        raise SystemExit(1)
    if not found.content:
        write(f"on record already: {terminal(found.title)}\n")
        return
    _hand_in(desk, found, stated)


def _open(directory: Path, issue: Issue, *, is_dry: bool) -> Desk:
    git = Git.discover(directory)
    name = f"handoff/issue-{issue.number}"
    if is_dry:
        session = open_session(directory, "HEAD", None)
        return Desk(session, issue, Branch(name, ""), None, "")
    github, _ = open_forge(_REQUESTS)
    default = github.default_branch()
    base = fetch_branch(git, _REMOTE, default).tip
    branch = fetch_branch(git, _REMOTE, name)
    return Desk(open_session(directory, base, None), issue, branch, github, default)


def _proposed(desk: Desk, stated: Stated) -> Proposal | Problem:
    if not (desk.by or desk.issue.is_inside):
        message = "the account that opened this issue is nobody's here"
        hint = "Ask for its number to be written into schemas/policy/people.yaml."
        return Problem(message, hint)
    session = desk.session
    known = load_register(session.snapshot, session.policy).opportunities
    deal = find_opportunity(stated.opportunity, known)
    if isinstance(deal, Problem):
        return deal
    earlier = partial(desk.branch.read, session.git)
    at = desk.issue.at
    form = Filled(stated, deal, session.snapshot, session.policy, desk.by, at, earlier)
    return form.propose()


def _refuse(desk: Desk, problem: Problem, stated: Stated) -> None:
    write(f"no record was made: {terminal(problem.message)}\n")
    write(f"  do: {terminal(problem.hint)}\n")
    said = refusal(problem.message, problem.hint, stated.left_out)
    if desk.github:
        keep_comment(desk.github, desk.issue.number, _MARKER, said)


def _hand_in(desk: Desk, found: Proposal, stated: Stated) -> None:
    is_ours = desk.branch.last_by in {"", _BOT.email}
    notes = [*stated.left_out, *_unknown(desk), *([] if is_ours else [_ELSEWHERE])]
    gaps = found.gaps if is_ours else ()
    taken = Taken(found.path, gaps, notes, is_filed=found.is_filed and is_ours)
    _say(desk, taken)
    github, issue = desk.github, desk.issue
    if github is None:
        return
    if is_ours and desk.branch.read(desk.session.git, found.path) != found.content:
        _push(desk, found)
    owner = github.api.repository.split("/")[0]
    pull = github.pull_of(owner, desk.branch.name)
    if pull is None:
        body = pull_body(taken, issue.number)
        title = terminal(found.title)
        pull = github.create_pull(title, desk.branch.name, desk.default, body)
        if refused := ask_for_review(github, pull, _receivers(desk)):
            notes.append(f"nobody was asked for a review: {refused}")
    keep_comment(github, issue.number, _MARKER, issue_comment(taken, pull))
    write(f"pull request {pull}\n")


def _unknown(desk: Desk) -> list[str]:
    if desk.by:
        return []
    said = (
        f"account {desk.issue.account} is nobody's in schemas/policy/people.yaml, so "
        "the record does not say by whom it is; add it there, then edit this issue"
    )
    return [said]


def _say(desk: Desk, taken: Taken) -> None:
    done = "record" if desk.github else "would write"
    write(f"{done}: {taken.path} on the branch {desk.branch.name}\n")
    for gap in taken.gaps:
        write(f"  missing or wrong: {terminal(gap.message)}\n")
    for note in taken.notes:
        write(f"  note: {terminal(note)}\n")
    if taken.is_filed:
        write("  complete, so it is filed\n")


def _push(desk: Desk, found: Proposal) -> None:
    """Add the record to its branch.

    Raises:
        HandoffError: the remote did not take it.
    """
    parent = desk.branch.tip or desk.session.snapshot.label
    message = (
        f"{terminal(found.title)}\n\nFrom the form in issue {desk.issue.number}.\n"
    )
    files = {found.path: found.content}
    refused = offer_branch(
        desk.session.git,
        _REMOTE,
        desk.branch,
        parent,
        files,
        _BOT,
        desk.issue.at,
        message,
    )
    if refused:
        said = f"`{desk.branch.name}` could not be pushed: {refused}"
        raise HandoffError(said, "Run it again: it goes on where it stopped.")


def _receivers(desk: Desk) -> list[str]:
    """Name the logins of those who may acknowledge, without who filled it in."""
    roster = desk.session.policy.roster
    today = day_of(desk.issue.at, desk.session.policy.zone)
    holders = roster.holders(roster.acknowledged_by, today)
    asked = [roster.people[handle].login for handle in holders if handle != desk.by]
    return [login for login in asked if login]
