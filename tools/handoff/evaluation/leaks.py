"""Internal words in a text for clients (domain part 11).

A phrase is six or more words in the same order, whatever their case and punctuation.
From promises and risks even single things count: e-mail addresses, amounts, and the
people they name.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from handoff.model.span import Pointer, Span, format_pointer
from handoff.policy.policy import Policy
from handoff.records.fact import value_at
from handoff.records.record import Opportunity, Packet, Record

PHRASE = 6
"""Words in a row that are taken for a copy."""

_WATCHED = ("promises", "risks")
_WORD = re.compile(r"\w+")
_EMAIL = re.compile(r"[\w.%+'-]+@[\w-]+(?:\.[\w-]+)+")
_NUMBER = r"\d+(?:[.,'\u00a0\u202f ]\d{3})*(?:[.,]\d{1,2})?(?!\d)"
_SIGN = r"[$\u00a3\u00a5\u20ac%]|[A-Z]{3}\b"
_AMOUNT = re.compile(rf"(?:(?:{_SIGN}) ?({_NUMBER}))|(?:({_NUMBER}) ?(?:{_SIGN}))")


@dataclass(frozen=True, slots=True)
class Leak:
    """Something internal that stands in a text for clients.

    Attributes:
        found: what stands there.
        source: where it is internal, for a person.
        path: the file of that place.
        span: that place.
    """

    found: str
    source: str
    path: str
    span: Span


_Place = tuple[str, str, Pointer | Span]
"""A text that no client may see, what it is, and where; spans take time to find."""


def leaks(
    text: str,
    opportunity: Opportunity,
    packets: tuple[Packet, ...],
    policy: Policy,
) -> Iterator[Leak]:
    """Find what is internal in a text for clients, phrases for each place of theirs."""
    known = _phrases(_words(text))
    for pointer, safe in _leaves(opportunity.header, ()):
        if pointer[0] in policy.pipeline.client_safe.fields:
            known -= _phrases(_words(safe))
    records: tuple[Record, ...] = (opportunity, *packets)
    for record in records:
        for internal, source, place in _internals(record, policy):
            if found := _shared(known, _words(internal)):
                at = place if isinstance(place, Span) else record.document.span(place)
                yield Leak(found, source, record.path, at)
    yield from _details(text, opportunity, policy)


def _words(text: str) -> list[str]:
    """Cut a text into words that compare equal however they are typed."""
    seen = (c for c in text if unicodedata.category(c) != "Cf")
    return _WORD.findall(unicodedata.normalize("NFKC", "".join(seen)).casefold())


def _phrases(words: list[str]) -> set[tuple[str, ...]]:
    return set(zip(*(words[start:] for start in range(PHRASE)), strict=False))


def _shared(known: set[tuple[str, ...]], words: list[str]) -> str:
    """Give the first stretch of words made of known phrases; empty if there is none."""
    if not known or len(words) < PHRASE:
        return ""
    hits = [tuple(words[n : n + PHRASE]) in known for n in range(len(words))]
    if True not in hits:
        return ""
    start = hits.index(True)
    return " ".join(words[start : hits.index(False, start) + PHRASE - 1])


def _internals(record: Record, policy: Policy) -> Iterator[_Place]:
    """Give every text of a record but those that clients may see."""
    safe = policy.pipeline.client_safe
    is_opportunity = isinstance(record, Opportunity)
    for pointer, text in _leaves(record.header, ()):
        if not (is_opportunity and pointer[0] in safe.fields):
            yield text, f"`{format_pointer(pointer)}`", pointer
    for section in record.document.sections:
        if not (is_opportunity and section.title == safe.section):
            yield section.text, f"section `{section.title}`", section.span


def _details(text: str, opportunity: Opportunity, policy: Policy) -> Iterator[Leak]:
    """Find addresses, amounts and people of the promises and risks, each once."""
    emails, amounts = _emails(text), _amounts(text)
    words = f" {' '.join(_words(text))} "
    told: set[str] = set()
    for pointer, entry in _entries(opportunity.header):
        own = " ".join(each for _, each in _leaves(entry, ()))
        found = sorted((emails & _emails(own)) | (amounts & _amounts(own)))
        found += (name for name in _people(entry, own, policy) if f" {name} " in words)
        for each in dict.fromkeys(found):
            if each not in told:
                source = f"`{format_pointer(pointer)}`"
                span = opportunity.document.span(pointer)
                yield Leak(each, source, opportunity.path, span)
        told.update(found)


def _entries(header: Mapping[str, object]) -> Iterator[tuple[Pointer, object]]:
    for field in _WATCHED:
        listed = value_at(header, (field,))
        for index, entry in enumerate(listed if isinstance(listed, list) else ()):
            yield (field, index), entry


def _people(entry: object, text: str, policy: Policy) -> list[str]:
    """Name the people of the roster that a promise or risk names."""
    handles = {value for _, value in _leaves(entry, ())}
    plain = f" {' '.join(_words(text))} "
    people = policy.roster.people.values()
    names = {p.handle: " ".join(_words(p.name)) for p in people}
    return [n for handle, n in names.items() if handle in handles or f" {n} " in plain]


def _emails(text: str) -> set[str]:
    return {found.casefold() for found in _EMAIL.findall(text)}


def _amounts(text: str) -> set[str]:
    """Give sums of money and shares, as digits in one spelling."""
    return {_plain(first or last) for first, last in _AMOUNT.findall(text)}


def _plain(number: str) -> str:
    whole, cents = number, ""
    if found := re.search(r"[.,](\d{1,2})$", number):
        whole, cents = number[: found.start()], found[1].rstrip("0")
    digits = re.sub(r"\D", "", whole)
    return f"{digits}.{cents}" if cents else digits


def _leaves(value: object, pointer: Pointer) -> Iterator[tuple[Pointer, str]]:
    """Give every text in a value, with its place."""
    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, Mapping):
        for key, entry in value.items():
            yield from _leaves(entry, (*pointer, key))
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from _leaves(entry, (*pointer, index))
