"""What the ledger knows of records, as facts beside those they say themselves.

These members of an entry's body are read here; others may stand beside them. Instants
are RFC 3339 with offset, `packet` and `record` are file names without `.md`.

- acknowledgement: `packet`, `by` (handle), `at` (when the review was submitted),
  `review` (id as the packet's stanza has it, `github:1042`), `digest`,
  `risks_accepted` (ids);
- return: `packet`, `by`, `at`, `review`, `gaps` (texts);
- void: `packet`, `by` (who dismissed it, or empty), `at` (from when), `review`;
- receipt: `at` (when it was sent); one that announces a win also has `fact`
  (`deal-announced`), `record`, `cycle` (from 1) and `by`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from zoneinfo import ZoneInfo

from handoff.model.entry import Entry, EntryKind, Unread, entry_path
from handoff.model.identity import stem_of
from handoff.model.instant import parse_instant
from handoff.policy.facts import (
    ACKNOWLEDGEMENT_VOID,
    DEAL_ANNOUNCED,
    PACKET_ACKNOWLEDGED,
    PACKET_RETURNED,
)
from handoff.records.fact import Fact, read_fact
from handoff.records.reading import ReadFile
from handoff.records.record import Packet
from handoff.records.register import Register
from handoff.repository.ledger import BRANCH, Ledger

Vouched = tuple[str, str, str, datetime | None]
"""Packet, kind of fact, handle and instant."""
_ABOUT_PACKETS: Mapping[EntryKind, str] = {
    EntryKind.ACKNOWLEDGEMENT: PACKET_ACKNOWLEDGED,
    EntryKind.RETURN: PACKET_RETURNED,
    EntryKind.VOID: ACKNOWLEDGEMENT_VOID,
}
ABOUT_RECORDS = (*_ABOUT_PACKETS, EntryKind.RECEIPT)
"""Kinds that say something of a record; the others are the bots' own memory."""
_TEXTS: Mapping[str, tuple[str, ...]] = {
    PACKET_ACKNOWLEDGED: ("packet", "by", "review", "digest"),
    PACKET_RETURNED: ("packet", "by", "review"),
    ACKNOWLEDGEMENT_VOID: ("packet", "review"),
    DEAL_ANNOUNCED: ("record",),
}
_ZONE = ZoneInfo("UTC")  # of days, which the ledger does not know
_LISTS = ("risks_accepted", "gaps")


def place_of(entry: Entry) -> str:
    """Give the place of an entry as people are shown it."""
    return f"{BRANCH}:{entry_path(entry.kind, entry.key)}"


def with_ledger(register: Register, ledger: Ledger, now: datetime) -> Register:
    """Give every record what the ledger knows of it by `now`."""
    known: dict[str, list[Fact]] = {}
    for entry in ledger.entries.values():
        if (fact := read_entry(entry)) and (fact.moment.instant or now) <= now:
            known.setdefault(_subject(fact), []).append(fact)
    if not known:
        return register
    files = {path: _observed(file, known) for path, file in register.files.items()}
    return replace(register, files=files)


def by_subject(ledger: Ledger) -> Mapping[str, Ledger]:
    """Part a ledger into what it knows of each record, by id."""
    parts: dict[str, dict[tuple[EntryKind, str], Entry]] = {}
    for key, entry in ledger.entries.items():
        if fact := read_entry(entry):
            parts.setdefault(_subject(fact), {})[key] = entry
    return {name: Ledger(entries, (), ledger.tip) for name, entries in parts.items()}


def joined(tip: str, parts: Iterable[Ledger]) -> Ledger:
    """Put parts of the ledger of a commit together again."""
    entries = {key: entry for part in parts for key, entry in part.entries.items()}
    return Ledger(entries, (), tip)


