"""A post as a page of markdown, for notes and issues."""

from collections.abc import Iterator

from handoff.views.escaping import markdown
from handoff.views.post import Post


def render(post: Post) -> str:
    """Write a post; what people typed is text, never markup."""
    return "\n".join(_lines(post)) + "\n"


def _lines(post: Post) -> Iterator[str]:
    yield f"# {markdown(post.title)}"
    yield from (f"\n*{markdown(note)}*" for note in post.notes)
    for item in post.items:
        yield ""
        if item.heading:
            yield f"## {markdown(item.heading)}\n"
        yield from (f"- {markdown(line)}" for line in item.lines)
        if item.link:
            yield f"\n[Open the record](<{item.link}>)"
