"""`handoff policy`: what a change of policy changes."""

from dataclasses import replace
from pathlib import Path

import click

from handoff.cli.options import (
    directory_option,
    format_option,
    moment_options,
    style_of_stdout,
    write,
)
from handoff.cli.session import BrokenPolicyError, Session, open_session
from handoff.evaluation.flips import Side, as_if_always, effects_of, share_of
from handoff.policy.policy import load_policy
from handoff.records.register import load_part
from handoff.repository.snapshot import CommitSnapshot
from handoff.views import policy_diff_json, policy_diff_text


@click.group("policy")
def policy_() -> None:
    """Look at policy itself."""


@policy_.command("diff")
@click.argument("base", metavar="BASE")
@click.option(
    "--what-if",
    "is_what_if",
    is_flag=True,
    help="Judge by the newest version of each clock, whenever a reading started.",
)
@moment_options
@directory_option
@format_option("text", "json")
def diff(  # noqa: PLR0913 - one argument per option, click's way
    *,
    base: str,
    is_what_if: bool,
    rev: str | None,
    as_of: str | None,
    directory: Path,
    form: str,
) -> None:
    """Judge the same records under the policy of BASE and under the policy now.

    Shows which readings of clocks, open and closed, would get another verdict, which
    deals another stage, and how many errors there would be. It is a report: it exits
    with 0 whatever it finds, 3 if one of the two policies is broken.
    """
    session = open_session(directory, rev, as_of)
    old, found = load_policy(CommitSnapshot(session.git, base))
    if old is None:
        raise BrokenPolicyError(found)
    new = as_if_always(session.policy) if is_what_if else session.policy
    sides = (_side(replace(session, policy=policy)) for policy in (old, new))
    effects = effects_of(*sides)
    if form == "json":
        write(policy_diff_json.render(effects, is_what_if=is_what_if))
    else:
        style = style_of_stdout()
        write(policy_diff_text.render(effects, style, is_what_if=is_what_if))


def _side(session: Session) -> Side:
    """Ask about all records under the policy of a session."""
    policy, snapshot = session.policy, session.snapshot
    waived = {waiver.record for waiver in policy.waivers} & {*snapshot.paths()}
    frame, shares = session.survey(share_of)
    return Side(frame, shares, load_part(snapshot, policy, waived))
