"""A message, for tests of channels."""

from datetime import UTC, datetime

from handoff.connectors.notification import Kind, Message, Notification, Recipient
from handoff.policy.channels import Channel
from handoff.views.post import Item, Post

NOW = datetime(2026, 4, 22, 12, tzinfo=UTC)
HOSTILE = "\x1b[2J::error::<!channel> *b* \u202e\n# x"


def message(
    channel: str, person: str = "", *, key: str = "k1", title: str = "A deal: overdue"
) -> Message:
    """Write a message with one alarm."""
    recipient = Recipient(Channel(channel, "console", "", NOW.date(), {}), person)
    item = Item("", ("It waits.", HOSTILE), "https://forge.example/a.md")
    told = Notification(
        Kind.BREACH, "a-deal", "", 1, "c", "breach", recipient, NOW, NOW, item
    )
    return Message(key, recipient, (told,), Post(title, (item,)))
