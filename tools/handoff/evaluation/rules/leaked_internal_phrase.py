"""Nothing internal stands in a text that clients may see."""

from collections.abc import Iterator

from handoff.evaluation.client_safe import latest_approval, leaked, safe_section
from handoff.evaluation.rules.rule import Context, RecordRule, error
from handoff.model.diagnostic import Finding
from handoff.policy.facts import APPROVAL_GIVEN
from handoff.records.record import Opportunity, Record

_DEFECT = error(
    "leaked-internal-phrase",
    "an approved client-safe text repeats something internal",
    "Everything outside the client-safe section is internal. Six or more words in a "
    "row from there, or an e-mail address, an amount or one of our people from a "
    "promise or risk, would tell a client what was never meant for them. Say it in "
    "words of its own. A text that is not approved yet may be a draft; there only "
    "`handoff client-safe` refuses it.",
)


def _check(record: Record, context: Context) -> Iterator[Finding]:
    if not isinstance(record, Opportunity):
        return
    section = safe_section(record, context.policy)
    subject = context.policy.pipeline.client_safe.approval
    latest = latest_approval(record.events, subject)
    if section is None or latest is None or latest.kind != APPROVAL_GIVEN:
        return
    packets = context.register.packets_of(record.id)
    for found in leaked(record, packets, section, context.policy):
        yield Finding(
            _DEFECT.name, found.span, found.message, found.hint, found.related
        )


RULE = RecordRule(_DEFECT, _check, is_about_filing=False)
