"""What channels may use of the machine: environment, network, time, screen."""

import os
import random
import sys
from collections.abc import Callable
from threading import Event

from handoff.cli.clock import read_clock
from handoff.cli.network import open_network
from handoff.connectors.carrier import Surroundings
from handoff.connectors.retrying import Pace
from handoff.policy.policy import Policy
from handoff.repository.git import Git

_SLACK = "https://slack.com/api/"
_FORGE = "https://api.github.com"


def surroundings_of(
    git: Git, policy: Policy, echo: Callable[[str], None]
) -> Surroundings:
    """Lend channels what they need; of the environment only what policy names."""
    names = {n for c in policy.channels.channels.values() for n in c.variables}
    people = policy.roster.people.values()
    return Surroundings(
        variables={name: os.environ[name] for name in names if os.environ.get(name)},
        addresses={person.handle: person.addresses for person in people},
        send=open_network(),
        pace=Pace(read_clock, _wait, random.random),
        root=git.root,
        echo=echo,
        slack_url=f"{os.environ.get('SLACK_API_URL', _SLACK).rstrip('/')}/",
        forge_url=os.environ.get("GITHUB_API_URL", _FORGE),
    )


def _wait(seconds: float) -> None:
    Event().wait(seconds)


def say(text: str) -> None:
    """Put text on the error stream, where it never mixes with an answer."""
    sys.stderr.write(text)
    sys.stderr.flush()
