"""The ways in which an acknowledgement does not count, a rule each."""

from collections.abc import Iterator

from handoff.evaluation.rules.rule import (
    Context,
    RecordCheck,
    RecordRule,
    at,
    error,
)
from handoff.evaluation.weighing import Weighed
from handoff.model.defect import Defect
from handoff.model.diagnostic import Finding
from handoff.records.record import Packet, Record

_DEFECTS = (
    error(
        "self-acknowledgement",
        "the person who filed a packet acknowledged it",
        "An acknowledgement says that somebody else has it now. The filer cannot say "
        "that about their own packet.",
    ),
    error(
        "unqualified-acknowledgement",
        "somebody without the receiving role acknowledged a packet",
        "Only people who held the receiving role of schemas/policy/people.yaml on that "
        "day can take a packet over.",
    ),
    error(
        "premature-acknowledgement",
        "a packet was acknowledged before it was filed, or filed again",
        "An acknowledgement counts for the packet as it was filed last. One that is "
        "older than the filing cannot be about it.",
    ),
    error(
        "stale-acknowledgement",
        "what was acknowledged is not what the packet says now",
        "An acknowledgement is bound to a digest of the window, price, scope, "
        "promises, risks, contacts and sections. A later change of any of them makes "
        "it stale: nobody accepts one packet and is held to another. White space and "
        "key order do not matter.",
    ),
    error(
        "risk-not-accepted",
        "a critical risk is not accepted in the acknowledgement",
        "Whoever takes a packet over with a critical risk says so for each of them, "
        "by id, in `risks_accepted`.",
    ),
    error(
        "ledger-disagrees",
        "a packet's acknowledgement is not what the ledger says of its review",
        "An acknowledgement that names a review is copied from the ledger, where the "
        "workflow wrote what the forge said. A packet that says something else was "
        "edited by hand, and counts for nothing; what the ledger says counts.",
    ),
    error(
        "void-acknowledgement",
        "the approval behind an acknowledgement was dismissed",
        "A dismissed approval no longer says that somebody has the packet. It counts "
        "until the instant of the dismissal; from then on the receiver's clock runs as "
        "if nobody had stopped it.",
    ),
)


def _check_for(defect: Defect) -> RecordCheck:
    def check(record: Record, context: Context) -> Iterator[Finding]:
        if not isinstance(record, Packet):
            return
        for flaw in context.weighed.get(record.id, Weighed()).flaws:
            if flaw.rule == defect.name:
                place = ("acknowledgement", flaw.field)
                yield at(record, place, defect, flaw.message, flaw.hint)

    return check


RULES = tuple(RecordRule(d, _check_for(d), is_about_filing=False) for d in _DEFECTS)
