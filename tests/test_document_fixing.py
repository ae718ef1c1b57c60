"""Mechanical repairs: what a person meant stays, and so does every other byte."""

import re
from collections.abc import Mapping
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from handoff.document.document import read_document
from handoff.document.fixing import Form, fix
from handoff.document.fixing_values import spelt
from handoff.document.rendering import render_record
from handoff.model.span import Pointer
from support.records import OPPORTUNITY, PACKET, base

_FORMATS = {"on": "date", "at": "date-time", "due": "date-or-instant"}
_ORDER = ("schema", "company", "owner", "on", "at", "due", "note")


def _refused(header: Mapping[str, object]) -> Mapping[Pointer, str]:
    found: dict[Pointer, str] = {}
    for key, wanted in _FORMATS.items():
        text = header.get(key)
        if isinstance(text, str) and not re.fullmatch(r"\d{4}-\d\d-\d\d(T.*)?", text):
            found[(key,)] = wanted
    if header.get("owner", "dana") not in ["dana", "rui"]:
        found[("owner",)] = ""
    return found


FORM = Form(_ORDER, _refused)


def _fixed(header: str, *, end: str = "\n") -> str:
    text = f"---\n{header}---\n\nBody  \n\tstays\n".replace("\n", end)
    fixed = fix(text.encode(), FORM).decode()
    assert fix(fixed.encode(), FORM).decode() == fixed
    assert fixed.endswith("---\n\nBody  \n\tstays\n".replace("\n", end))
    body = fixed.index(f"---{end}", 3)
    return fixed[3 + len(end) : body].replace(end, "\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("company: Acme\nowner: dana\n", "company: Acme\nowner: dana\n"),
        ("company: Acme  \nowner: dana\t\n", "company: Acme\nowner: dana\n"),
        ("owner: dana\ncompany: Acme\n", "company: Acme\nowner: dana\n"),
        ("on: 2026-4-1\n", "on: 2026-04-01\n"),
        ('on: "2026-4-1"  # day\n', 'on: "2026-04-01"  # day\n'),
        ("due: 2026-4-21\n", "due: 2026-04-21\n"),
        ("at: 2026-04-21 14:30+02:00\n", "at: 2026-04-21T14:30:00+02:00\n"),
        ("at: 2026-4-21 9:05:07 +02:00\n", "at: 2026-04-21T09:05:07+02:00\n"),
        ("company: Suite #4\n", 'company: "Suite #4"\n'),
        ("company: Joe's #4 # 5\n", 'company: "Joe\'s #4 # 5"\n'),
        ("note:\n\tcompany: Acme\n", "note:\n  company: Acme\n"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_slip_is_repaired(before: str, after: str, end: str) -> None:
    assert _fixed(before, end=end) == after


@pytest.mark.parametrize(
    "header",
    [
        "note: 2026-4-1\n",  # no field for a date
        "on: 2026-4-31\n",  # no such day
        "on: 4/1/2026\n",  # which is the month?
        "at: 2026-04-21 14:30\n",  # which zone?
        "company: Acme # the new one\n",  # a comment as people write it
        "company: Acme  #new\n",
        "company: 'Acme' #new\n",
        "owner: dana #4\n",  # the whole is not allowed, the rest is
        "note: |\n  two  \n  lines\t\n",
        "note: first\n  second\n",
        "note: {company: Acme, owner: dana}\n",
        "company: 'never closed\n",
        "company: Acme\ncompany: Twice\n",
        "note: |\n  one\n\ttwo\n",  # is the second line indented?
    ],
)
def test_what_needs_a_decision_is_left_alone(header: str) -> None:
    assert _fixed(header) == header


def test_fields_move_with_their_comments() -> None:
    before = (
        "# About this record.\n"
        "\n"
        "# Who moves it.\n"
        "owner: dana\n"
        "  # stays with its field\n"
        "x-unknown: stays behind owner\n"
        "# Whom it is for.\n"
        "# Their full name.\n"
        "company: Acme\n"
        "\n"
        "schema: x\n"
    )
    after = (
        "# About this record.\n"
        "\n"
        "schema: x\n"
        "# Whom it is for.\n"
        "# Their full name.\n"
        "company: Acme\n"
        "\n"
        "# Who moves it.\n"
        "owner: dana\n"
        "  # stays with its field\n"
        "x-unknown: stays behind owner\n"
    )
    assert _fixed(before) == after


def test_every_slip_of_a_header_is_repaired_at_once() -> None:
    before = "on: 2026-4-1  \nowner: rui\t\ndue: 2026-4-2 9:00Z\ncompany: C #1 #2\n"
    after = (
        'company: "C #1 #2"\nowner: rui\non: 2026-04-01\ndue: 2026-04-02T09:00:00Z\n'
    )
    assert _fixed(before) == after


def test_two_values_of_one_line_are_repaired() -> None:
    def refused(header: Mapping[str, object]) -> Mapping[Pointer, str]:
        event = header["note"]
        assert isinstance(event, dict)
        return {("note", key): "date" for key in event if len(event[key]) == 8}

    content = b"---\nnote: {a: 2026-4-1, b: 2026-5-2}\n---\n"
    fixed = fix(content, Form(_ORDER, refused))
    assert fixed == b"---\nnote: {a: 2026-04-01, b: 2026-05-02}\n---\n"


@pytest.mark.parametrize(
    "content", [b"", b"no header", b"\xff\xfe\x00", b"---\nnever: ends\n"]
)
def test_what_cannot_be_read_is_given_back(content: bytes) -> None:
    assert fix(content, FORM) == content


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2026-4-1", "line"),
        ("2026-4-1 9:00Z", "date"),
        ("2026-4-1", "date-time"),
        ("2026-04-01T25:00:00Z", "date-time"),
        ("2026-04-01 09:00:00-00:00", "date-time"),
        ("٢٠٢٦-4-1", "date"),
    ],
)
def test_only_the_same_moment_is_spelt_out(text: str, wanted: str) -> None:
    assert spelt(text, wanted) == ""


