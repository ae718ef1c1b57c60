"""Ways to break a valid record in one place, which hypothesis picks."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

from handoff.document.rendering import render_record
from handoff.model.span import Pointer
from support.records import read

Draw = Callable[[st.SearchStrategy[Any]], Any]
Spoil = Callable[[Draw, str], bytes]
"""Takes the valid record, gives the broken file."""


def _leaves(value: object, at: Pointer = ()) -> Iterator[tuple[Pointer, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(inner, (*at, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _leaves(inner, (*at, index))
    else:
        yield at, str(value)


def _parent(header: Any, pointer: Pointer) -> Any:  # noqa: ANN401 - any YAML
    for step in pointer[:-1]:
        header = header[step]
    return header


def edit(change: Callable[[Draw, Any], None]) -> Spoil:
    """Break a header and write it again."""

    def spoil(draw: Draw, text: str) -> bytes:
        document = read("x.md", text)
        header = deepcopy(dict(document.header))
        change(draw, header)
        return render_record(header, document.body).encode()

    return spoil


def give(fields: Sequence[str], values: Sequence[object]) -> Spoil:
    """Give one of the fields of these names, wherever it stands, another value."""

    def change(draw: Draw, header: object) -> None:
        places = [p for p, _ in _leaves(header) if p[-1] in fields]
        place = draw(st.sampled_from(places))
        _parent(header, place)[place[-1]] = draw(st.sampled_from(values))

    return edit(change)


def remove(*names: str) -> Spoil:
    return edit(lambda draw, header: header.pop(draw(st.sampled_from(names))))


def _groups(value: object) -> Iterator[dict[str, object]]:
    if isinstance(value, dict):
        yield value
    inner = value.values() if isinstance(value, dict) else value
    for item in inner if not isinstance(inner, str) else ():  # type: ignore[attr-defined] # a list
        if isinstance(item, dict | list):
            yield from _groups(item)


def add_field(draw: Draw, header: object) -> None:
    group = draw(st.sampled_from(list(_groups(header))))
    group[draw(st.sampled_from(["ownr", "stage", "Company", "__proto__"]))] = "x"


def put_at(*steps: str | int, value: object) -> Spoil:
    """Give the value at one place."""

    def change(_draw: Draw, header: object) -> None:
        _parent(header, steps)[steps[-1]] = value

    return edit(change)


def insert(pieces: Sequence[str]) -> Spoil:
    """Put a piece anywhere into the text, but not before the first `---`."""

    def spoil(draw: Draw, text: str) -> bytes:
        place = draw(st.integers(4, len(text)))
        piece: str = draw(st.sampled_from(pieces))
        return f"{text[:place]}{piece}{text[place:]}".encode()

    return spoil


def swap(old: str, new: str) -> Spoil:
    return lambda _draw, text: text.replace(old, new, 1).encode()


def change_line(choose: Callable[[str], bool], change: Callable[[str], str]) -> Spoil:
    """Change one line of the header, given without its line feed."""

    def spoil(draw: Draw, text: str) -> bytes:
        lines = text.split("\n")
        end = lines.index("---", 1)
        places = [n for n in range(1, end) if choose(lines[n])]
        place = draw(st.sampled_from(places))
        lines[place] = change(lines[place])
        return "\n".join(lines).encode()

    return spoil


def change_section(change: Callable[[str, str], str]) -> Spoil:
    """Change one section, given its heading and its text."""

    def spoil(draw: Draw, text: str) -> bytes:
        head, *sections = text.split("\n## ")
        place = draw(st.integers(0, len(sections) - 1))
        title, _, body = sections[place].partition("\n")
        sections[place] = change(title, body)
        return "\n".join(
            (head, *(s if not s else f"## {s}" for s in sections))
        ).encode()

    return spoil


def bad_byte(draw: Draw, text: str) -> bytes:
    content, bad = text.encode(), draw(st.sampled_from([b"\xff", b"\xc0\xaf", b"\xe9"]))
    place = draw(st.integers(4, len(content)))
    return b"".join((content[:place], bad, content[place:]))


def is_value(line: str) -> bool:
    """Recognise a field or list entry with a plain value on its line."""
    value = line.partition(": ")[2]
    return not line.startswith(("#", "-")) and bool(value) and value[0].isalpha()


def before_value(mark: str) -> Spoil:
    return change_line(is_value, lambda line: line.replace(": ", f": {mark}", 1))
