"""A fact may be claimed when its gate is satisfied, not before."""

from collections.abc import Iterator

from handoff.evaluation.deal import Deal
from handoff.evaluation.gates import Missing
from handoff.evaluation.rules.rule import Context, DealRule, error
from handoff.evaluation.stages import GATE_UNSATISFIED, Progress, Refusal
from handoff.model.diagnostic import Finding, Severity
from handoff.policy.policy import Policy
from handoff.records.record import Opportunity

_DEFECT = error(
    GATE_UNSATISFIED,
    "an event claims what its gate does not allow yet",
    "Each stage, and a few events, have a gate in schemas/policy/stages.yaml: fields, "
    "sections, earlier events and approvals that must be on record first. The message "
    "lists everything that is missing. `handoff status ID` shows the same list for the "
    "next stage at any time.",
)


def _check(deal: Deal, progress: Progress, context: Context) -> Iterator[Finding]:
    for refusal in progress.refusals:
        if refusal.fact.path != deal.opportunity.path:
            continue
        path, policy = deal.opportunity.path, context.policy
        told = (m for m in refusal.missing if not _is_told(m.rule, path, policy))
        if missing := tuple(told):
            yield _finding(deal.opportunity, refusal, missing)


def _is_told(rule: str, path: str, policy: Policy) -> bool:
    """Tell whether another rule refuses the record for the same thing."""
    is_waived = any((w.rule, w.record) == (rule, path) for w in policy.waivers)
    is_error = policy.severities.get(rule, Severity.ERROR) is Severity.ERROR
    return bool(rule) and is_error and not is_waived and rule not in policy.shadow


def _finding(
    opportunity: Opportunity, refusal: Refusal, missing: tuple[Missing, ...]
) -> Finding:
    fact, count = refusal.fact, len(missing)
    span = opportunity.document.span((*fact.pointer, "event"))
    claimed = refusal.claimed
    does = f"moves the deal to stage `{claimed.name}`" if claimed else "is on record"
    things = "1 thing is" if count == 1 else f"{count} things are"
    listed = "; ".join(each.message for each in missing)
    message = f"event `{fact.kind}` {does}, but {things} missing: {listed}"
    hint = f"Add what is missing, or take `{fact.kind}` out until it is there."
    return Finding(_DEFECT.name, span, message, hint)


RULE = DealRule(_DEFECT, _check)
