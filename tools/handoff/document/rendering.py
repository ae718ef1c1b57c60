"""Writing a new record so that every YAML 1.2 reader gets the same text back.

YAML 1.1 and 1.2 disagree about what plain scalars mean (`no`, `12:30`, `0123`), so a
text is quoted unless no reader takes it for anything else. Days, instants and the key
`on` are left plain all the same, the way people type them: YAML 1.2 has no dates.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeGuard

from handoff.document.characters import forbidden_in, hidden_in

_WORD = r"[A-Za-z\u00c0-\u024f\u0370-\u1fff\u3040-\ud7ff]"
_PLAIN = re.compile(rf"(?:{_WORD}|[0-9]+ {_WORD}{{2}}|/)[^\t\n\r]*")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:.]+(?:Z|[+-][0-9:]+))?")
_NOT_TEXT = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def render_record(header: Mapping[str, object], body: str) -> str:
    """Write a record: a header in block style, then the body.

    Args:
        header: texts, whole numbers, lists and mappings, nested at will; keys keep
            their order.
        body: markdown.

    Returns:
        The file's text. Read again, texts are the same and numbers are decimal text.
    """
    text = body.strip("\n")
    return f"---\n{render_mapping(header)}---\n" + (f"\n{text}\n" if text else "")


def render_mapping(mapping: Mapping[str, object]) -> str:
    """Write a mapping as YAML lines, each ended by a line feed."""
    return "".join(f"{line}\n" for line in _lines(mapping))


def render_scalar(value: str | int) -> str:
    """Write a text or whole number on one line."""
    if isinstance(value, int):
        return str(value).lower()
    if _is_plain(value):
        return value
    if "'" in value or not _is_harmless(value):
        return '"' + "".join(map(_escape, value)) + '"'
    return f"'{value}'" if "\\" in value or '"' in value else f'"{value}"'


def _lines(value: Mapping[str, object] | Sequence[object]) -> Iterator[str]:
    """Write a non-empty mapping or list, not indented."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _entry(f"{_key(key)}:", item)
        return
    for item in value:
        yield from _item(item)


def _key(text: str) -> str:
    return text if text == "on" else render_scalar(text)


def _entry(key: str, value: object) -> Iterator[str]:
    """Write one field; what is nested starts on the next line."""
    if _is_nested(value):
        yield key
        yield from _indented(_lines(value))
        return
    first, *rest = _leaf(value)
    yield f"{key} {first}"
    yield from _indented(rest)


def _item(value: object) -> Iterator[str]:
    """Write one list item; what is nested starts behind the dash."""
    first, *rest = _lines(value) if _is_nested(value) else _leaf(value)
    yield f"- {first}"
    yield from _indented(rest)


def _indented(lines: Iterable[str]) -> Iterator[str]:
    """Move lines two columns to the right; blank ones stay blank."""
    return (f"  {line}" if line else "" for line in lines)


def _is_nested(value: object) -> TypeGuard[Mapping[str, object] | Sequence[object]]:
    """Tell whether a value is a mapping or list with something in it."""
    is_group = isinstance(value, Mapping | Sequence) and not isinstance(value, str)
    return is_group and bool(value)


def _leaf(value: object) -> Sequence[str]:
    """Write a value without nested ones: its first line, and further ones."""
    match value:
        case str() if "\n" in value and _is_block(value):
            sign = "|" if value.endswith("\n") else "|-"
            return (sign, *value.removesuffix("\n").split("\n"))
        case str() | int():
            return (render_scalar(value),)
        case Mapping():
            return ("{}",)
        case Sequence():
            return ("[]",)
    message = f"cannot write {type(value).__name__} into a record"
    raise TypeError(message)


def _is_plain(text: str) -> bool:
    """Tell whether every reader takes the unquoted text for this text."""
    return _MOMENT.fullmatch(text) is not None or (
        _PLAIN.fullmatch(text) is not None
        and text.lower() not in _NOT_TEXT
        and ": " not in text
        and " #" not in text
        and not text.endswith((":", " "))
        and _is_harmless(text)
    )


def _is_block(text: str) -> bool:
    """Tell whether `|` gives exactly this text back."""
    lines = text.removesuffix("\n").split("\n")
    return (
        bool(lines[0])
        and bool(lines[-1])
        and not any(line.endswith(" ") for line in lines)
        and not lines[0].startswith(" ")
        and "\t" not in text
        and _is_harmless(text.replace("\n", ""))
    )


def _is_harmless(text: str) -> bool:
    """Tell whether a text can be typed as it is inside quotes."""
    if text.isascii() and text.isprintable():
        return True
    return not forbidden_in(text) and not any(hidden_in(text)) and "\n" not in text


def _escape(character: str) -> str:
    """Write one character inside double quotes (YAML 1.2, 5.7)."""
    if character in _ESCAPES:
        return _ESCAPES[character]
    if not forbidden_in(character) and not any(hidden_in(character)):
        return character
    return f"\\U{ord(character):08x}"
