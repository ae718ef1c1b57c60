"""The text a client may see is the text that was approved."""

from collections.abc import Iterator

from handoff.evaluation.client_safe import latest_approval, safe_section, stale
from handoff.evaluation.rules.rule import Context, RecordRule, error
from handoff.model.diagnostic import Finding
from handoff.policy.facts import APPROVAL_GIVEN
from handoff.records.record import Opportunity, Record

_DEFECT = error(
    "stale-client-safe-approval",
    "the client-safe text is not the one that was approved",
    "An approval of the client-safe text is bound to the digest of what it says. "
    "After an edit nobody has approved what clients would see. Put the approved text "
    "back, or ask again with an `approval-requested` event and have the new text "
    "approved.",
)


def _check(record: Record, context: Context) -> Iterator[Finding]:
    if not isinstance(record, Opportunity):
        return
    subject = context.policy.pipeline.client_safe.approval
    given = latest_approval(record.events, subject)
    if given is None or given.kind != APPROVAL_GIVEN:
        return
    section = safe_section(record, context.policy)
    if section is None:
        span = record.document.span(given.pointer)
        title = context.policy.pipeline.client_safe.section
        message = f"section `{title}`, which was approved, is missing"
        yield Finding(_DEFECT.name, span, message, "Put the approved section back.")
        return
    for found in stale(record, section, given):
        yield Finding(
            _DEFECT.name, found.span, found.message, found.hint, found.related
        )


RULE = RecordRule(_DEFECT, _check, is_about_filing=False)
