"""A promise that was made to a customer does not disappear."""

from collections.abc import Iterator

from handoff.evaluation.change import Change, ChangeContext
from handoff.evaluation.rules.rule import ChangeRule, at, error
from handoff.model.diagnostic import Finding
from handoff.model.identity import Kind
from handoff.records.record import Draft

_DEFECT = error(
    "removed-promise",
    "a promise that was on record is gone",
    "What was promised is what the customer counts on. A promise ends as kept or "
    "broken, with an event that says so; taking it out of the list would make the "
    "promise, and whether it was kept, disappear.",
)


def _check(change: Change, context: ChangeContext) -> Iterator[Finding]:  # noqa: ARG001 - one signature for all checks
    drafts = change.drafts()
    if drafts is None or drafts[1].identity.kind is not Kind.OPPORTUNITY:
        return
    before, after = drafts
    now = _ids(after)
    for promise in _ids(before):
        if promise not in now:
            message = f"promise `{promise}` was on record and is not there any more"
            hint = (
                f"Put `{promise}` back. If it no longer holds, say so: `handoff log "
                f"{after.identity.stem} promise-broken`, or `scope-changed` where the "
                "customer agreed."
            )
            yield at(after, ("promises",), _DEFECT, message, hint)


def _ids(draft: Draft) -> tuple[str, ...]:
    listed = draft.document.header.get("promises")
    entries = listed if isinstance(listed, list) else []
    named = (e.get("id") if isinstance(e, dict) else e for e in entries)
    return tuple(str(name) for name in named if name)


RULE = ChangeRule(_DEFECT, _check)
