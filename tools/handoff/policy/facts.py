"""Facts that are not events of an opportunity but come from elsewhere.

Gates and clocks name them like events. `packet-filed`, `packet-returned` and
`packet-acknowledged` come from packets and the ledger, `acknowledgement-void` and
`deal-announced` from the ledger. The event kinds that code itself must understand are
named here as well; all others are data.
"""

from collections.abc import Mapping

PACKET_FILED = "packet-filed"
PACKET_RETURNED = "packet-returned"
PACKET_ACKNOWLEDGED = "packet-acknowledged"
ACKNOWLEDGEMENT_VOID = "acknowledgement-void"
DEAL_ANNOUNCED = "deal-announced"

DERIVED_AT: Mapping[str, tuple[str | int, ...]] = {
    PACKET_FILED: ("filed",),
    PACKET_RETURNED: ("returns", 0),
    PACKET_ACKNOWLEDGED: ("acknowledgement",),
}
"""Where a packet's header says them."""

APPROVAL_REQUESTED = "approval-requested"
APPROVAL_GIVEN = "approval-given"
APPROVAL_REFUSED = "approval-refused"
APPROVALS = frozenset({APPROVAL_REQUESTED, APPROVAL_GIVEN, APPROVAL_REFUSED})
PAUSED = "paused"
RESUMED = "resumed"
OWNER_CHANGED = "owner-changed"
DELIVERY_COMPLETED = "delivery-completed"
PROMISE_ENDS = frozenset({"promise-kept", "promise-broken"})

DERIVED = frozenset(
    {
        PACKET_FILED,
        PACKET_RETURNED,
        PACKET_ACKNOWLEDGED,
        ACKNOWLEDGEMENT_VOID,
        DEAL_ANNOUNCED,
    },
)
