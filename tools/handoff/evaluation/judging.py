"""From findings to diagnostics: path, severity, source line, waivers."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from handoff.evaluation.rules import CATALOGUE
from handoff.model.diagnostic import Diagnostic, Finding, Severity
from handoff.model.span import Span
from handoff.policy.defects import SHAPE_DEFECTS
from handoff.policy.policy import Policy
from handoff.policy.waivers import Waiver
from handoff.records.register import Register

_PLACEHOLDER = "placeholder-text"
WAIVERS = "schemas/policy/waivers.yaml"


@dataclass(frozen=True, slots=True)
class Waived:
    """A diagnostic that a waiver excuses, kept so that it is counted and shown."""

    diagnostic: Diagnostic
    waiver: Waiver


def diagnose(
    path: str,
    findings: Iterable[Finding],
    register: Register,
    policy: Policy,
) -> tuple[Diagnostic, ...]:
    """Complete the findings of one file: one broken thing, one message.

    Exact repeats are dropped, and so is what the schema says about a placeholder.
    """
    file = register.files.get(path)
    document = file.document if file else None
    return tuple(
        Diagnostic(
            path=path,
            span=finding.span,
            rule=finding.rule,
            severity=severity_of(finding.rule, policy),
            message=finding.message,
            hint=finding.hint,
            related=finding.related,
            source=document.line(finding.span.line) if document else "",
        )
        for finding in _without_echoes(dict.fromkeys(findings))
    )


def _without_echoes(findings: Collection[Finding]) -> Iterator[Finding]:
    """Leave out what repeats a placeholder: found twice, or refused by the schema."""
    told: set[Span] = set()
    others = [f for f in findings if f.rule != _PLACEHOLDER]
    for finding in findings:
        if finding.rule == _PLACEHOLDER and finding.span not in told:
            told.add(finding.span)
            yield finding
    for finding in others:
        if finding.rule not in SHAPE_DEFECTS or finding.span not in told:
            yield finding


def severity_of(rule: str, policy: Policy) -> Severity:
    """Give what a rule weighs under a policy."""
    return policy.severities.get(rule, CATALOGUE[rule].severity)


def apply_waivers(
    diagnostics: Iterable[Diagnostic],
    policy: Policy,
    today: date,
) -> tuple[tuple[Diagnostic, ...], tuple[Waived, ...]]:
    """Set aside what waivers excuse.

    A waiver excuses one rule for one record up to and including its last day.
    """
    active: Mapping[tuple[str, str], Waiver] = {
        (waiver.rule, waiver.record): waiver
        for waiver in policy.waivers
        if today <= waiver.expires
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


def waiver_defects(
    policy: Policy,
    waived: tuple[Waived, ...],
    today: date,
) -> tuple[Diagnostic, ...]:
    """List waivers that are past their last day or excuse nothing."""
    used = {entry.waiver for entry in waived}
    found: list[Diagnostic] = []
    for index, waiver in enumerate(policy.waivers):
        subject = f"the waiver of `{waiver.rule}` for `{waiver.record}`"
        if today > waiver.expires:
            rule, message = "expired-waiver", f"{subject} expired on {waiver.expires}"
        elif waiver not in used:
            rule, message = "unused-waiver", f"{subject} excuses nothing"
        else:
            continue
        found.append(
            Diagnostic(
                path=WAIVERS,
                span=policy.waiver_places[index],
                rule=rule,
                severity=severity_of(rule, policy),
                message=message,
                hint="Remove it, or renew it with a new approval.",
                related=(),
                source="",
            ),
        )
    return tuple(found)
