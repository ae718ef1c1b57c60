"""The verdict on a snapshot: every rule applied, every deal folded."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from handoff.evaluation.deal import Deal, assemble
from handoff.evaluation.judging import diagnose, policy_defects, severity_of
from handoff.evaluation.ledger_defects import ledger_defects
from handoff.evaluation.rules import DEAL_RULES, PROSE_RULES, RECORD_RULES
from handoff.evaluation.rules.rule import Context, ProseRule, RecordRule
from handoff.evaluation.stages import Progress, fold
from handoff.evaluation.waiving import Waived, apply_waivers
from handoff.evaluation.weighing import Weighed, weigh
from handoff.model.diagnostic import Diagnostic, Finding, Severity
from handoff.model.instant import day_of
from handoff.model.span import Pointer
from handoff.model.verdict import Verdict
from handoff.policy.facts import ACKNOWLEDGEMENT_VOID, PACKET_ACKNOWLEDGED
from handoff.policy.policy import Policy
from handoff.records.fact import Fact
from handoff.records.ledger import begins, with_ledger
from handoff.records.reading import ReadFile
from handoff.records.record import Opportunity, Packet
from handoff.records.register import Register
from handoff.repository.ledger import EMPTY, Ledger


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the rules say, and where every deal is.

    Attributes:
        folded: every deal that exists by then, with its progress, by path.
        packet_errors: per path of a packet, how many errors keep it from counting.
    """

    verdict: Verdict
    waived: tuple[Waived, ...]
    folded: tuple[tuple[Deal, Progress], ...]
    packet_errors: Mapping[str, int]


def judge(
    register: Register,
    policy: Policy,
    now: datetime,
    *,
    is_replay: bool,
    ledger: Ledger = EMPTY,
) -> Judgement:
    """Apply every rule to the records of a snapshot.

    Args:
        register: the records, from one snapshot.
        policy: from the same snapshot.
        now: the instant to judge for, in UTC.
        is_replay: whether `now` lies in the past on purpose.
        ledger: what bots observed; entries later than `now` do not exist.
    """
    known = with_ledger(register, ledger, now)
    context = _context(known, policy, now, ledger, is_replay=is_replay)
    own = {path: _record_findings(path, context) for path in known.files}
    opportunities = known.opportunities.values()
    pairs = (_folded(opportunity, own, context) for opportunity in opportunities)
    folded = tuple((deal, progress) for deal, progress in pairs if deal.facts)
    verdict, waived = _verdict(own, folded, context)
    packets = (packet.path for packet in known.packets.values())
    errors = {path: len(_errors(own[path], context)) for path in packets}
    return Judgement(verdict, waived, folded, errors)


@dataclass(frozen=True, slots=True)
class _Found:
    """Findings of one file, and those among them that keep a packet from counting."""

    findings: tuple[Finding, ...]
    against_filing: tuple[Finding, ...]


def _context(
    register: Register,
    policy: Policy,
    now: datetime,
    ledger: Ledger,
    *,
    is_replay: bool,
) -> Context:
    opportunities, has_ledger = register.opportunities, bool(ledger.tip)
    weighed = {
        packet.id: weigh(
            packet, opportunities[packet.opportunity], policy, has_ledger=has_ledger
        )
        for packet in register.packets.values()
        if packet.opportunity in opportunities
    }
    return Context(register, policy, now, is_replay, weighed, ledger)


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


def _folded(
    opportunity: Opportunity,
    own: dict[str, _Found],
    context: Context,
) -> tuple[Deal, Progress]:
    """Assemble and fold a deal, once more for each reopening that is refused.

    A refused reopening starts no cycle, so that facts after it stay where they were.
    """
    policy, refused = context.policy, set[Pointer]()
    today = day_of(context.now, policy.zone)
    while True:
        deal = _deal(opportunity, own, context, refused)
        progress = fold(deal, policy, today)
        claims = (refusal.fact for refusal in progress.refusals)
        reopenings = (f.pointer for f in claims if f.kind == policy.pipeline.reopens_by)
        found = next((place for place in reopenings if place not in refused), None)
        if found is None:
            return deal, progress
        refused.add(found)


def _deal(
    opportunity: Opportunity,
    own: dict[str, _Found],
    context: Context,
    refused: Collection[Pointer],
) -> Deal:
    packets = context.register.packets_of(opportunity.id)
    facts = {
        packet.path: tuple(_valid_facts(packet, context))
        for packet in packets
        if not _errors(own[packet.path], context)
    }
    policy, now = context.policy, context.now
    deal = assemble(opportunity, packets, facts, policy, now, refused)
    return replace(deal, watched_since=begins(context.ledger))


def _valid_facts(packet: Packet, context: Context) -> Iterator[Fact]:
    """Give a packet's facts, without acknowledgements that do not hold."""
    standing = context.weighed.get(packet.id, Weighed()).standing
    reviews = {fact.field("review") for fact in standing}
    for fact in packet.timeline:
        if fact.kind == PACKET_ACKNOWLEDGED:
            yield from (fact for each in standing if each is fact)
        elif fact.kind != ACKNOWLEDGEMENT_VOID or fact.field("review") in reviews:
            yield fact


def _errors(found: _Found, context: Context) -> list[Finding]:
    policy, findings = context.policy, found.against_filing
    enforced = (f for f in findings if f.rule not in policy.shadow)
    return [f for f in enforced if severity_of(f.rule, policy) is Severity.ERROR]


def _verdict(
    own: dict[str, _Found],
    folded: tuple[tuple[Deal, Progress], ...],
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
    kept, waived = apply_waivers(made, register, policy, today)
    if register.is_whole:
        kept += policy_defects(register, policy, waived, today)
        kept += tuple(ledger_defects(context.ledger, policy))
    return _count(kept, register, policy), waived


def _count(
    diagnostics: tuple[Diagnostic, ...], register: Register, policy: Policy
) -> Verdict:
    files = (register.files[path] for path in register.judged)
    judged = sum(file.document is not None for file in files)
    ordered = sorted(diagnostics, key=lambda diagnostic: diagnostic.order)
    found = tuple(d for d in ordered if d.rule not in policy.shadow)
    shadow = tuple(d for d in ordered if d.rule in policy.shadow)
    return Verdict(len(register.judged), judged, found, shadow)
