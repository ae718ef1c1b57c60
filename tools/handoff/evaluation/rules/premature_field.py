"""Some fields wait for evidence."""

from collections.abc import Iterator

from handoff.evaluation.deal import Deal
from handoff.evaluation.rules.rule import Context, DealRule, error
from handoff.evaluation.stages import Progress
from handoff.model.diagnostic import Finding

_DEFECT = error(
    "premature-field",
    "a field is filled in before the fact it rests on",
    "Scope, price, timeline and expected improvement rest on audit evidence, and a "
    "confirmed client date on an acknowledgement. Naming them earlier promises what "
    "nobody has checked. The list is in schemas/policy/stages.yaml.",
)


def _check(deal: Deal, progress: Progress, context: Context) -> Iterator[Finding]:  # noqa: ARG001 - one signature for all checks
    opportunity, seen = deal.opportunity, _recorded(deal, context)
    if not any(_is_enforced(deal, context)):
        return
    for rule in context.policy.pipeline.premature:
        for field in rule.fields:
            if field in opportunity.header and rule.before not in seen:
                message = f"`{field}` is named before `{rule.before}` is on record"
                hint = f"Record `{rule.before}` first, or take `{field}` out."
                span = opportunity.document.key_span((field,))
                yield Finding(_DEFECT.name, span, message, hint)


def _recorded(deal: Deal, context: Context) -> set[str]:
    """Name all facts on record, also later than the moment asked about.

    The header says what is known in this snapshot, so it is held against all of it.
    """
    standing = {p.id for p in deal.packets if not context.weighed[p.id].flaws}
    packets = (packet for packet in deal.packets if packet.id in standing)
    facts = (*deal.opportunity.events, *(f for p in packets for f in p.timeline))
    return {fact.kind for fact in facts}


def _is_enforced(deal: Deal, context: Context) -> Iterator[bool]:
    opened = deal.opportunity.identity.day
    for fact in deal.facts:
        yield context.policy.is_enforced(fact.moment, opened)


RULE = DealRule(_DEFECT, _check)
