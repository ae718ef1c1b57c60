"""Which waivers hold, what they excuse, and what is wrong with the others (part 12)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from handoff.model.diagnostic import Diagnostic, Finding
from handoff.policy.policy import Policy
from handoff.policy.waivers import Waiver
from handoff.records.fact import value_at
from handoff.records.record import Record
from handoff.records.register import Register

UNAPPROVED = "unapproved-waiver"
EXPIRED = "expired-waiver"
UNUSED = "unused-waiver"


@dataclass(frozen=True, slots=True)
class Waived:
    """A diagnostic that a waiver excuses, kept so that it is counted and shown."""

    diagnostic: Diagnostic
    waiver: Waiver


def excused_rules(record: Record, policy: Policy, today: date) -> frozenset[str]:
    """Name the rules that are suspended for a record on a day."""
    return frozenset(
        waiver.rule
        for waiver in policy.waivers
        if waiver.record == record.path
        and today <= waiver.expires
        and not _refusal(waiver, record, policy, today)
    )


def apply_waivers(
    diagnostics: Iterable[Diagnostic],
    register: Register,
    policy: Policy,
    today: date,
) -> tuple[tuple[Diagnostic, ...], tuple[Waived, ...]]:
    """Set aside what waivers excuse.

    A waiver excuses one rule for one record up to and including its last day, if it
    was approved by those who may.
    """
    active: Mapping[tuple[str, str], Waiver] = {
        (waiver.rule, waiver.record): waiver
        for waiver in policy.waivers
        if today <= waiver.expires
        and not _refusal(waiver, _record(waiver, register), policy, today)
    }
    kept: list[Diagnostic] = []
    waived: list[Waived] = []
    for diagnostic in diagnostics:
        waiver = active.get((diagnostic.rule, diagnostic.path))
        if waiver:
            waived.append(Waived(diagnostic, waiver))
        else:
            kept.append(diagnostic)
    return tuple(kept), tuple(waived)


def waiver_findings(
    register: Register,
    policy: Policy,
    waived: tuple[Waived, ...],
    today: date,
    elsewhere: frozenset[str],
) -> Iterator[Finding]:
    """Say which waivers are over, not approved by those who may, or do nothing.

    Args:
        register: the records, for the value of a deal.
        policy: holds the waivers.
        waived: what the others excuse.
        today: the day in the policy's zone.
        elsewhere: rules of another scope, of whose use this check cannot know.
    """
    used = {entry.waiver for entry in waived}
    for index, waiver in enumerate(policy.waivers):
        subject = f"the waiver of `{waiver.rule}` for `{waiver.record}`"
        refusal = _refusal(waiver, _record(waiver, register), policy, today)
        hint = "Remove it, or renew it with a new approval."
        if today > waiver.expires:
            rule, message = EXPIRED, f"{subject} expired on {waiver.expires}"
        elif refusal:
            rule, message = UNAPPROVED, f"{subject} does not hold: {refusal}"
            hint = "Ask somebody who may approve it, and name them in `approved_by`."
        elif waiver not in used and waiver.rule not in elsewhere:
            rule, message = UNUSED, f"{subject} excuses nothing"
        else:
            continue
        span = policy.documents["waivers"].key_span(("waivers", index))
        yield Finding(rule, span, message, hint)


def _record(waiver: Waiver, register: Register) -> Record | None:
    file = register.files.get(waiver.record)
    return file.record if file else None


def _refusal(waiver: Waiver, record: Record | None, policy: Policy, today: date) -> str:
    """Say why a waiver was not approved by those who may; empty if it was."""
    role, day = policy.waiver_rules.approver, waiver.approved_on or today
    if waiver.owner in waiver.approved_by:
        return f"`{waiver.owner}` owns it and cannot approve it"
    if day > today:
        return f"it is approved on {day}, which is still to come"
    for handle in waiver.approved_by:
        if role and not policy.roster.holds(handle, role, day):
            return f"`{handle}` does not hold the role `{role}` on {day}"
    needed = policy.waiver_rules.approvers_for(*_value(record))
    if len(set(waiver.approved_by)) < needed:
        return f"a deal of this value needs {needed} different people to approve it"
    return ""


def _value(record: Record | None) -> tuple[str, int]:
    """Give currency and amount in minor units of what a record is about."""
    header = record.header if record else {}
    priced = header.get("pricing", header.get("price"))
    listed = value_at(priced, ("line_items",))
    entries = listed if isinstance(listed, list) else [priced]
    amounts = (value_at(entry, ("amount_minor",)) for entry in entries)
    total = sum(amount for amount in amounts if isinstance(amount, int))
    return str(value_at(priced, ("currency",)) or ""), total