_TEXTS = st.sampled_from(
    ["", "x", "no", "two\nlines", "a: b", "Suite #4", "2026-4-1", "C# ", "\t", "- x"]
) | st.text("ab \n\t'\"-:#\u00e9[],{}|", max_size=10)
_VALUES = st.recursive(
    _TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(_ORDER), inner, max_size=3)
    ),
    max_leaves=6,
)
_HEADERS = st.dictionaries(
    st.sampled_from((*_ORDER, "x-1", "x-2")), _VALUES, min_size=1, max_size=6
)


@settings(deadline=None, max_examples=200)
@given(_HEADERS, st.sampled_from(["\n", "\r\n"]), st.sampled_from(["", "\ufeff"]))
def test_meaning_is_kept_whatever_a_record_says(
    header: dict[str, object], end: str, mark: str
) -> None:
    content = (mark + render_record(header, "Body").replace("\n", end)).encode()
    before, _ = read_document("x.md", content)
    assume(before is not None)
    assert before
    fixed = fix(content, FORM)
    after, _ = read_document("x.md", fixed)
    assert after
    meant = {
        key: (spelt(value, _FORMATS[key]) or value)
        if key in _FORMATS and isinstance(value, str)
        else value
        for key, value in before.header.items()
    }
    assert after.header == meant
    assert after.body == before.body
    assert fixed.startswith(mark.encode())
    assert fixed.count(b"\r\n") == content.count(b"\r\n")
    assert fix(fixed, FORM) == fixed


_TYPED = st.text("ab#:-'\"|[]{}, \t", max_size=14)


@settings(deadline=None, max_examples=200)
@given(st.lists(st.tuples(st.sampled_from(_ORDER), _TYPED), min_size=1, max_size=4))
def test_values_typed_without_care_only_get_back_what_was_cut(
    rows: list[tuple[str, str]],
) -> None:
    text = "".join(f"{key}: {typed}\n" for key, typed in rows)
    content = f"---\n{text}---\n".encode()
    before, _ = read_document("x.md", content)
    assume(before is not None)
    assert before
    fixed = fix(content, FORM)
    after, _ = read_document("x.md", fixed)
    assert after
    assert after.header.keys() == before.header.keys()
    typed = [typed.strip() for _, typed in rows]
    for key, value in before.header.items():
        said = after.header[key]
        is_whole = isinstance(said, str) and said in typed
        assert said == value or (is_whole and str(said).startswith(f"{value} #"))
    assert fix(fixed, FORM) == fixed


def _shuffled(text: str, random: Random) -> str:
    """Type a record the way a hasty person does; no value needs a decision."""
    _, header, body = text.split("---\n", 2)
    blocks = re.findall(r"^\S.*\n(?:[ ].*\n)*", header, re.MULTILINE)
    random.shuffle(blocks)
    rows = "".join(f"# about it\n{block}" for block in blocks).splitlines()
    hasty = "\n".join(row + random.choice(["", "", " ", " \t"]) for row in rows)
    return f"---\n{hasty}\n---\n{body}"


@settings(deadline=None, max_examples=60)
@given(st.sampled_from([OPPORTUNITY, PACKET]), st.randoms(use_true_random=False))
def test_a_hasty_record_comes_out_tidy(path: str, random: Random) -> None:
    tidy = base()[path]
    before, _ = read_document(path, tidy.encode())
    assert before
    form = Form(tuple(before.header), lambda _: {})
    fixed = fix(_shuffled(tidy, random).encode(), form).decode()
    assert fixed.replace("# about it\n", "") == tidy
