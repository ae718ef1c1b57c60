"""The screen, or the log of a job: for teams that have no other channel."""

from dataclasses import dataclass

from handoff.connectors.carrier import Fate, Outcome, Surroundings, cannot_tell
from handoff.connectors.notification import Message
from handoff.policy.channels import Channel
from handoff.views.post import render_text


@dataclass(frozen=True, slots=True)
class Console:
    """Prints messages."""

    surroundings: Surroundings

    find = staticmethod(cannot_tell)

    def deliver(self, message: Message) -> Outcome:
        """Print a message; see `Carrier`."""
        self.surroundings.echo(f"{render_text(message.post)}\n")
        return Outcome(Fate.DELIVERED)


def connect(_: Channel, surroundings: Surroundings) -> Console:
    """Make the screen ready."""
    return Console(surroundings)
