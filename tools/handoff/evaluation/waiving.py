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

Header = Mapping[str, object]
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
        and not _refusal(waiver, record.header, policy, today)
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
        and not _refusal(waiver, _header(waiver, register), policy, today)
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
        refusal = _refusal(waiver, _header(waiver, register), policy, today)
        hint = "Remove it, or renew it with a new approval."
        if today > waiver.expires:
            rule, message = EXPIRED, f"{subject} expired on {waiver.expires}"
        elif refusal:
            rule, message = UNAPPROVED, f"{subject} does not hold: {refusal}"
            hint = "Ask somebody who may approve it, and name them in `approved_by`."
        elif waiver not in used and waiver.rule not in elsewhere:
            rule, message = UNUSED, f"{subject} excuses nothing"
            hint = "Remove it: the record is fine without it."
        else:
            continue
        span = policy.documents["waivers"].key_span(("waivers", index))
        yield Finding(rule, span, message, hint)


def _header(waiver: Waiver, register: Register) -> Header:
    """Give what the record of a waiver says, as far as it can be read."""
    file = register.files.get(waiver.record)
    if file is None or file.document is None:
        return {}
    return file.record.header if file.record else file.document.header


def _refusal(waiver: Waiver, header: Header, policy: Policy, today: date) -> str:
    """Say why a waiver was not approved by those who may; empty if it was."""
    measured = {header.get("owner"), value_at(header, ("filed", "by"))}
    role, day = policy.waiver_rules.approver, waiver.approved_on or today
    if waiver.owner in waiver.approved_by:
        return f"`{waiver.owner}` owns it and cannot approve it"
    if day > today:
        return f"it is approved on {day}, which is still to come"
    for handle in waiver.approved_by:
        if handle in measured:
            return f"`{handle}` answers for the record and cannot approve it"
        if role and not policy.roster.holds(handle, role, day):
            return f"`{handle}` does not hold the role `{role}` on {day}"
    needed = policy.waiver_rules.approvers_for(*_value(header))
    if len(set(waiver.approved_by)) < needed:
        return f"a deal of this value needs {needed} different people to approve it"
    return ""


def _value(header: Header) -> tuple[str, int]:
    """Give currency and amount in minor units of what a record is about."""
    priced = header.get("pricing", header.get("price"))
    listed = value_at(priced, ("line_items",))
    entries = listed if isinstance(listed, list) else [priced]
    amounts = (value_at(entry, ("amount_minor",)) for entry in entries)
    # A header of which only the text could be read says numbers in digits.
    total = sum(int(str(amount)) for amount in amounts if str(amount).isdecimal())
    return str(value_at(priced, ("currency",)) or ""), total
