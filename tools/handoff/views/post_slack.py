"""A post as Slack takes it: blocks, and the text of the notification on a phone.

What people typed stands in `plain_text`, in which nothing is markup, no mention calls
anybody and no link hides its target. Limits are those of Slack's reference of blocks:
150 characters in a header, 3,000 in a section, 50 blocks; all blocks together are
refused from about 13,000 characters on, and the text from 40,000.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from handoff.views.escaping import plain_lines, slack
from handoff.views.post import Item, Post

_HEADER = 150
_SECTION = 3_000
_ALL_BLOCKS = 12_000
_BLOCKS = 50
_TEXT = 4_000  # of 40,000 allowed; a notification shows a few lines
_CUT = "…"

Block = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Slacked:
    """Blocks, and the text that stands for them where they are not shown."""

    text: str
    blocks: tuple[Block, ...]


def render(post: Post) -> Slacked:
    """Write a post within the limits; what does not fit is said, never dropped."""
    head = [_header(post.title), *(_context(note) for note in post.notes)]
    blocks, size = [*head], sum(len(str(block)) for block in head)
    for number, item in enumerate(post.items):
        own = list(_item(item))
        size += sum(len(str(block)) for block in own)
        is_last = number + 1 == len(post.items)
        if size > _ALL_BLOCKS or len(blocks) + len(own) > _BLOCKS - (not is_last):
            blocks.append(_section(_remainder(len(post.items) - number)))
            break
        blocks += own
    return Slacked(_text(post), tuple(blocks))


def _remainder(number: int) -> str:
    items = "1 more is" if number == 1 else f"{number:,} more are"
    return f"{_CUT} {items} not shown here: type `handoff sla` to see everything."


def _text(post: Post) -> str:
    lines = [post.title, *post.notes]
    lines += [item.heading for item in post.items if item.heading]
    return slack(cut("\n".join(lines), _TEXT))


def _item(item: Item) -> Iterator[Block]:
    text = "\n".join(part for part in (item.heading, *item.lines) if part)
    if text:
        yield _section(text)
    if item.link:
        link = f"<{slack(item.link)}|Open the record>"
        yield {"type": "context", "elements": [{"type": "mrkdwn", "text": link}]}


def _header(title: str) -> Block:
    return {"type": "header", "text": _plain(title, _HEADER)}


def _section(text: str) -> Block:
    return {"type": "section", "text": _plain(text, _SECTION)}


def _context(note: str) -> Block:
    return {"type": "context", "elements": [_plain(note, _SECTION)]}


def _plain(text: str, limit: int) -> Mapping[str, object]:
    return {"type": "plain_text", "text": cut(plain_lines(text), limit), "emoji": False}


def cut(text: str, limit: int) -> str:
    """Shorten a text to a number of characters, visibly."""
    if len(text) <= limit:
        return text
    said = f"{_CUT} ({len(text):,} characters, cut here; the record has all)"
    return text[: limit - len(said)] + said if limit > len(said) else text[:limit]
