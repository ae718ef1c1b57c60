"""The digest an acknowledgement is bound to (domain part 8).

It covers what was handed over: window, price, promises, risks, exclusions,
assumptions, contacts and sections of the packet, and the opportunity's scope, promises
and risks that it carries by id. Key order, white space and Unicode form are outside it,
and so is what goes on changing afterwards: SOW and payment state, milestones, access,
owners, filing, returns, scores. Every part is framed by its length, so that no two
different contents can run together into the same bytes.
"""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256

from handoff.records.record import Opportunity, Packet

_MATERIAL = (
    "opportunity",
    "primary_contact",
    "price",
    "delivery_window",
    "promises",
    "risks",
    "exclusions",
    "assumptions",
    "escalation_contacts",
)
_CARRIED = ("promises", "risks")


def packet_digest(packet: Packet, opportunity: Opportunity) -> str:
    """Give the digest of what a packet hands over, as `sha256:` and hexadecimal."""
    header = {k: packet.header[k] for k in _MATERIAL if k in packet.header}
    carried = {field: _carried(packet, opportunity, field) for field in _CARRIED}
    sections = {section.title: section.text for section in packet.document.sections}
    content = {
        "header": header,
        "carried": carried | {"scope": opportunity.header.get("scope", {})},
        "sections": sections,
    }
    return f"sha256:{sha256(_frame(content)).hexdigest()}"


def _carried(packet: Packet, opportunity: Opportunity, field: str) -> list[object]:
    wanted, listed = packet.header.get(field), opportunity.header.get(field)
    ids = wanted if isinstance(wanted, list) else []
    entries = listed if isinstance(listed, list) else []
    return [
        {key: value for key, value in entry.items() if key != "evidence"}
        for entry in entries
        if entry.get("id") in ids
    ]


def _frame(value: object) -> bytes:
    """Write a value so that it can be read in one way only."""
    if isinstance(value, dict):
        pairs = sorted([(_name(key), _frame(entry)) for key, entry in value.items()])
        return _framed(b"m", [part for pair in pairs for part in pair])
    if isinstance(value, list):
        return _framed(b"l", [_frame(entry) for entry in value])
    return _framed(b"s", (_text(value),))


def _framed(tag: bytes, parts: Sequence[bytes]) -> bytes:
    body = b"".join([b"%d:%s" % (len(part), part) for part in parts])
    return b"%s%d:%s" % (tag, len(body), body)


@lru_cache(256)
def _name(key: str) -> bytes:
    """Write the name of a field or section; there are few of them."""
    return _text(key)


def _text(value: object) -> bytes:
    text = str(value)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return " ".join(text.split()).encode()
