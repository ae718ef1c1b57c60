"""`handoff inbox`: what waits on a person or a role."""

from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

import click

from handoff.authoring.answers import Problem, person_problem
from handoff.cli.change import misuse
from handoff.cli.options import (
    cache_option,
    directory_option,
    format_option,
    moment_options,
    style_of_stdout,
    write,
)
from handoff.cli.session import open_session
from handoff.evaluation.inbox import inbox_of, waiting_in
from handoff.model.instant import day_of
from handoff.policy.policy import Policy
from handoff.views import inbox_json, inbox_text


@click.command()
@click.option("--role", metavar="ROLE", help="Whoever fills this role today.")
@click.option("--person", metavar="HANDLE", help="This person.")
@cache_option
@moment_options
@directory_option
@format_option("text", "json")
def inbox(  # noqa: PLR0913 - one argument per option, click's way
    *,
    role: str | None,
    person: str | None,
    no_cache: bool,
    rev: str | None,
    as_of: str | None,
    directory: Path,
    form: str,
) -> None:
    """List what waits: packets to acknowledge, returns to answer, clocks that run.

    --role is everybody who fills it today. With --person as well it is what waits on
    that person, and what waits on the role because nobody is named.
    """
    session = open_session(directory, rev, as_of).with_branches()
    session = replace(session, may_recall=not no_cache)
    policy = session.policy
    people: set[str] = set()
    if role:
        _check_role(policy, role)
        alike = policy.roster.roles.values()
        people |= {role, *(other.name for other in alike if other.held_by == role)}
    if role and not person:
        people.update(policy.roster.holders(role, day_of(session.now, policy.zone)))
    if person:
        if problem := person_problem(policy, "--person", person):
            misuse(problem)
        people.add(person)
    frame, shares = session.survey(waiting_in, lambda standing, _: standing.waiting)
    waiting = inbox_of(shares, people or None)
    if form == "json":
        write(inbox_json.render(waiting, frame))
    else:
        write(inbox_text.render(waiting, frame, style_of_stdout()))


def _check_role(policy: Policy, role: str) -> None:
    """Refuse a role that policy does not have, as a usage error."""
    roles = policy.roster.roles
    if role not in roles:
        near = get_close_matches(role, roles, n=1)
        hint = f"Did you mean `{near[0]}`?" if near else f"Roles: {', '.join(roles)}."
        misuse(Problem(f"--role: `{role}` is not a role of policy", hint))
