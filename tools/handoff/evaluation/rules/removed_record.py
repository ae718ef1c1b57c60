"""Records are never removed or renamed, but for a packet that was never filed."""

from collections.abc import Iterator

from handoff.evaluation.change import Change, ChangeContext
from handoff.evaluation.rules.rule import ChangeRule, error
from handoff.model.diagnostic import Finding
from handoff.model.identity import Kind, parse_path
from handoff.model.span import TOP

_DEFECT = error(
    "removed-record",
    "a record was removed or renamed",
    "A lost or dormant deal stays on record: it is part of every rate and of the "
    "history of its customer. The path is the identity, so renaming is removing. Only "
    "a packet that was never filed may go.",
)


def _check(change: Change, context: ChangeContext) -> Iterator[Finding]:  # noqa: ARG001 - one signature for all checks
    identity = parse_path(change.path)
    if change.before is None or change.after is not None or identity is None:
        return
    draft = change.before.draft
    is_packet = identity.kind is Kind.PACKET
    if is_packet and draft and "filed" not in draft.document.header:
        return
    what = "packet" if is_packet else "opportunity"
    message = f"this {what} was on record and is not there any more"
    hint = (
        "Bring it back under this name: `git checkout HEAD -- "
        f"{change.path}`. A deal that is over gets the event `closed-lost` or "
        "`went-dormant` instead."
    )
    yield Finding(_DEFECT.name, TOP, message, hint)


RULE = ChangeRule(_DEFECT, _check)
