"""`handoff doctor`: what is off, or set and without effect, and how to set it."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from handoff.cli.checkup_local import check_local
from handoff.cli.options import directory_option, format_option, write
from handoff.model.checkup import Health, Symptom
from handoff.model.errors import HandoffError
from handoff.policy.channels import Channel
from handoff.policy.policy import load_policy
from handoff.repository.git import Git
from handoff.repository.ledger_refs import BRANCH
from handoff.repository.snapshot import WorktreeSnapshot
from handoff.views.escaping import json_text, terminal

_REQUESTS = 50
_FORGE = ("GITHUB_REPOSITORY", "GITHUB_TOKEN")


@click.command()
@click.option("--offline", is_flag=True, help="Ask neither the forge nor Slack.")
@directory_option
@format_option("text", "json")
def doctor(*, offline: bool, directory: Path, form: str) -> None:
    """Look at this clone and at the live settings of the forge, and change nothing.

    The forge is asked where GITHUB_REPOSITORY and GITHUB_TOKEN are set; the token needs
    to read administration, contents and actions. Exits with 1 if something is off.
    """
    git = Git.discover(directory)
    found = [*check_local(git)]
    found += [] if offline else [*_elsewhere(git)]
    write(_json(found) if form == "json" else _text(found))
    raise SystemExit(any(each.health is Health.OFF for each in found))


def _elsewhere(git: Git) -> Iterator[Symptom]:
    """Ask forge and channels as far as there are tokens; say so where there is none."""
    from handoff.connectors.checkup import check_forge  # noqa: PLC0415 - network

    if missing := [name for name in _FORGE if not os.environ.get(name)]:
        said = f"not asked, {missing[0]} is not set"
        hint = "Set GITHUB_REPOSITORY (as in acme/handoffs) and GITHUB_TOKEN."
        yield Symptom("forge", Health.UNKNOWN, said, hint)
    else:
        from handoff.cli.forge import open_forge  # noqa: PLC0415 - network

        github, _ = open_forge(_REQUESTS)
        yield from check_forge(github.api, BRANCH)
    policy, _ = load_policy(WorktreeSnapshot(git))
    for channel in policy.channels.channels.values() if policy else ():
        yield from _channel(channel)


def _channel(channel: Channel) -> Iterator[Symptom]:
    area = f"channel {channel.name}"
    for name in channel.variables:
        if not os.environ.get(name):
            hint = (
                f"On the forge: Settings, Secrets and variables, Actions: add {name}."
            )
            yield Symptom(area, Health.UNKNOWN, f"{name} is not set here", hint)
    token = os.environ.get(str(channel.settings.get("token_from", "")), "")
    if channel.kind == "slack" and token:
        from handoff.cli.network import open_network  # noqa: PLC0415 - network
        from handoff.connectors.checkup_slack import check_slack  # noqa: PLC0415

        url = os.environ.get("SLACK_API_URL", "")
        try:
            yield from check_slack(channel, token, open_network(), url)
        except HandoffError as error:
            yield Symptom(area, Health.UNKNOWN, error.message, error.hint)


def _text(found: Sequence[Symptom]) -> str:
    lines = []
    for each in found:
        said = f"{terminal(each.area)}: {terminal(each.said)}"
        lines.append(f"{each.health:8}{said}")
        lines += [f"          do: {terminal(each.hint)}"] if each.hint else []
    off = sum(each.health is Health.OFF for each in found)
    unknown = sum(each.health is Health.UNKNOWN for each in found)
    lines.append(f"{len(found)} looked at, {off} off, {unknown} unknown")
    return "\n".join(lines) + "\n"


def _json(found: Sequence[Symptom]) -> str:
    listed = [
        {"area": s.area, "health": s.health, "said": s.said, "hint": s.hint}
        for s in found
    ]
    return json_text({"version": 1, "settings": listed})