def of_records(
    ledger: Ledger, paths: Iterable[str], known: Mapping[str, Ledger] | None = None
) -> Ledger:
    """Keep what a ledger says of some records.

    Args:
        ledger: the whole of it.
        paths: of the records.
        known: its parts, where many are asked for; see `by_subject`.
    """
    parts = by_subject(ledger) if known is None else known
    return joined(ledger.tip, filter(None, map(parts.get, map(stem_of, paths))))


def vouched(ledger: Ledger) -> frozenset[Vouched]:
    """Give what the ledger vouches for, as packets say it too."""
    facts = filter(None, map(read_entry, ledger.entries.values()))
    return frozenset(
        (_subject(fact), fact.kind, fact.by, fact.moment.instant) for fact in facts
    )


def _observed(file: ReadFile, known: Mapping[str, list[Fact]]) -> ReadFile:
    record = file.record
    facts = known.get(record.id, ()) if record else ()
    if record is None or not facts:
        return file
    is_packet = isinstance(record, Packet)
    own = (
        replace(fact, path=record.path)
        for fact in facts
        if is_packet == (fact.kind != DEAL_ANNOUNCED)
    )
    observed = tuple(sorted(own, key=lambda fact: (str(fact.moment), fact.entry)))
    return replace(file, record=replace(record, observed=observed))


def _subject(fact: Fact) -> str:
    return str(fact.field("record" if fact.kind == DEAL_ANNOUNCED else "packet"))


def read_entry(entry: Entry) -> Fact | None:
    """Read the fact an entry is about; `None` if it is about none, or is incomplete."""
    kind = _kind_of(entry)
    if not kind or _gap(kind, entry.body):
        return None
    fact = read_fact(entry.body, "", (), _ZONE, kind)
    return replace(fact, entry=place_of(entry))


def misfits(ledger: Ledger) -> Iterator[Unread]:
    """Give the files of the ledger that do not count, and why."""
    for unread in ledger.unread:
        yield replace(unread, path=f"{BRANCH}:{unread.path}")
    for entry in ledger.entries.values():
        kind = _kind_of(entry)
        if kind and (gap := _gap(kind, entry.body)):
            yield Unread(place_of(entry), gap)


def _kind_of(entry: Entry) -> str:
    if entry.kind is EntryKind.RECEIPT:
        return DEAL_ANNOUNCED if entry.body.get("fact") == DEAL_ANNOUNCED else ""
    return _ABOUT_PACKETS.get(entry.kind, "")


def _gap(kind: str, body: Mapping[str, object]) -> str:
    """Say what a body lacks; empty if nothing."""
    for name in _TEXTS[kind]:
        if not isinstance(body.get(name), str):
            return f"`{name}` is not a text"
    if parse_instant(str(body.get("at"))) is None:
        return "`at` is not an instant with an offset"
    if not isinstance(body.get("cycle", 1), int):
        return "`cycle` is not a number"
    for name in _LISTS:
        if not _is_list_of_texts(body.get(name, [])):
            return f"`{name}` is not a list of texts"
    return ""


def _is_list_of_texts(value: object) -> bool:
    return isinstance(value, list | tuple) and all(
        isinstance(each, str) for each in value
    )


def begins(ledger: Ledger) -> datetime | None:
    """Give the instant of the ledger's oldest entry; `None` without a ledger.

    Before it nobody wrote down what happened, so that nothing can be concluded from
    an entry that is missing.
    """
    if not ledger.tip:
        return None
    told = (parse_instant(str(e.body.get("at"))) for e in ledger.entries.values())
    return min((at for at in told if at), default=datetime.min.replace(tzinfo=UTC))


def oldest(ledger: Ledger) -> Ledger:
    """Give the part of a ledger that tells when it begins, and nothing else."""
    first = begins(ledger)
    told = (
        (key, entry)
        for key, entry in sorted(ledger.entries.items())
        if parse_instant(str(entry.body.get("at"))) == first
    )
    return Ledger(dict(islice(told, 1)), (), ledger.tip)
