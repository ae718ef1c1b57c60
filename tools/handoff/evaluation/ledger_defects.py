"""Files of the ledger that count for nothing, as diagnostics."""

from collections.abc import Iterator

from handoff.evaluation.judging import severity_of
from handoff.model.diagnostic import Diagnostic
from handoff.model.span import TOP
from handoff.policy.policy import Policy
from handoff.records.ledger import misfits
from handoff.repository.ledger import BRANCH, Ledger

_RULE = "unread-ledger-file"
_HINT = (
    f"Nobody but the tool writes to `{BRANCH}`. `git log {BRANCH}` shows who did; the "
    "file is not counted."
)


def ledger_defects(ledger: Ledger, policy: Policy) -> Iterator[Diagnostic]:
    """Give one diagnostic for each file of the ledger that is not an entry."""
    for unread in misfits(ledger):
        message = f"this file of the ledger does not count: {unread.reason}"
        severity = severity_of(_RULE, policy)
        yield Diagnostic(unread.path, TOP, _RULE, severity, message, _HINT, (), "")
