"""A post as Slack takes it: blocks, and the text of the notification on a phone.

What people typed stands in `plain_text`, in which nothing is markup, no mention calls
anybody and no link hides its target. Limits are those of Slack's reference of blocks:
150 characters in a header, 3,000 in a section, 50 blocks; all blocks together are
refused from about 13,000 characters on, and the text from 40,000.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from handoff.records.fact import value_at
from handoff.views.escaping import plain_lines, slack
from handoff.views.post import Item, Post
from handoff.views.words import count

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
    blocks = [_header(post.title), *(_context(note) for note in post.notes)]
    size = sum(len(str(block)) for block in blocks)
    body = [block for item in post.items for block in _item(item)]
    for number, block in enumerate(body):
        size += len(str(block))
        is_last = number + 1 == len(body)
        if size > _ALL_BLOCKS or len(blocks) + 1 > _BLOCKS - (not is_last):
            blocks.append(_section(_remainder(body[number:])))
            break
        blocks.append(block)
    return Slacked(_text(post), tuple(blocks))


def _remainder(left: Iterable[Block]) -> str:
    texts = (value_at(block, ("text", "text")) for block in left)
    number = sum(len(str(text).split("\n")) for text in texts if text)
    return (
        f"{_CUT} {count(number, 'more line')} not shown here: "
        "`handoff sla` and `handoff daily` show everything."
    )


def _text(post: Post) -> str:
    lines = [post.title, *post.notes]
    lines += [item.heading for item in post.items if item.heading]
    return slack(cut("\n".join(lines), _TEXT))


def _item(item: Item) -> Iterator[Block]:
    lines = [line for line in (item.heading, *item.lines) if line]
    yield from (_section(text) for text in _chunks(lines))
    if item.link:
        link = f"<{slack(item.link)}|Open the record>"
        yield {"type": "context", "elements": [{"type": "mrkdwn", "text": link}]}


def _chunks(lines: Iterable[str]) -> Iterator[str]:
    """Put lines together up to the size of a section."""
    text = ""
    for line in lines:
        if text and len(plain_lines(f"{text}\n{line}")) > _SECTION:
            yield text
            text = line
        else:
            text = f"{text}\n{line}" if text else line
    if text:
        yield text


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
