"""A fact that is written down late says so."""

from collections.abc import Iterator
from datetime import datetime

from handoff.evaluation.change import Change, ChangeContext
from handoff.evaluation.rules.rule import ChangeRule, at, error
from handoff.model.diagnostic import Finding
from handoff.model.instant import format_duration
from handoff.records.claims import Claim

_DEFECT = error(
    "late-claim",
    "a new fact is older than the tolerance and does not say `recorded_late`",
    "A date can be typed freely, so a fact that arrives long after it claims to have "
    "happened proves nothing about then. It has to say why it is late "
    "(`recorded_late`) and when it was written down (`recorded_at`): clocks start from "
    "the claimed time and stop at the recorded one, so that back-dating never helps "
    "whoever is measured. The tolerance is `tolerance` in schemas/policy/trust.yaml; "
    "facts before `enforced_from` in clocks.yaml are exempt, and so are facts known "
    "only to the day in a record that is new, as an import makes it.",
)


def _check(change: Change, context: ChangeContext) -> Iterator[Finding]:
    policy = context.policy
    for after, claim, origin in change.arrivals(policy.zone):
        fact, day = claim.fact, after.identity.day
        seen = (after.identity.stem, fact.kind, fact.by, fact.moment.instant)
        # Imported and remembered deals; no clock rests on a fact known to the day.
        is_memory = change.before is None and not fact.moment.is_exact
        if seen in context.vouched or is_memory:
            continue
        if origin.arrived and policy.is_enforced(fact.moment, day):
            for field, message in _lateness(claim, origin.arrived, context):
                hint = (
                    "If the time is right, add `recorded_late: …` with the reason and "
                    f"`recorded_at: {_local(origin.arrived, context)}`; `handoff log` "
                    "does it for you."
                )
                yield at(after, (*fact.pointer, field), _DEFECT, message, hint)


def _lateness(
    claim: Claim, arrived: datetime, context: ChangeContext
) -> Iterator[tuple[str, str]]:
    """Give the field and what is wrong, where a claim arrived late."""
    fact, tolerance = claim.fact, context.policy.trust.tolerance
    instant = fact.moment.instant
    if instant is None or arrived - instant <= tolerance:
        return
    field = "on" if fact.moment.day else "at"
    shown = f"it arrived {_local(arrived, context)}"
    limit = f"the tolerance is {format_duration(tolerance)}"
    if not claim.reason or fact.recorded_at is None:
        missing = "recorded_at" if claim.reason else "recorded_late"
        message = (
            f"`{fact.kind}` is dated {fact.field(field)}, but {shown} without "
            f"`{missing}` ({limit})"
        )
        yield field, message
    elif arrived - fact.recorded_at > tolerance:
        message = (
            f"`{fact.kind}` claims to be recorded at {fact.field('recorded_at')}, but "
            f"{shown} ({limit})"
        )
        yield "recorded_at", message


def _local(instant: datetime, context: ChangeContext) -> str:
    return instant.astimezone(context.policy.zone).isoformat(timespec="seconds")


RULE = ChangeRule(_DEFECT, _check)
