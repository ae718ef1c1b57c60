"""The change gate: every rule about changes, applied to what a change touches."""

from collections.abc import Iterable, Iterator

from handoff.evaluation.change import Change, ChangeContext
from handoff.evaluation.judging import complete
from handoff.evaluation.rules import CHANGE_RULES
from handoff.evaluation.waiving import Waived, apply_waivers
from handoff.model.diagnostic import Diagnostic
from handoff.records.register import Register


def judge_changes(
    changes: Iterable[Change], context: ChangeContext
) -> tuple[tuple[Diagnostic, ...], tuple[Waived, ...]]:
    """Judge files by how they differ from what they were.

    Returns:
        What was found, and what waivers of the base's policy excuse of it.
    """
    judged = tuple(changes)
    files = {c.path: file for c in judged if (file := c.after or c.before)}
    found = (d for change in judged for d in _diagnose(change, context))
    register = Register(files, tuple(files))
    return apply_waivers(found, register, context.policy, context.today)


def _diagnose(change: Change, context: ChangeContext) -> Iterator[Diagnostic]:
    document = change.after.document if change.after else None
    for rule in CHANGE_RULES:
        for finding in rule.check(change, context):
            yield complete(change.path, document, finding, context.policy)
