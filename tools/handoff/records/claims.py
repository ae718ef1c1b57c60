"""The dated claims of a record, known again by what they say.

A claim is an event of an opportunity, or a filing, return, answer or acknowledgement of
a packet. It is read from any header that could be parsed, also one that its schema
refuses, so that a broken version in the middle of a history hides nothing.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from handoff.model.identity import Kind
from handoff.policy.facts import PACKET_RETURNED
from handoff.records.fact import Fact, read_fact
from handoff.records.record import Draft, packet_stamps


@dataclass(frozen=True, slots=True)
class Claim:
    """One dated claim.

    Attributes:
        key: what it says, independent of layout and order of keys.
        fact: the same, with its moment and place.
    """

    key: str
    fact: Fact

    @property
    def reason(self) -> str:
        """Why it was written down late, where it says so."""
        return str(self.fact.fields.get("recorded_late", ""))


@lru_cache(8)  # each rule about changes asks, and the next change asks again
def claims_of(draft: Draft, zone: ZoneInfo) -> tuple[Claim, ...]:
    """Read all claims of a record, in the order of the file."""
    header, path = draft.document.header, draft.document.path
    if draft.identity.kind is Kind.PACKET:
        return tuple(
            Claim(f"{kind} {canonical(_own(kind, fields))}", fact)
            for kind, fields, pointer in packet_stamps(header)
            for fact in (read_fact(fields, path, pointer, zone, kind),)
        )
    return tuple(
        Claim(canonical(fields), read_fact(fields, path, ("events", index), zone))
        for index, fields in events_of(header)
    )


def events_of(
    header: Mapping[str, object],
) -> Iterator[tuple[int, Mapping[str, object]]]:
    """Give the events of an opportunity's header with their indexes."""
    listed = header.get("events")
    for index, entry in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(entry, Mapping):
            yield index, entry


def canonical(value: object) -> str:
    """Write a value so that equal ones, and only they, give the same text."""
    return json.dumps(value, sort_keys=True, ensure_ascii=True)


def _own(kind: str, fields: Mapping[str, object]) -> Mapping[str, object]:
    """Leave the answer, a claim of its own, out of the return it belongs to."""
    if kind != PACKET_RETURNED:
        return fields
    return {name: value for name, value in fields.items() if name != "answered"}
