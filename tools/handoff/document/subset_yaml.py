"""The YAML that people write, read line by line without PyYAML.

Block mappings and lists of plain or simply quoted values, simple `[a, b]`, `|` and
`|-` texts, comments on lines of their own. Anything else, right or wrong, is left to
the event reader, which alone explains: duplicate keys, tabs, comments behind values,
odd indentation, values that go on on the next line.
"""

import re
from bisect import bisect_left
from string import ascii_letters, digits

LENGTH_LIMIT = 20_000
"""Longest text read here, in characters: too short to break the node limit."""

_DEPTH_LIMIT = 12
_ROW = re.compile(
    r"(\n *)(?![ #\n]|\Z)(- +)?(?:([A-Za-z0-9_][A-Za-z0-9_-]{0,99}):(?: +|(?=\n)))?(.*)"
)
_STARTS = frozenset(ascii_letters + digits + "_(/+.$~^;=<\\")
_QUOTED = re.compile(r"\"([^\"\\]*)\"|'([^']*)'")
_ITEM = r"[A-Za-z0-9_][A-Za-z0-9_./@+ -]*(?::[0-9][A-Za-z0-9_./@+ -]*)*"
_LIST = re.compile(rf"\[ *(?:{_ITEM}(?:, *{_ITEM})*)?\]")
_LITERALS = {"|": "\n", "|-": ""}

_Row = tuple[str, str, str, str]
"""A line feed and the indentation, a dash and its blanks, key, what follows.

Indentations are compared as they are: the deeper one is the greater text.
"""
_TOP = "\n"
_END: _Row = ("", "", "", "")


class _UnusualError(Exception):
    """Leaves the text to the event reader; never leaves this module."""


def parse(text: str) -> dict[str, object] | None:
    """Read a mapping, or give `None` for anything out of the ordinary."""
    if len(text) > LENGTH_LIMIT or "\t" in text:
        return None
    reader = _Reader(text)
    try:
        header = reader.mapping(_TOP, 0)
    except _UnusualError:
        return None
    return header if header and reader.at == len(reader.rows) - 1 else None


class _Reader:
    """Reads rows: lines that are neither blank nor a comment.

    In a tame text, which most are, a value that starts plainly is plain: no blank
    stands before a `#` or at the end of a line, and no colon but one for each key
    has a blank or a line's end behind it. That is asked once instead of for each
    value.
    """

    __slots__ = ("at", "plain", "rows", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        ended = f"\n{text}\n"
        self.rows: list[_Row] = _ROW.findall(ended)
        keys = len([row for row in self.rows if row[2]])
        colons = ended.count(": ") + ended.count(":\n")
        is_tame = colons == keys and " #" not in text and " \n" not in ended
        self.plain = _STARTS if is_tame else frozenset[str]()
        self.rows.append(_END)

    def mapping(self, indent: str, depth: int) -> dict[str, object]:
        """Read the fields with that indentation."""
        if depth > _DEPTH_LIMIT:
            raise _UnusualError
        data: dict[str, object] = {}
        rows, plain, at = self.rows, self.plain, self.at
        while True:
            start, dash, key, rest = rows[at]
            if start != indent or dash:
                break
            if not key or key in data:
                raise _UnusualError
            at += 1
            if rest[:1] in plain:
                data[key] = rest
                continue
            self.at = at
            data[key] = self.leaf(rest, indent) if rest else self.nested(indent, depth)
            at = self.at
        if start > indent:
            raise _UnusualError
        self.at = at
        return data

    def nested(self, indent: str, depth: int) -> object:
        """Read the value on the rows below a key; a list may start below the key."""
        start, dash, *_ = self.rows[self.at]
        if start > indent:
            read = self.sequence if dash else self.mapping
            return read(start, depth + 1)
        return self.sequence(indent, depth + 1) if dash and start == indent else ""

    def sequence(self, indent: str, depth: int) -> list[object]:
        """Read the items whose dashes have that indentation."""
        if depth > _DEPTH_LIMIT:
            raise _UnusualError
        items: list[object] = []
        while True:
            start, dash, key, rest = self.rows[self.at]
            if start != indent or not dash:
                break
            if key:
                inner = start + " " * len(dash)
                self.rows[self.at] = (inner, "", key, rest)
                items.append(self.mapping(inner, depth + 1))
            else:
                self.at += 1
                items.append(self.leaf(rest, indent))
        if start > indent:
            raise _UnusualError
        return items

    def leaf(self, rest: str, indent: str) -> object:
        """Read a value that starts behind its key or dash."""
        text = rest.rstrip(" ")
        if text[:1] in _STARTS or not text[:1].isascii():
            if ": " in text or " #" in text or text[-1] == ":":
                raise _UnusualError
            return text
        if text in _LITERALS:
            return self.literal(indent, _LITERALS[text])
        if quoted := _QUOTED.fullmatch(text):
            return quoted[quoted.lastindex or 0]
        if _LIST.fullmatch(text):
            items = (item.strip(" ") for item in text[1:-1].split(","))
            return [item for item in items if item]
        raise _UnusualError

    def literal(self, parent: str, ending: str) -> str:
        """Read the text under `|`, indented deeper than its key or dash."""
        lines = self.text.split("\n")
        numbers = [n for n, x in enumerate(lines) if x.lstrip(" ")[:1] not in {"", "#"}]
        end = at = numbers[self.at - 1] + 1
        indent = len(lines[at]) - len(lines[at].lstrip(" ")) if at < len(lines) else 0
        if indent < len(parent) or len(lines[at]) == indent or lines[-1]:
            raise _UnusualError
        while end < len(lines) and not lines[end][:indent].strip(" "):
            end += 1
        self.at = bisect_left(numbers, end)
        if self.rows[self.at][0] > parent:
            raise _UnusualError
        return "\n".join(line[indent:] for line in lines[at:end]).rstrip("\n") + ending
