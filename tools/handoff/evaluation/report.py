"""The single entry point: all that can be said about a snapshot at one instant."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from handoff.evaluation.acknowledgement import judge
from handoff.evaluation.clocks import read_clocks
from handoff.evaluation.deal import Deal, assemble
from handoff.evaluation.gates import Missing
from handoff.evaluation.judging import (
    Waived,
    apply_waivers,
    diagnose,
    severity_of,
    waiver_defects,
)
from handoff.evaluation.reading import Reading
from handoff.evaluation.rules import DEAL_RULES, PROSE_RULES, RECORD_RULES
from handoff.evaluation.rules.rule import Context, ProseRule, RecordRule
from handoff.evaluation.stages import Progress, fold
from handoff.evaluation.status import Status, status_of
from handoff.model.diagnostic import Diagnostic, Finding, Severity
from handoff.model.instant import day_of
from handoff.model.verdict import Verdict
from handoff.policy.facts import PACKET_ACKNOWLEDGED
from handoff.policy.policy import Policy
from handoff.records.fact import Fact
from handoff.records.reading import ReadFile
from handoff.records.record import Opportunity, Packet
from handoff.records.register import Register


@dataclass(frozen=True, slots=True)
class Report:
    """Everything evaluation produced.

    Attributes:
        now: the instant it was computed for, in UTC.
        rev: the snapshot: a commit id, `index` or `worktree`.
        statuses: one per deal that exists at `now`, in the order of their paths.
        readings: of every clock, by deal.
        not_evaluated: paths of records whose shape keeps them from being evaluated.
    """

    now: datetime
    rev: str
    policy: Policy
    register: Register
    verdict: Verdict
    waived: tuple[Waived, ...]
    statuses: tuple[Status, ...]
    readings: tuple[Reading, ...]
    not_evaluated: tuple[str, ...]


def evaluate(
    register: Register,
    policy: Policy,
    now: datetime,
    *,
    rev: str,
    is_replay: bool,
) -> Report:
    """Judge all records and compute stages, clocks and what is missing.

    Args:
        register: the records, from one snapshot.
        policy: from the same snapshot.
        now: the instant to evaluate for, in UTC.
        rev: name of the snapshot, repeated in the report.
        is_replay: whether `now` lies in the past on purpose.
    """
    context = Context(register, policy, now, is_replay)
    own, folded = _judge(context)
    verdict, waived = _verdict(own, folded, context)
    return Report(
        now=now,
        rev=rev,
        policy=policy,
        register=register,
        verdict=verdict,
        waived=waived,
        statuses=tuple(
            status_of(deal, progress, policy, _packet_errors(deal, own, context))
            for deal, progress in folded
        ),
        readings=tuple(r for deal, _ in folded for r in read_clocks(deal, policy, now)),
        not_evaluated=tuple(
            path for path, file in sorted(register.files.items()) if not file.record
        ),
    )


def check(
    register: Register, policy: Policy, now: datetime, *, replay: bool
) -> Verdict:
    """Judge all records, as `evaluate` does, without reading the clocks."""
    context = Context(register, policy, now, replay)
    return _verdict(*_judge(context), context)[0]


@dataclass(frozen=True, slots=True)
class _Found:
    """Findings of one file, and those among them that keep a packet from counting."""

    findings: tuple[Finding, ...]
    against_filing: tuple[Finding, ...]


def _judge(
    context: Context,
) -> tuple[dict[str, _Found], list[tuple[Deal, Progress]]]:
    """Apply the rules of records, and fold every deal that exists by then."""
    register, policy = context.register, context.policy
    own = {path: _record_findings(path, context) for path in register.files}
    deals = [_deal(o, own, context) for o in register.opportunities.values()]
    return own, [(deal, fold(deal, policy)) for deal in deals if deal.facts]


def _record_findings(path: str, context: Context) -> _Found:
    file = context.register.files[path]
    against = list(file.findings)
    others: list[Finding] = []
    for rule, findings in _by_rules(file, context):
        (against if rule.is_about_filing else others).extend(findings)
    return _Found((*against, *others), tuple(against))


def _by_rules(
    file: ReadFile,
    context: Context,
) -> Iterator[tuple[ProseRule | RecordRule, Iterator[Finding]]]:
    """Apply the rules a file is ready for: prose once parsed, the rest once typed."""
    if file.draft:
        for prose in PROSE_RULES:
            yield prose, prose.check(file.draft, context.policy)
    if file.record:
        for rule in RECORD_RULES:
            yield rule, rule.check(file.record, context)


def _deal(
    opportunity: Opportunity,
    own: dict[str, _Found],
    context: Context,
) -> Deal:
    packets = context.register.packets_of(opportunity.id)
    facts = [
        fact
        for packet in packets
        if not _errors(own[packet.path], context)
        for fact in _valid_facts(packet, opportunity, context.policy)
    ]
    pipeline = context.policy.pipeline
    return assemble(opportunity, packets, tuple(facts), pipeline, context.now)


def _valid_facts(
    packet: Packet,
    opportunity: Opportunity,
    policy: Policy,
) -> Iterator[Fact]:
    """Give a packet's facts, without an acknowledgement that does not hold."""
    holds = not judge(packet, opportunity, policy)
    yield from (f for f in packet.facts if holds or f.kind != PACKET_ACKNOWLEDGED)


def _errors(found: _Found, context: Context) -> list[Finding]:
    policy, findings = context.policy, found.against_filing
    return [f for f in findings if severity_of(f.rule, policy) is Severity.ERROR]


def _packet_errors(
    deal: Deal,
    own: dict[str, _Found],
    context: Context,
) -> tuple[Missing, ...]:
    """Say which packets of a deal do not count as filed because of their errors."""
    counted = ((p.path, len(_errors(own[p.path], context))) for p in deal.packets)
    return tuple(
        Missing("packet", path, f"packet `{path}` without its errors ({count} now)")
        for path, count in counted
        if count
    )


def _verdict(
    own: dict[str, _Found],
    folded: list[tuple[Deal, Progress]],
    context: Context,
) -> tuple[Verdict, tuple[Waived, ...]]:
    findings = {path: list(found.findings) for path, found in own.items()}
    for deal, progress in folded:
        for rule in DEAL_RULES:
            findings[deal.opportunity.path] += rule.check(deal, progress, context)
    register, policy = context.register, context.policy
    today = day_of(context.now, policy.zone)
    made = [
        diagnostic
        for path in register.judged
        for diagnostic in diagnose(path, findings[path], register, policy)
    ]
    kept, waived = apply_waivers(made, policy, today)
    if len(register.judged) == len(register.files):
        kept += waiver_defects(policy, waived, today)
    return _count(kept, register), waived


def _count(diagnostics: tuple[Diagnostic, ...], register: Register) -> Verdict:
    files = (register.files[path] for path in register.judged)
    judged = sum(file.document is not None for file in files)
    ordered = sorted(diagnostics, key=lambda diagnostic: diagnostic.order)
    return Verdict(len(register.judged), judged, tuple(ordered))
