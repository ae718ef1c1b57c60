"""A promise ends as kept or broken before its delivery ends."""

from collections.abc import Iterator

from handoff.evaluation.rules.rule import Context, RecordRule, at, error
from handoff.model.diagnostic import Finding
from handoff.policy.facts import DELIVERY_COMPLETED, PROMISE_ENDS
from handoff.records.record import Opportunity, Record

_DEFECT = error(
    "unresolved-promise",
    "delivery is completed and a promise is neither kept nor broken",
    "Every promise ends with evidence: `promise-kept` or `promise-broken`. A delivery "
    "that is called complete while a promise is open leaves nobody to say whether the "
    "customer got it.",
)


def _check(record: Record, context: Context) -> Iterator[Finding]:  # noqa: ARG001 - one signature for all checks
    if not isinstance(record, Opportunity):
        return
    if not any(event.kind == DELIVERY_COMPLETED for event in record.events):
        return
    ended = {e.field("promise") for e in record.events if e.kind in PROMISE_ENDS}
    promises = record.header.get("promises")
    for index, promise in enumerate(promises if isinstance(promises, list) else ()):
        if promise["id"] not in ended:
            message = f"promise `{promise['id']}` is neither kept nor broken"
            hint = (
                f"Type `handoff log {record.id} promise-kept --set "
                f"promise={promise['id']}`, or `promise-broken`."
            )
            yield at(record, ("promises", index, "id"), _DEFECT, message, hint)


RULE = RecordRule(_DEFECT, _check)
