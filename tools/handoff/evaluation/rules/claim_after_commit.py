"""History is a witness: nothing is committed before it happens."""

from collections.abc import Iterator

from handoff.evaluation.change import Change, ChangeContext
from handoff.evaluation.rules.rule import ChangeRule, at, error
from handoff.model.diagnostic import Finding

_DEFECT = error(
    "claim-after-commit",
    "a fact claims to be later than the commit that introduced it",
    "A commit holds what was known when it was made. A fact in it with a later time "
    "was typed wrongly, made up in advance, or its commit carries a false date.",
)


def _check(change: Change, context: ChangeContext) -> Iterator[Finding]:
    for after, claim, origin in change.arrivals(context.policy.zone):
        fact, committed = claim.fact, origin.committed
        # A day counts from its end, but whoever writes it down does so during it.
        exact = fact.moment.instant if fact.moment.is_exact else None
        times = (("at", exact), ("recorded_at", fact.recorded_at))
        for field, instant in times:
            if (
                committed
                and instant
                and instant > committed + context.policy.trust.skew
            ):
                when = committed.astimezone(context.policy.zone)
                message = (
                    f"`{fact.kind}` is dated {fact.field(field)}, later than its "
                    f"commit {origin.commit[:12]} of "
                    f"{when.isoformat(timespec='seconds')}"
                )
                hint = "Correct the time, or the clock of the computer it was made on."
                yield at(after, (*fact.pointer, field), _DEFECT, message, hint)
                break


RULE = ChangeRule(_DEFECT, _check)
