"""Stages follow each other as policy allows."""

from collections.abc import Iterator

from handoff.evaluation.deal import Deal
from handoff.evaluation.rules.rule import Context, DealRule, error
from handoff.evaluation.stages import SKIPPED_TRANSITION, Progress
from handoff.model.diagnostic import Finding
from handoff.policy.stages import Stage

_DEFECT = error(
    SKIPPED_TRANSITION,
    "an event claims a stage that cannot follow the one before",
    "The allowed steps are in schemas/policy/stages.yaml. Skipping a stage, or moving "
    "a deal that is won, lost or delivered, needs the events in between, a `reopened` "
    "event with its reason, or a waiver.",
)


def _check(deal: Deal, progress: Progress, context: Context) -> Iterator[Finding]:
    document = deal.opportunity.document
    for refusal in progress.refusals:
        is_own = refusal.fact.path == deal.opportunity.path
        if refusal.missing or not is_own or refusal.claimed is None:
            continue
        pipeline, claimed = context.policy.pipeline, refusal.claimed
        sources = (s for s in pipeline.stages.values() if s.name in claimed.sources)
        entries = "; or ".join(_entered(stage) for stage in sources)
        message = (
            f"event `{refusal.fact.kind}` would move the deal to stage "
            f"`{claimed.name}`, but it is in stage `{refusal.held.name}`"
        )
        hint = f"Record what came in between: `{claimed.name}` follows {entries}."
        if refusal.held.is_outcome:
            hint = f"Add a `{pipeline.reopens_by}` event with its reason first."
        span = document.span((*refusal.fact.pointer, "event"))
        yield Finding(_DEFECT.name, span, message, hint)


def _entered(stage: Stage) -> str:
    """Name a stage with what enters it, for a person who knows events only."""
    kinds = " or ".join(f"`{kind}`" for kind in stage.entered_by)
    return f"`{stage.name}`, which {kinds} enters"


RULE = DealRule(_DEFECT, _check)
