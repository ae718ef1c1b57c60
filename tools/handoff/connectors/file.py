"""A file that gets one line of JSON for each message."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from handoff.connectors.carrier import Fate, Outcome, Surroundings, below
from handoff.connectors.notification import Message
from handoff.model.instant import format_instant
from handoff.policy.channels import Channel
from handoff.views.post import as_data


@dataclass(frozen=True, slots=True)
class File:
    """A file below the repository."""

    path: Path
    surroundings: Surroundings

    def deliver(self, message: Message) -> Outcome:
        """Add a line and see it on the disk; see `Carrier`."""
        line = {
            "version": 1,
            "id": message.id,
            "at": format_instant(self.surroundings.pace.clock()),
            "recipient": str(message.recipient),
            "kinds": [str(n.kind) for n in message.notifications],
            "records": [n.record for n in message.notifications],
            **as_data(message.post),
        }
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("ab") as opened:
                opened.write(json.dumps(line, sort_keys=True).encode() + b"\n")
        except OSError:
            return Outcome(Fate.FAILED, "the file cannot be written")
        return Outcome(Fate.DELIVERED)

    def find(self, message: Message, _: datetime) -> bool | None:
        """Look for a message in the file; see `Carrier`."""
        try:
            return any(line.get("id") == message.id for line in self._lines())
        except (OSError, ValueError):
            return None

    def _lines(self) -> Iterator[dict[str, object]]:
        if not self.path.exists():
            return
        for line in self.path.read_bytes().splitlines():
            found = json.loads(line)
            yield found if isinstance(found, dict) else {}


def connect(channel: Channel, surroundings: Surroundings) -> File:
    """Make a file ready."""
    return File(below(surroundings.root, channel.settings["path"]), surroundings)
