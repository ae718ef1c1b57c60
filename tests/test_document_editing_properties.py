"""Edits of arbitrary records: what is meant happens, and nothing else is touched."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from itertools import pairwise, takewhile
from random import Random
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from handoff.document.document import Document, read_document
from handoff.document.editing import (
    Append,
    AppendToSection,
    CannotEditError,
    Remove,
    SetSection,
    SetValue,
    apply_edits,
)
from handoff.document.rendering import render_scalar

NAMES = ["company", "owner", "scope", "events", "note", "x-1"]
KEYS = st.sampled_from(NAMES)
TEXTS = st.sampled_from(
    ["", "x", "no", "two\nlines", "a: b", "Suite #4", "it's", "2026-04-21", "70"]
) | st.text("ab \n'\"-:#\u00e9[],{}0|", max_size=12)
VALUES = st.recursive(
    TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3)
    ),
    max_leaves=8,
)
HEADERS = st.dictionaries(KEYS, VALUES, min_size=1, max_size=5)
TITLES = ["Pain points", "Red flags", "Objections", "Notes"]
PROSE = st.sampled_from(
    [
        "",
        "None.",
        "- one\n- two",
        "a\n\nb",
        "```\n# no\n```",
        "<!-- why -->",
        "### c\nd",
    ]
)
BLOCK_TEXT = re.compile(r"[ab]+(?: [ab]+)*(?:\n[ab]+(?: [ab]+)*)+")
FIELD = re.compile(rb"[a-z][a-z0-9-]*:|---")

FieldEdit = SetValue | Append | Remove


@dataclass
class Typist:
    """Somebody with habits of their own who types a header."""

    random: Random
    step: int
    dash: int
    has_notes: bool
    has_brackets: bool

    def group(self, value: Any, column: int) -> list[str]:  # noqa: ANN401 - any data
        """Type the entries of a list or mapping."""
        lines: list[str] = []
        for each in value:
            lines += self.note(column)
            if isinstance(value, dict):
                lines += self.field(each, value[each], column)
            else:
                lines += self.item(each, column)
        return lines

    def field(self, key: str, value: object, column: int) -> list[str]:
        """Type one field."""
        head = " " * column + f"{key}:"
        if self.is_nested(value):
            deeper = self.dash if isinstance(value, list) else self.step
            return [head, *self.group(value, column + deeper)]
        first, *rest = self.leaf(value, column + self.step)
        return [f"{head} {first}", *rest]

    def item(self, value: object, column: int) -> list[str]:
        """Type one item of a list, with notes of its first field above it."""
        if not self.is_nested(value):
            first, *rest = self.leaf(value, column + 2)
            return [" " * column + f"- {first}", *rest]
        lines = self.group(value, column + 2)
        starts = (line.strip()[:1] or "#" for line in lines)
        at = next(number for number, sign in enumerate(starts) if sign != "#")
        lines[at] = " " * column + "- " + lines[at][column + 2 :]
        return lines

    def is_nested(self, value: object) -> bool:
        """Tell whether a value gets lines of its own."""
        is_simple = isinstance(value, list) and all(isinstance(x, str) for x in value)
        is_text = isinstance(value, str)
        return bool(value) and not is_text and not (is_simple and self.has_brackets)

    def leaf(self, value: object, column: int) -> list[str]:
        """Type what stands behind a key or dash."""
        if isinstance(value, list):
            return ["[" + ", ".join(self.bracketed(text) for text in value) + "]"]
        if not isinstance(value, str):
            return ["{}"]
        if BLOCK_TEXT.fullmatch(value):
            return ["|-", *(" " * column + line for line in value.split("\n"))]
        tails = ["", "", "  ", "  # tail"] if self.has_notes else [""]
        is_odd = "\n" in value or "'" in value or self.random.random() < 0.8
        text = render_scalar(value) if is_odd else f"'{value}'"
        return [text + self.random.choice(tails)]

    def bracketed(self, text: str) -> str:
        """Type a text in brackets."""
        if "\n" in text:
            return render_scalar(text)
        return "'" + text.replace("'", "''") + "'"

    def note(self, column: int) -> list[str]:
        """Type a blank line or a comment now and then."""
        if not self.has_notes or self.random.random() < 0.7:
            return []
        notes = [[""], [" " * column + "# note"], ["", "# far left"]]
        return self.random.choice(notes)


@st.composite
def records(draw: st.DrawFn) -> bytes:
    """Draw a file with arbitrary fields and sections, typed in an arbitrary way."""
    data, random = draw(HEADERS), draw(st.randoms(use_true_random=False))
    step, dash = random.choice([2, 2, 4]), random.choice([0, 2, 2, 4])
    typist = Typist(random, step, dash, *draw(st.tuples(st.booleans(), st.booleans())))
    lines = ["---", *typist.group(data, 0), "---", "", "text"]
    for title in draw(st.lists(st.sampled_from(TITLES), unique=True)):
        lines += [f"## {title}", *[""] * random.randint(0, 1)]
        lines += [*draw(PROSE).split("\n"), *[""] * random.randint(0, 2)]
    ends = draw(st.sampled_from([["\n"], ["\r\n"], ["\n", "\r\n"]]))
    text = "".join(line + ends[i % len(ends)] for i, line in enumerate(lines))
    text = text if draw(st.booleans()) else text.rstrip("\r\n")
    content = draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + text.encode()
    document, _ = read_document("x.md", content)
    assume(document is not None and document.header == data)
    return content


def read(content: bytes) -> Document:
    document, _ = read_document("x.md", content)
    assert document is not None
    return document


def entries(data: Any) -> Iterator[tuple[tuple[str | int, ...], Any]]:  # noqa: ANN401 - any data
    """Walk over everything in a header."""
    if isinstance(data, str):
        return
    for key, value in enumerate(data) if isinstance(data, list) else data.items():
        yield (key,), value
        for pointer, inner in entries(value):
            yield (key, *pointer), inner


@st.composite
def edits(draw: st.DrawFn, data: Mapping[str, object]) -> FieldEdit:
    """Draw an edit that makes sense for a header."""
    pointer, at = draw(st.sampled_from(list(entries(data))))
    order = draw(st.permutations(NAMES[:-1]))
    kind = draw(st.sampled_from(["set", "set", "add", "append", "remove"]))
    if kind == "append" and isinstance(at, list):
        return Append(pointer, draw(VALUES))
    if kind == "remove" and len(data) > 1:
        return Remove(pointer)
    if kind == "add":
        above = pointer if isinstance(at, dict) or at == "" else ()
        return SetValue((*above, draw(KEYS)), draw(VALUES), order)
    return SetValue(pointer, draw(VALUES), order)


def edited(header: Mapping[str, object], edit: FieldEdit) -> Mapping[str, object]:
    """Make an edit on plain data."""
    data: Any = deepcopy(header)
    group = data
    for key in edit.pointer[:-1]:
        group[key] = group[key] or {}
        group = group[key]
    last = edit.pointer[-1]
    match edit:
        case SetValue():
            group[last] = edit.value
        case Append():
            group[last] = [*group[last], edit.value]
        case Remove():
            del group[last]
    result: Mapping[str, object] = data
    return result


def changed_rows(old: list[bytes], new: list[bytes]) -> range:
    """Find the rows of `old` between what both start with and both end with."""
    first = count_equal(old, new)
    last = count_equal(old[first:][::-1], new[first:][::-1])
    return range(first, len(old) - last)


def count_equal(left: list[bytes], right: list[bytes]) -> int:
    pairs = zip(left, right, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def rows_of(rows: list[bytes], name: str | int) -> range:
    """Find the rows of a top-level field up to the next one; none if it is missing."""
    rows = [row.removeprefix(b"\xef\xbb\xbf") for row in rows]
    starts = [number for number, row in enumerate(rows) if FIELD.match(row)]
    for start, stop in pairwise(starts):
        if rows[start].startswith(f"{name}:".encode()):
            return range(start, stop)
    return range(0)


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_an_edit_does_what_it_says_and_nothing_else(draw: st.DataObject) -> None:
    content = draw.draw(records())
    header = read(content).header
    edit = draw.draw(edits(header))
    wanted = edited(header, edit)
    try:
        new = apply_edits(content, [edit])
    except CannotEditError:
        assert b"#" in content  # a comment stood in the way of a rewriting
        return
    assert read(new).header == wanted
    old_rows, new_rows = content.split(b"\n"), new.split(b"\n")
    touched = changed_rows(old_rows, new_rows)
    assert set(touched) <= set(rows_of(old_rows, edit.pointer[0]))
    if wanted == header:
        assert new == content
    if isinstance(edit, Append):
        assert not notes(content) - notes(new)
    if isinstance(edit, SetValue):
        assert apply_edits(new, [edit]) == new


def notes(content: bytes) -> Counter[bytes]:
    return Counter(re.findall(rb"# (?:note|tail|far left)", content))


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_setting_the_old_values_undoes_an_edit(draw: st.DataObject) -> None:
    content = draw.draw(records())
    header = read(content).header
    edit = draw.draw(edits(header))
    try:
        new = apply_edits(content, [edit])
        undo: list[FieldEdit] = [SetValue((key,), item) for key, item in header.items()]
        undo += [Remove((key,)) for key in read(new).header if key not in header]
        old = apply_edits(new, undo)
    except CannotEditError:
        assert b"#" in content
        return
    assert read(old).header == header
    assert read(old).body == read(content).body


@settings(deadline=None, max_examples=100)
@given(st.data())
def test_another_reader_finds_the_same(draw: st.DataObject) -> None:
    ruamel = pytest.importorskip("ruamel.yaml")
    content = draw.draw(records())
    edit = draw.draw(edits(read(content).header))
    try:
        new = read(apply_edits(content, [edit]))
    except CannotEditError:
        return
    other = ruamel.YAML(typ="base", pure=True)
    lines = new.lines[new.header_line - 1 : new.body_line - 2]
    assert other.load("\n".join(lines) + "\n") == new.header


@settings(deadline=None, max_examples=150)
@given(records(), st.sampled_from(TITLES), PROSE, st.permutations(TITLES))
def test_a_section_is_set_and_no_other(
    content: bytes, title: str, text: str, order: list[str]
) -> None:
    old = read(content)
    new = read(apply_edits(content, [SetSection(title, text, order)]))
    others = [(each.title, each.text) for each in old.sections if each.title != title]
    assert [(s.title, s.text) for s in new.sections if s.title != title] == others
    assert [s.text for s in new.sections if s.title == title] == [
        "" if text.startswith("<!--") else text
    ]
    assert new.header == old.header
    again = apply_edits(content, [SetSection(title, text, order)] * 2)
    assert read(again).text == new.text


@settings(deadline=None, max_examples=150)
@given(records(), st.sampled_from(TITLES), PROSE)
def test_appending_only_adds_lines(content: bytes, title: str, text: str) -> None:
    new = apply_edits(content, [AppendToSection(title, text)])
    rows = content.splitlines()
    touched = changed_rows(rows, new.splitlines())
    assert not any(rows[number].strip() for number in touched)
