"""The owner in the header is the one the events say."""

from collections.abc import Iterator

from handoff.evaluation.rules.rule import Context, RecordRule, at, error
from handoff.model.diagnostic import Finding
from handoff.policy.facts import OWNER_CHANGED
from handoff.records.record import Opportunity, Record

_DEFECT = error(
    "owner-mismatch",
    "the header names another owner than the events",
    "Exactly one person moves an opportunity. After an `owner-changed` event the "
    "header's `owner` must be the new one; an owner that changes without an event "
    "leaves no trace of who was answerable when.",
)


def _check(record: Record, context: Context) -> Iterator[Finding]:  # noqa: ARG001 - one signature for all checks
    if not isinstance(record, Opportunity):
        return
    changes = [event for event in record.events if event.kind == OWNER_CHANGED]
    named = changes[-1].field("new_owner") if changes else record.owner
    if named != record.owner:
        message = (
            f"`owner` is `{record.owner}`, the last `owner-changed` says `{named}`"
        )
        hint = (
            f"Write `owner: {named}`; if the owner is another one since, take the "
            f"change back and type `handoff log {record.id} owner-changed`."
        )
        yield at(record, ("owner",), _DEFECT, message, hint)


RULE = RecordRule(_DEFECT, _check)
