"""Waivers, from `waivers.yaml`: dated, owned exceptions to one rule for one record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from handoff.model.instant import parse_date


@dataclass(frozen=True, slots=True)
class Waiver:
    """One exception; it holds up to and including the day it expires.

    Attributes:
        approved_on: the day on which the approvers must have held their role; `None`
            for the day it is used.
    """

    rule: str
    record: str
    reason: str
    owner: str
    expires: date
    approved_by: tuple[str, ...]
    approved_on: date | None = None


@dataclass(frozen=True, slots=True)
class WaiverRules:
    """Who may approve waivers.

    Attributes:
        approver: role the approvers must hold; empty if anybody may approve.
        two_above: value of a deal, by currency in minor units, above which two people
            must approve; a currency that is not named always needs two. `None` if one
            is enough for every deal.
    """

    approver: str
    two_above: Mapping[str, int] | None

    def approvers_for(self, currency: str, amount: int) -> int:
        """Tell how many people must approve an exception for a deal of some value."""
        if self.two_above is None or amount <= self.two_above.get(currency, 0):
            return 1
        return 2


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
            approved_on=parse_date(entry.get("approved_on", "")),
        )
        for entry in data["waivers"]
    )


def read_waiver_rules(data: Mapping[str, Any]) -> WaiverRules:
    """Build what `waivers.yaml` says of waivers in general."""
    return WaiverRules(data.get("approver", ""), data.get("two_approvers_above"))
