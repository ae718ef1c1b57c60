"""Typed records: an opportunity, a packet, and what both have in common."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from handoff.document.document import Document
from handoff.model.identity import Identity
from handoff.model.intervals import FOREVER
from handoff.model.span import Pointer
from handoff.policy.facts import (
    PACKET_ACKNOWLEDGED,
    PACKET_FILED,
    PACKET_RETURNED,
)
from handoff.records.fact import Fact, read_fact, value_at


@dataclass(frozen=True, slots=True)
class Draft:
    """A record of which only identity and text are sure; its shape may be wrong."""

    identity: Identity
    document: Document


@dataclass(frozen=True, slots=True)
class Opportunity:
    """One deal.

    Attributes:
        header: the header with its numbers as numbers, valid by its schema.
        events: its events in the order of the file.
        observed: what the ledger knows of it, by time.
    """

    identity: Identity
    document: Document
    header: Mapping[str, object]
    events: tuple[Fact, ...]
    observed: tuple[Fact, ...] = ()

    @property
    def id(self) -> str:
        """File name without ending."""
        return self.identity.stem

    @property
    def path(self) -> str:
        """Path in the repository."""
        return self.document.path

    @property
    def owner(self) -> str:
        """Handle of the one person who moves it."""
        return str(self.header["owner"])

    def text(self, field: str) -> str:
        """Give a top-level field as text, empty where there is none."""
        return str(self.header.get(field, ""))


@dataclass(frozen=True, slots=True)
class Packet:
    """One handoff packet.

    Attributes:
        opportunity: id of the opportunity it belongs to.
        facts: filed, returned, filed again, acknowledged; in that order.
        observed: what the ledger knows of it, by time.
    """

    identity: Identity
    document: Document
    header: Mapping[str, object]
    opportunity: str
    facts: tuple[Fact, ...]
    observed: tuple[Fact, ...] = ()

    @property
    def id(self) -> str:
        """File name without ending."""
        return self.identity.stem

    @property
    def path(self) -> str:
        """Path in the repository."""
        return self.document.path

    @property
    def timeline(self) -> tuple[Fact, ...]:
        """Its facts with those of the ledger put in by time; each is told once.

        A return that the packet tells as well is the packet's.
        """
        told = {(fact.kind, fact.by, fact.moment.instant) for fact in self.facts}
        new = [f for f in self.observed if (f.kind, f.by, f.moment.instant) not in told]
        return tuple(sorted((*self.facts, *new), key=_instant)) if new else self.facts

    @property
    def acknowledgement(self) -> Fact | None:
        """The acknowledgement, as it is claimed."""
        found = (fact for fact in self.facts if fact.kind == PACKET_ACKNOWLEDGED)
        return next(found, None)

    @property
    def filed(self) -> Fact | None:
        """The first filing."""
        return next((fact for fact in self.facts if fact.kind == PACKET_FILED), None)


Record = Opportunity | Packet


def _instant(fact: Fact) -> datetime:
    return fact.moment.instant or FOREVER


def read_opportunity(
    identity: Identity,
    document: Document,
    header: Mapping[str, object],
    zone: ZoneInfo,
) -> Opportunity:
    """Build an opportunity from a header that its schema accepts."""
    listed = header["events"]
    events = (
        read_fact(fields, document.path, ("events", index), zone)
        for index, fields in enumerate(listed if isinstance(listed, list) else ())
    )
    return Opportunity(identity, document, header, tuple(events))


def read_packet(
    identity: Identity,
    document: Document,
    header: Mapping[str, object],
    zone: ZoneInfo,
) -> Packet:
    """Build a packet from a header that its schema accepts."""
    facts = tuple(
        read_fact(fields, document.path, pointer, zone, kind)
        for kind, fields, pointer in packet_stamps(header)
    )
    opportunity = str(header["opportunity"])
    return Packet(identity, document, header, opportunity, facts)


def packet_stamps(
    header: Mapping[str, object],
) -> Iterator[tuple[str, Mapping[str, object], Pointer]]:
    """Give kind, fields and place of what was done to a packet, in that order.

    The header may be one that its schema refuses; what is no stanza is left out.
    """
    stamps: list[tuple[str, object, Pointer]] = [
        (PACKET_FILED, header.get("filed"), ("filed",)),
    ]
    returns = header.get("returns")
    for index, entry in enumerate(returns if isinstance(returns, list) else ()):
        place = ("returns", index)
        stamps.append((PACKET_RETURNED, entry, place))
        answered = value_at(entry, ("answered",))
        stamps.append((PACKET_FILED, answered, (*place, "answered")))
    acknowledged = header.get("acknowledgement")
    stamps.append((PACKET_ACKNOWLEDGED, acknowledged, ("acknowledgement",)))
    for kind, fields, pointer in stamps:
        if isinstance(fields, Mapping):
            yield kind, fields, pointer
