"""How far claims are believed and who may change what, from `trust.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from handoff.model.instant import parse_duration

_TOLERANCE = timedelta(hours=1)
_SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Signer:
    """A public SSH key, and the address of the commits it may sign."""

    email: str
    key: str


@dataclass(frozen=True, slots=True)
class Trust:
    """What the change gate and the audit go by.

    Attributes:
        tolerance: how long after it happened a fact may be written down without a
            reason.
        skew: how far the clocks of two machines may differ.
        owner_changed_by: roles that may change a record's owner; empty for everybody.
        policy_changed_by: roles that may change schemas and policy, likewise.
        acknowledged_by_commit: whether `handoff ack` counts beside approvals.
        signed_by: keys that commits must be signed with; empty if none need be.
    """

    tolerance: timedelta = _TOLERANCE
    skew: timedelta = _SKEW
    owner_changed_by: tuple[str, ...] = ()
    policy_changed_by: tuple[str, ...] = ()
    acknowledged_by_commit: bool = True
    signed_by: tuple[Signer, ...] = ()


def read_trust(data: Mapping[str, Any]) -> Trust:
    """Build it from a header its schema has accepted; empty where there is no file."""
    return Trust(
        tolerance=parse_duration(data.get("tolerance", "")) or _TOLERANCE,
        skew=parse_duration(data.get("skew", "")) or _SKEW,
        owner_changed_by=tuple(data.get("owner_changed_by", ())),
        policy_changed_by=tuple(data.get("policy_changed_by", ())),
        acknowledged_by_commit=data.get("acknowledged_by_commit", True),
        signed_by=tuple(Signer(**entry) for entry in data.get("signed_by", ())),
    )
