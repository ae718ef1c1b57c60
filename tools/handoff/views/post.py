"""What is said to people outside the terminal: plain text, and its form in a channel.

A post holds what people typed, as they typed it. Whoever renders it escapes.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from handoff.views.escaping import terminal


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is said.

    Attributes:
        heading: one line.
        lines: what belongs to it.
        link: address at which its record can be read, or empty.
    """

    heading: str
    lines: tuple[str, ...] = ()
    link: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """One message.

    Attributes:
        title: one line; the heading of its only item is not repeated.
        notes: what is to be known of the message itself.
    """

    title: str
    items: tuple[Item, ...]
    notes: tuple[str, ...] = ()


def post_of(items: tuple[Item, ...], title: str, *, short_above: int) -> Post:
    """Make a post: of one item the item itself, of many a list.

    Args:
        items: at least one.
        title: what stands over several.
        short_above: more items than this lose their lines.
    """
    if len(items) == 1:
        (item,) = items
        return Post(item.heading, (Item("", item.lines, item.link),))
    if len(items) > short_above:
        items = tuple(Item(item.heading, (), item.link) for item in items)
    return Post(title, items)


def render_text(post: Post) -> str:
    """Write a post as plain text, for mail, a file or the screen."""
    return "\n".join((terminal(post.title), *_notes(post), *_items(post))) + "\n"


def render_body(post: Post) -> str:
    """Write all but the title as plain text."""
    return "\n".join((*_notes(post), *_items(post))).lstrip("\n") + "\n"


def _notes(post: Post) -> Iterator[str]:
    yield from (f"({terminal(note)})" for note in post.notes)


def _items(post: Post) -> Iterator[str]:
    for item in post.items:
        yield ""
        if item.heading:
            yield terminal(item.heading)
        yield from (terminal(line) for line in item.lines)
        if item.link:
            yield terminal(item.link)


def as_data(post: Post) -> dict[str, object]:
    """Give a post as JSON has it."""
    return {
        "title": post.title,
        "notes": list(post.notes),
        "items": [
            {"heading": item.heading, "lines": list(item.lines), "link": item.link}
            for item in post.items
        ],
    }
