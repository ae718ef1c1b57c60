"""A fact may be claimed when its gate is satisfied, not before."""

from collections.abc import Iterator

from handoff.evaluation.deal import Deal
from handoff.evaluation.rules.rule import Context, DealRule, error
from handoff.evaluation.stages import GATE_UNSATISFIED, Progress, Refusal
from handoff.model.diagnostic import Finding
from handoff.records.record import Opportunity

_DEFECT = error(
    GATE_UNSATISFIED,
    "an event claims what its gate does not allow yet",
    "Each stage, and a few events, have a gate in schemas/policy/stages.yaml: fields, "
    "sections, earlier events and approvals that must be on record first. The message "
    "lists everything that is missing. `handoff status ID` shows the same list for the "
    "next stage at any time.",
)


def _check(deal: Deal, progress: Progress, context: Context) -> Iterator[Finding]:  # noqa: ARG001 - one signature for all checks
    for refusal in progress.refusals:
        if refusal.missing and refusal.fact.path == deal.opportunity.path:
            yield _finding(deal.opportunity, refusal)


def _finding(opportunity: Opportunity, refusal: Refusal) -> Finding:
    fact, count = refusal.fact, len(refusal.missing)
    span = opportunity.document.span((*fact.pointer, "event"))
    claimed = refusal.claimed
    does = f"moves the deal to stage `{claimed.name}`" if claimed else "is on record"
    things = "1 thing is" if count == 1 else f"{count} things are"
    listed = "; ".join(missing.message for missing in refusal.missing)
    message = f"event `{fact.kind}` {does}, but {things} missing: {listed}"
    hint = f"Add what is missing, or take `{fact.kind}` out until it is there."
    return Finding(_DEFECT.name, span, message, hint)


RULE = DealRule(_DEFECT, _check)
