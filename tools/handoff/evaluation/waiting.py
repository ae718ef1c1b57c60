"""What a clock says that has not started, and why it never will."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from handoff.evaluation.case import Case
from handoff.evaluation.deal import Deal
from handoff.evaluation.reading import Reading, State
from handoff.evaluation.runs import pair
from handoff.model.instant import Moment
from handoff.policy.clocks import ANY_EVENT, Clock, Start
from handoff.records.fact import Fact, value_at


def unmet_condition(clock: Clock, deal: Deal) -> str:
    """Say which field keeps a clock from applying to a deal; empty if none does."""
    for path, values in clock.condition.items():
        if value_at(deal.opportunity.header, path) not in values:
            return f"{'.'.join(path)} is not {' or '.join(values)}"
    return ""


def not_started(case: Case, applying: Sequence[Clock]) -> Reading:
    """Read a clock that did not start, of which `applying` are the versions left."""
    if not applying:
        clock = case.versions[-1]
        reason = unmet_condition(clock, case.deal)
        return case.reading(clock, State.NOT_APPLICABLE, reason)
    today = case.day_of(Moment(case.now))
    clock = next((c for c in applying if c.holds_on(today)), applying[-1])
    if reason := _why_never(case, clock, applying):
        return case.reading(clock, State.NOT_APPLICABLE, reason)
    awaited = " or ".join(
        " and ".join("an event" if p.event == ANY_EVENT else p.event for p in way)
        for way in clock.starts
    )
    return case.reading(clock, State.NOT_STARTED, f"waits for {awaited}")


def _why_never(case: Case, clock: Clock, applying: Sequence[Clock]) -> str:
    """Say why nothing in the cycle starts a clock any more; empty if it still may."""
    if _starts_out_of_force(case, applying):
        return "the clock was not in force at its start"
    singles = [way[0] for way in clock.starts if len(way) == 1]
    facts = [f for f in case.cycle.facts if any(f.kind == s.event for s in singles)]
    if facts:
        return "; ".join(_unmet(singles, facts[-1]))
    over = _over(case, clock)
    return f"{over.kind} before it could start" if over else ""


def _starts_out_of_force(case: Case, applying: Sequence[Clock]) -> bool:
    """Tell whether something would start a clock on a day no version is in force."""
    if not any(version.since or version.until for version in applying):
        return False
    undated = [replace(version, since=None, until=None) for version in applying]
    return next(pair(undated, case.cycle, case.day_of), None) is not None


def _unmet(starts: Sequence[Start], fact: Fact) -> Iterator[str]:
    """Say what each start of a fact's kind finds lacking in it."""
    for start in (start for start in starts if start.event == fact.kind):
        for field, value in start.when.items():
            if (found := fact.field(field)) != value:
                yield f"{field} is {found or 'not said'}, expected {value}"
        if start.having and fact.field(start.having) is None:
            yield f"it has no {start.having}"


def _over(case: Case, clock: Clock) -> Fact | None:
    """Find the fact after which the clock can no longer start in its cycle."""
    if case.cycle.reopening:
        return case.cycle.reopening
    returns = case.policy.pipeline.returns_by
    own = case.cycle.facts[1:] if case.number > 1 else case.cycle.facts
    kinds = clock.cancel | clock.stop | {returns}
    latest = next((f for f in reversed(own) if f.kind in kinds), None)
    return None if latest is None or latest.kind == returns else latest
