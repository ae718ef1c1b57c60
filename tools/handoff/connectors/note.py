"""A folder of notes: a page for each message, in a folder of its recipient."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from handoff.connectors.carrier import Fate, Outcome, Surroundings, below
from handoff.connectors.notification import Message
from handoff.policy.channels import Channel
from handoff.views.post_markdown import render

_EVERYBODY = "everybody"


@dataclass(frozen=True, slots=True)
class Notes:
    """A folder below the repository."""

    folder: Path

    def deliver(self, message: Message) -> Outcome:
        """Write a page; a second attempt writes the same page again."""
        path = self._path(message)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(render(message.post).encode())
        except OSError:
            return Outcome(Fate.FAILED, "the note cannot be written")
        return Outcome(Fate.DELIVERED)

    def find(self, message: Message, _: datetime) -> bool | None:
        """Tell whether the page is there."""
        return self._path(message).exists()

    def _path(self, message: Message) -> Path:
        """Name a page; handles and records are slugs, so that none leads elsewhere."""
        first = message.notifications[0]
        name = f"{first.kind}-{first.record}-{message.id[:8]}.md"
        return self.folder / (message.recipient.person or _EVERYBODY) / name


def connect(channel: Channel, surroundings: Surroundings) -> Notes:
    """Make a folder of notes ready."""
    return Notes(below(surroundings.root, channel.settings["path"]))
