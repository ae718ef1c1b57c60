"""Facts: what happened, when, by whom, and where it is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from handoff.model.instant import (
    UNKNOWN,
    Moment,
    end_of_day,
    last_of_day,
    parse_date,
    parse_instant,
)
from handoff.model.span import Pointer


@dataclass(frozen=True, slots=True)
class Fact:
    """One dated fact of a deal: an event of the opportunity or a fact of its packet.

    Attributes:
        kind: event kind, or one of `handoff.policy.facts`.
        moment: when it happened, as claimed.
        recorded_at: when it was written down, where the record says so.
        by: handle of the person.
        fields: everything the record says about it.
        path: file of the record it is a fact of.
        pointer: place in that file's header; empty for what is not written there.
        entry: place in the ledger, where it is known from there alone.
    """

    kind: str
    moment: Moment
    recorded_at: datetime | None
    by: str
    fields: Mapping[str, object]
    path: str
    pointer: Pointer
    entry: str = ""

    def field(self, *path: str) -> object:
        """Give the value at a path of fields, or `None`."""
        return (
            self.fields.get(path[0]) if len(path) == 1 else value_at(self.fields, path)
        )


def value_at(value: object, path: tuple[str, ...]) -> object:
    """Give the value at a path of keys below a mapping, or `None`."""
    for key in path:
        value = value.get(key) if isinstance(value, dict | Mapping) else None
    return value


def read_moment(fields: Mapping[str, object], zone: ZoneInfo) -> Moment:
    """Read `at`, or `on` where only the day, or not even that, is known."""
    instant = parse_instant(str(fields.get("at", "")))
    if instant:
        return Moment(instant)
    day = parse_date(str(fields.get("on", "")))
    return Moment(last_of_day(day, zone), day) if day else UNKNOWN


def read_due(text: object, zone: ZoneInfo) -> datetime | None:
    """Read a due date (its end counts) or instant; `None` if it is neither."""
    day = parse_date(str(text))
    return end_of_day(day, zone) if day else parse_instant(str(text))


def read_fact(
    fields: Mapping[str, object],
    path: str,
    pointer: Pointer,
    zone: ZoneInfo,
    kind: str = "",
) -> Fact:
    """Build a fact from a mapping with `at` or `on`, and `by`."""
    return Fact(
        kind=kind or str(fields.get("event", "")),
        moment=read_moment(fields, zone),
        recorded_at=parse_instant(str(fields.get("recorded_at", ""))),
        by=str(fields.get("by", "")),
        fields=fields,
        path=path,
        pointer=pointer,
    )
