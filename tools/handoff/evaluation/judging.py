"""From findings to diagnostics: path, severity, source line, waivers."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date
from difflib import get_close_matches

from handoff.document.document import Document
from handoff.evaluation.rules import CATALOGUE, CHANGE_SCOPE
from handoff.evaluation.rules.rule import FLOOD
from handoff.evaluation.waiving import Waived, waiver_findings
from handoff.model.diagnostic import Diagnostic, Finding, Severity
from handoff.model.span import Pointer, Span
from handoff.policy.defects import SHAPE_DEFECTS
from handoff.policy.policy import Policy
from handoff.records.register import Register

_PLACEHOLDER = "placeholder-text"


def diagnose(
    path: str,
    findings: Iterable[Finding],
    register: Register,
    policy: Policy,
) -> tuple[Diagnostic, ...]:
    """Complete the findings of one file: one broken thing, one message.

    Exact repeats are dropped, and so is what the schema says about a placeholder. Of a
    flood, the first are told and the others counted.
    """
    file = register.files.get(path)
    document = file.document if file else None
    kept = _without_echoes(dict.fromkeys(findings))
    told = _without_flood(kept)
    return tuple(complete(path, document, finding, policy) for finding in told)


def complete(
    path: str,
    document: Document | None,
    finding: Finding,
    policy: Policy,
) -> Diagnostic:
    """Add path, severity and source line to a finding of a file."""
    return Diagnostic(
        path=path,
        span=finding.span,
        rule=finding.rule,
        severity=severity_of(finding.rule, policy),
        message=finding.message,
        hint=finding.hint,
        related=finding.related,
        source=document.line(finding.span.line) if document else "",
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


def _without_flood(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Give the first findings of each rule, and one that counts all the others."""
    counts: Counter[str] = Counter()
    last: dict[str, Finding] = {}
    for finding in findings:
        counts[finding.rule] += 1
        if counts[finding.rule] <= FLOOD:
            yield finding
        else:
            last.setdefault(finding.rule, finding)
    for rule, finding in last.items():
        message = f"{counts[rule] - FLOOD:,} more like this from here on"
        hint = "Correct those named first, then check again."
        yield replace(finding, message=message, hint=hint, related=())


def severity_of(rule: str, policy: Policy) -> Severity:
    """Give what a rule weighs under a policy."""
    return policy.severities.get(rule, CATALOGUE[rule].severity)


def policy_defects(
    register: Register,
    policy: Policy,
    waived: tuple[Waived, ...],
    today: date,
) -> tuple[Diagnostic, ...]:
    """List rules that policy names and nobody defines, and waivers that do nothing."""
    document = policy.documents["waivers"]
    idle = waiver_findings(register, policy, waived, today, CHANGE_SCOPE)
    return (
        *_unknown_rules(policy),
        *_shadowed_guards(policy),
        *(complete(document.path, document, finding, policy) for finding in idle),
    )


def _unknown_rules(policy: Policy) -> Iterator[Diagnostic]:
    for file, pointer, name in _named_rules(policy):
        if name not in CATALOGUE:
            near = get_close_matches(name, CATALOGUE, n=1)
            hint = f"Did you mean `{near[0]}`?" if near else ""
            hint = hint or "`handoff explain` lists the rules."
            message = f"`{name}` is not the name of a rule"
            document = policy.documents[file]
            span = document.key_span(pointer)
            finding = Finding("unknown-policy-name", span, message, hint)
            yield complete(document.path, document, finding, policy)


def _shadowed_guards(policy: Policy) -> Iterator[Diagnostic]:
    """List guards of changes in the shadow: a change could switch off its own guard."""
    document = policy.documents["severities"]
    listed = document.header.get("shadow", [])
    for index, name in enumerate(listed if isinstance(listed, list) else ()):
        if name in CHANGE_SCOPE:
            message = f"`{name}` guards changes and cannot be tried out in the shadow"
            hint = "Take it out of `shadow`; `severities` can change what it weighs."
            span = document.span(("shadow", index))
            finding = Finding("unknown-policy-name", span, message, hint)
            yield complete(document.path, document, finding, policy)


def _named_rules(policy: Policy) -> Iterator[tuple[str, Pointer, str]]:
    """Give file, place and name of every rule that policy speaks of."""
    for name in policy.severities:
        yield "severities", ("severities", name), name
    listed = policy.documents["severities"].header.get("shadow", [])
    for index, name in enumerate(listed if isinstance(listed, list) else ()):
        yield "severities", ("shadow", index), name
    for index, waiver in enumerate(policy.waivers):
        yield "waivers", ("waivers", index, "rule"), waiver.rule
