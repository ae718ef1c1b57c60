"""A record as plain lines, one for each value, for tools that compare lines."""

from collections.abc import Iterator

from handoff.evaluation.differences import SECTIONS, Name, Version, said_name
from handoff.views.difference_text import label_of
from handoff.views.escaping import terminal

_SENTENCE_ENDS = (". ", "! ", "? ")


def render(version: Version) -> str:
    """Write each value under its name; a section takes a line for each sentence."""
    lines = (
        line for name, text in version.values.items() for line in _lines(name, text)
    )
    return "".join(f"{line}\n" for line in lines)


def _lines(name: Name, text: str) -> Iterator[str]:
    label = terminal(label_of(said_name(name, text)))
    if name[0] != SECTIONS:
        yield f"{label}: {terminal(text)}"
        return
    yield f"{label}:"
    yield from (f"  {terminal(sentence)}" for sentence in _sentences(text))


def _sentences(text: str) -> list[str]:
    for end in _SENTENCE_ENDS:
        text = text.replace(end, f"{end[0]}\n")
    return text.split("\n")
