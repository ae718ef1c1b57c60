"""An open deal says what happens next."""

from collections.abc import Iterator

from handoff.evaluation.deal import Deal
from handoff.evaluation.rules.rule import Context, DealRule, warning
from handoff.evaluation.stages import Progress
from handoff.model.diagnostic import Finding
from handoff.policy.facts import DERIVED

_DEFECT = warning(
    "missing-next-action",
    "the latest event of an open deal has no next action",
    "Deals are lost when nobody knows who does what next. The latest event of an open "
    "deal names the next action, its owner and its due date.",
)


def _check(deal: Deal, progress: Progress, context: Context) -> Iterator[Finding]:
    events = [f for f in deal.facts if f.kind not in DERIVED]
    if not events or not progress.current.stage.is_open:
        return
    latest = events[-1]
    opened = deal.opportunity.identity.day
    is_enforced = context.policy.is_enforced(latest.moment, opened)
    if is_enforced and latest.field("next") is None:
        span = deal.opportunity.document.span((*latest.pointer, "event"))
        message = f"`{latest.kind}` is the latest event and names no next action"
        hint = (
            "Add `next:` with `action:`, `owner:` and `due:` below it, or log the next "
            "event with `--next-action`, `--next-owner` and `--next-due`."
        )
        yield Finding(_DEFECT.name, span, message, hint)


RULE = DealRule(_DEFECT, _check)
