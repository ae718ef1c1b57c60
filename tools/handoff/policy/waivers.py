"""Waivers, from `waivers.yaml`: dated, owned exceptions to one rule for one record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from handoff.model.instant import parse_date


@dataclass(frozen=True, slots=True)
class Waiver:
    """One exception; it holds up to and including the day it expires."""

    rule: str
    record: str
    reason: str
    owner: str
    expires: date
    approved_by: tuple[str, ...]


def active_rules(
    waivers: Iterable[Waiver],
    record: str,
    today: date,
) -> frozenset[str]:
    """Name the rules that are suspended for a record on a day."""
    return frozenset(
        waiver.rule
        for waiver in waivers
        if waiver.record == record and today <= waiver.expires
    )


def read_waivers(data: Mapping[str, Any]) -> tuple[Waiver, ...]:
    """Build the waivers, already checked against their schema."""
    return tuple(
        Waiver(
            rule=entry["rule"],
            record=entry["record"],
            reason=entry["reason"],
            owner=entry["owner"],
            expires=parse_date(entry["expires"]) or date.min,
            approved_by=tuple(entry["approved_by"]),
        )
        for entry in data["waivers"]
    )
