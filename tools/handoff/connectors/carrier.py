"""What every channel is to the rest: it carries a message, or says why not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from handoff.connectors.http import Send
from handoff.connectors.notification import Message
from handoff.connectors.retrying import Pace
from handoff.model.errors import HandoffError
from handoff.policy.channels import Channel


class Fate(StrEnum):
    """How an attempt ended. UNKNOWN: it may have arrived."""

    DELIVERED = "delivered"
    FAILED = "failed"
    LATER = "later"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of one attempt.

    Attributes:
        detail: one clause for people; never a secret, never what a server wrote.
        evidence: what shows the delivery, such as the id the channel gave it.
    """

    fate: Fate
    detail: str = ""
    evidence: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a channel may use, lent by the command.

    Attributes:
        variables: the environment variables that policy names, as far as they are set.
        addresses: how each person can be written to, by handle.
        send: the way to the network.
        pace: the clock and how to wait.
        root: the folder of the repository, for channels that write files.
        echo: prints a line of text.
        slack_url: where Slack's methods are, with a slash at the end.
        forge_url: where the forge's API is.
    """

    variables: Mapping[str, str] = field(repr=False)
    addresses: Mapping[str, Mapping[str, str]]
    send: Send
    pace: Pace
    root: Path
    echo: Callable[[str], None]
    slack_url: str
    forge_url: str = "https://api.github.com"


class Carrier(Protocol):
    """A channel that is ready to be used."""

    def deliver(self, message: Message) -> Outcome:
        """Make one attempt. Whatever happens is an outcome, not an error."""
        ...

    def find(self, message: Message, since: datetime) -> bool | None:
        """Tell whether a message arrived since an instant; `None`: nobody can tell."""
        ...


def cannot_tell(_: Message, __: datetime) -> None:
    """Answer `find` for a channel that keeps no history."""
    return


def below(root: Path, path: str) -> Path:
    """Give the place of a file below the repository.

    Raises:
        HandoffError: a link leads out of the repository.
    """
    place = root / path
    if not place.resolve().is_relative_to(root.resolve()):
        message = f"`{path}` leads out of the repository"
        raise HandoffError(message, "Replace the link on the way by a folder.")
    return place


def missing_variables(
    channel: Channel, variables: Mapping[str, str]
) -> tuple[str, ...]:
    """Name the environment variables a channel needs and does not have."""
    return tuple(name for name in channel.variables if not variables.get(name))
