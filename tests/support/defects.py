"""A catalogue of single defects: each is put somewhere into a valid record."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from support.records import OPPORTUNITY, PACKET, base
from support.schemas import schema
from support.spoiling import (
    Spoil,
    add_field,
    bad_byte,
    before_value,
    change_line,
    change_section,
    edit,
    give,
    insert,
    is_value,
    put_at,
    remove,
    swap,
)

_SECRET = "AKIA" + "IOSFODNN7EXAMPLE"  # apart, so that scanners pass this file
_CHARACTERS = "\0\x07\x0b\x0c\x1b\x7f\x85\x9b\u2028\u2029\ufeff\ufdd0\U0001ffff"
_DATES = ("2026-02-30", "2026-4-9", "09.04.2026", "2026-13-01", "٢٠٢٦-٠٤-٠٩", "soon")
_INSTANTS = (
    *("2026-04-09T09:00:00", "2026-04-09", "2026-04-09T24:00:00Z", "09:00"),
    *("2026-04-09 09:00:00Z", "2026-04-09T09:00:60Z", "2026-04-09T09:00:00+99:99"),
)
_AMOUNTS = ("2_500", "2500.00", "0x1F", "012", "1e3", ".nan", "-1", "9" * 5000, "١٢")
_PEOPLE = ("Dana Okafor", "dana_okafor", "d\u0430na-okafor", "@x")


@dataclass(frozen=True, slots=True)
class Defect:
    """One way to break a record.

    Attributes:
        path: which record it breaks.
        rule: what must be told then.
    """

    name: str
    path: str
    rule: str
    spoil: Spoil


def _required(kind: str) -> Sequence[str]:
    return tuple(schema(kind)["required"])


_TABLE: Mapping[str, tuple[str, Spoil]] = {
    "unknown field": ("unknown-field", edit(add_field)),
    "schema of another version": ("value-not-allowed", give(["schema"], ["v2", "x"])),
    "instant": ("malformed-value", give(["at"], _INSTANTS)),
    "amount": ("malformed-value", give(["amount_minor"], _AMOUNTS)),
    "currency": ("malformed-value", give(["currency"], ["usd", "$", "EURO", "US\n"])),
    "payment": ("value-not-allowed", give(["payment"], ["no", "Paid", "invoiced "])),
    "id": ("malformed-value", give(["id"], ["1", "P 1", "\u0420 1", "P_1"])),
    "e-mail": ("malformed-value", give(["email"], ["mina", "a@b", "a@b c.example"])),
    "person": ("malformed-value", give(["by", "owner"], _PEOPLE)),
    "unknown person": ("unknown-person", give(["by"], ["nobody-here", "x", "12"])),
    "name": ("malformed-value", give(["name"], ["M\u0456na", "a\nb"])),
    "empty value": ("empty-field", give(["by", "at", "name", "title", "text"], [""])),
    "blank value": ("malformed-value", give(["title", "text"], [" ", "\n", "\u3000"])),
    "text for a list": ("malformed-value", put_at("promises", value="P1")),
    "text for a group": ("malformed-value", put_at("scope", value="all")),
    "list for a text": (
        "schema-mismatch",
        give(["title", "text"], [["a"], {"a": "b"}]),
    ),
    "placeholder": ("placeholder-text", give(["title", "text"], ["TBD", "{x}", "..."])),
    "character": ("forbidden-character", insert(_CHARACTERS)),
    "lone carriage return": ("forbidden-character", insert(["\rx"])),
    "conflict": ("merge-conflict", insert(["\n<<<<<<< HEAD\n", "\n<<<<<<<\n"])),
    "byte": ("not-utf-8", bad_byte),
    "no first fence": ("missing-front-matter", swap("---\n", "")),
    "blank line first": ("missing-front-matter", swap("---\n", "\n---\n")),
    "no second fence": ("unterminated-front-matter", swap("\n---\n", "\n")),
    "indented fence": ("unterminated-front-matter", swap("\n---\n", "\n ---\n")),
    "directive": ("forbidden-yaml", swap("---\n", "---\n%YAML 1.2\n")),
    "merge key": ("forbidden-yaml", swap("---\n", "---\n<<: {a: b}\n")),
    "anchor": ("forbidden-yaml", before_value("&a ")),
    "alias": ("forbidden-yaml", before_value("*a # ")),
    "tag": ("forbidden-yaml", before_value("!!str ")),
    "open quote": ("malformed-yaml", before_value('"')),
    "open bracket": ("malformed-yaml", before_value("[")),
    "at sign": ("malformed-yaml", before_value("@")),
    "two colons": ("malformed-yaml", before_value("a: ")),
    "deep": ("nested-too-deep", before_value("[" * 30)),
    "key twice": (
        "duplicate-key",
        change_line(lambda x: x[:1].isalpha() and is_value(x), lambda x: f"{x}\n{x}"),
    ),
    "tab": (
        "malformed-yaml",
        change_line(lambda x: x.startswith("  ") and ": " in x, lambda x: "\t" + x),
    ),
    "comment": ("text-lost-to-comment", change_line(is_value, lambda x: f"{x} #4")),
    "too large": ("unreadable-file", lambda _draw, text: (text + "x" * 10**6).encode()),
    "no text": (
        "empty-file",
        lambda draw, _: bytes(draw(st.sampled_from([b"", b"\n "]))),
    ),
    "section twice": (
        "duplicate-section",
        change_section(lambda title, text: f"{title}\n{text}\n## {title}\n{text}"),
    ),
    "unknown section": (
        "unknown-section",
        change_section(lambda title, text: f"{title}\n{text}\n## Gossip\n{text}"),
    ),
    "placeholder in a section": (
        "placeholder-text",
        change_section(lambda title, _: f"{title}\n\nTBD\n"),
    ),
    "hidden in a section": (
        "hidden-character",
        change_section(lambda title, text: f"{title}\n{text}zero\u200bwidth\n"),
    ),
    "look-alike in a section": (
        "look-alike-character",
        change_section(lambda title, text: f"{title}\n{text}p\u0430rtner\n"),
    ),
}

_OF_OPPORTUNITIES: Mapping[str, tuple[str, Spoil]] = {
    "missing field": ("missing-field", remove(*_required("opportunity"))),
    "date": ("malformed-value", give(["due", "made_at", "decision_by"], _DATES)),
    "word": ("value-not-allowed", give(["urgency", "subject", "event"], ["no", "Hi"])),
    "contract": (
        "value-not-allowed",
        give(["contract", "severity"], ["on", "h\u0456"]),
    ),
    "probability": ("malformed-value", give(["probability"], ["101", "-1", "60%"])),
    "backwards": (
        "events-out-of-order",
        put_at("events", 3, "at", value="2026-04-01T09:00:00+02:00"),
    ),
    "future": ("future-claim", put_at("events", 9, "at", value="2026-05-01T09:00:00Z")),
    "same id twice": (
        "duplicate-id",
        edit(lambda _, h: h["promises"].append(dict(h["promises"][0]))),
    ),
    "no such line item": (
        "dangling-reference",
        put_at("events", 4, "line_items", value=["L2"]),
    ),
    "no events": ("empty-field", put_at("events", value=[])),
}

_OF_PACKETS: Mapping[str, tuple[str, Spoil]] = {
    "missing field": ("missing-field", remove(*_required("packet"))),
    "date": ("malformed-value", give(["signed_on", "start_on", "on"], _DATES)),
    "days": ("malformed-value", give(["days_at_most"], ["0", "31", "30 days", "3.5"])),
    "no such deal": ("dangling-reference", give(["opportunity"], ["x-2026-04-02"])),
    "path for a deal": (
        "malformed-value",
        give(["opportunity"], ["../x", "/etc", "a"]),
    ),
    "promise left out": ("missing-from-packet", put_at("promises", value=["P2"])),
    "other price": (
        "carried-value-differs",
        put_at("price", "amount_minor", value="1"),
    ),
    "other contact": (
        "carried-value-differs",
        put_at("primary_contact", "name", value="Max"),
    ),
    "not filed": ("unfiled-packet", remove("filed")),
    "filed tomorrow": (
        "future-claim",
        put_at("filed", "at", value="2026-04-25T09:00:00Z"),
    ),
    "no section": ("missing-section", change_section(lambda _title, _text: "")),
    "empty section": ("empty-section", change_section(lambda title, _: f"{title}\n\n")),
    "none without reason": (
        "empty-section",
        change_section(lambda title, _: f"{title}\n\n**None.**\n"),
    ),
    "secret": (
        "pasted-secret",
        change_section(
            lambda title, text: f"{title}\n{text}AKIA" + "IOSFODNN7EXAMPLE\n"
        ),
    ),
}


def _defects() -> Iterator[Defect]:
    for path, own in ((OPPORTUNITY, _OF_OPPORTUNITIES), (PACKET, _OF_PACKETS)):
        for name, (rule, spoil) in {**_TABLE, **own}.items():
            kind = "deal" if path == OPPORTUNITY else "packet"
            yield Defect(f"{kind}: {name}", path, rule, spoil)


_IMPOSSIBLE = {"packet: text for a group"}
DEFECTS = tuple(defect for defect in _defects() if defect.name not in _IMPOSSIBLE)


def valid(path: str) -> str:
    """Give the text of a valid record."""
    return base()[path]
