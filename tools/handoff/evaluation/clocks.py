"""Readings of every clock for a deal (domain part 7)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from handoff.evaluation.deal import Deal
from handoff.evaluation.owners import owner_of
from handoff.evaluation.pauses import pauses_of
from handoff.evaluation.reading import Reading, State
from handoff.evaluation.runs import Run, matches, pair
from handoff.model.calendar import deadline, elapsed
from handoff.model.instant import Moment, format_instant, parse_instant
from handoff.model.intervals import Interval, Intervals
from handoff.policy.clocks import ANY_EVENT, Clock
from handoff.policy.policy import Policy
from handoff.records.fact import Fact, read_due, value_at


def read_clocks(deal: Deal, policy: Policy, now: datetime) -> tuple[Reading, ...]:
    """Read every clock of policy for every cycle of a deal, as of `now`.

    A clock gives one reading for each time it started in a cycle (the latest alone
    where policy says so), or one that says why it did not.
    """
    reopenings = (*(facts[0] for facts in deal.cycles[1:]), None)
    return tuple(
        reading
        for cycle, reopening in enumerate(reopenings, 1)
        for clock in policy.clocks
        for reading in _read(_Case(deal, policy, now, clock, cycle, reopening))
    )


@dataclass(frozen=True, slots=True)
class _Case:
    """One clock asked about one cycle, and the fact that ended the cycle."""

    deal: Deal
    policy: Policy
    now: datetime
    clock: Clock
    cycle: int
    reopening: Fact | None

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The facts of the cycle; winning twice starts nothing a second time."""
        facts, won_by = self.deal.cycles[self.cycle - 1], self.policy.pipeline.won_by
        won = [fact for fact in facts if fact.kind in won_by]
        return tuple(f for f in facts if f.kind not in won_by or f is won[0])

    def reading(self, state: State, reason: str, start: Fact | None = None) -> Reading:
        policy, now = self.policy, self.now
        owner = owner_of(self.clock.owner, self.deal, start, policy, now)
        return Reading(
            self.deal,
            self.cycle,
            self.clock,
            state,
            owner,
            reason,
            start=start,
        )


def _read(case: _Case) -> Iterator[Reading]:
    runs = list(pair(case.clock, case.facts, case.reopening))
    if not runs:
        yield _not_started(case)
    for run in runs[-1:] if case.clock.only_latest else runs:
        yield _judge(case, _as_known(run, case.now))


def _not_started(case: _Case) -> Reading:
    kinds = [start.event for start in case.clock.starts]
    unmet = [f for f in case.facts if f.kind in kinds]
    if unmet:
        conditions = [s.when for s in case.clock.starts if s.event == unmet[-1].kind]
        wanted = ", ".join(
            f"{k} is not {v}"
            for when in conditions
            for k, v in when.items()
            if unmet[-1].field(k) != v
        )
        return case.reading(State.NOT_APPLICABLE, wanted)
    if over := _over(case):
        return case.reading(State.NOT_APPLICABLE, f"{over.kind} before it could start")
    awaited = ["an event" if kind == ANY_EVENT else kind for kind in kinds]
    return case.reading(State.NOT_STARTED, f"waits for {' or '.join(awaited)}")


def _over(case: _Case) -> Fact | None:
    """Find the fact after which the clock can no longer start in its cycle."""
    if case.reopening:
        return case.reopening
    returns = case.policy.pipeline.returns_by
    own = case.facts[1:] if case.cycle > 1 else case.facts
    kinds = case.clock.cancel | case.clock.stop | {returns}
    latest = next((f for f in reversed(own) if f.kind in kinds), None)
    return None if latest is None or latest.kind == returns else latest


def _as_known(run: Run, now: datetime) -> Run:
    """Take back an end that was not written down yet at `now`."""
    recorded = run.end.recorded_at if run.end else None
    return Run(run.start, None) if recorded and recorded > now else run


def _judge(case: _Case, run: Run) -> Reading:
    started, is_exact = _started_at(case.clock, run.start)
    opened = case.deal.opportunity.identity.day
    moment = Moment(started) if is_exact else run.start.moment
    if not case.policy.is_enforced(moment, opened):
        return case.reading(State.NOT_APPLICABLE, "before enforcement", run.start)
    if started is None:
        return case.reading(State.UNKNOWN, "the start is not known", run.start)
    if started > case.now and run.end is None:
        return case.reading(State.NOT_STARTED, f"waits for {format_instant(started)}")
    doubt = _doubt(case.clock, run, is_exact=is_exact)
    if doubt:
        unknown = case.reading(State.UNKNOWN, doubt, run.start)
        return replace(unknown, started=started if is_exact else None, stop=run.end)
    return _measure(case, run, started)


def _doubt(clock: Clock, run: Run, *, is_exact: bool) -> str:
    """Say what evidence is lacking for a verdict; empty if none is."""
    if not is_exact:
        return "the start is known only to the day"
    if clock.needs:
        return f"no {clock.needs} here that would show the stop"
    if run.end and not run.end.moment.is_exact:
        return "the stop is known only to the day"
    return ""


def _started_at(clock: Clock, fact: Fact) -> tuple[datetime | None, bool]:
    """Give the instant a fact starts the clock, and whether it is exact."""
    start = next(start for start in clock.starts if matches(start, fact))
    named = (parse_instant(str(fact.field(name) or "")) for name in start.latest_of)
    instants = [i for i in (fact.moment.instant, *named) if i]
    return max(instants, default=None), fact.moment.is_exact


def _measure(case: _Case, run: Run, started: datetime) -> Reading:
    clock, stop = case.clock, run.end
    ended = (stop.recorded_at or stop.moment.instant) if stop else None
    until = max(started, ended or case.now)
    pauses = tuple(
        pause
        for pause in pauses_of(case.deal, clock.pause, case.policy)
        if pause.start <= until and pause.until > started
    )
    budget, original = _budget(case, run.start, started)
    due = _due(clock, started, budget, original, pauses)
    late = due is not None and (ended or case.now) > due
    overrun = elapsed(clock.calendar, due, until, pauses) if due and late else None
    counted = elapsed(clock.calendar, started, until, pauses)
    is_spent = counted * 100 >= budget * clock.at_risk
    state, reason = _state(case, run, pauses, late=late, is_spent=is_spent)
    return replace(
        case.reading(state, reason, run.start),
        started=started,
        due=due,
        original_due=original,
        stopped=ended,
        breached_at=due if late else None,
        elapsed=counted,
        budget=budget,
        overrun=overrun,
        stop=stop,
        pauses=pauses,
    )


def _budget(case: _Case, start: Fact, started: datetime) -> tuple[timedelta, datetime]:
    """Give the time the clock grants, and the due instant without pauses."""
    clock = case.clock
    if clock.within is None:
        due = read_due(start.field(*clock.due), case.policy.zone) or started
        return elapsed(clock.calendar, started, due), due
    budget = min(clock.within, *_promised(case))
    return budget, deadline(clock.calendar, started, budget) or started


def _promised(case: _Case) -> tuple[timedelta, ...]:
    """Give the shorter times that the filed packets of the cycle promise."""
    path, filed = case.clock.shortened_by, {fact.path for fact in case.facts}
    packets = (p for p in case.deal.packets if path and p.path in filed)
    days = (value_at(packet.header, path) for packet in packets)
    promised = tuple(timedelta(days=d) for d in days if isinstance(d, int))
    return promised or (timedelta.max,)


def _due(
    clock: Clock,
    started: datetime,
    budget: timedelta,
    original: datetime,
    pauses: Intervals,
) -> datetime | None:
    """Give the due instant after pauses; a date that was past at the start stays."""
    if not pauses or original <= started:
        return original
    return deadline(clock.calendar, started, budget, pauses)


def _state(
    case: _Case,
    run: Run,
    pauses: Intervals,
    *,
    late: bool,
    is_spent: bool,
) -> tuple[State, str]:
    if run.end and run.is_cancelled:
        return State.CANCELLED, run.end.kind
    if run.end:
        return (State.MET_LATE if late else State.MET), ""
    if pause := _open(pauses, case.now):
        return State.PAUSED, f"on hold since {format_instant(pause.start)}"
    return (State.AT_RISK if late or is_spent else State.RUNNING), ""


def _open(pauses: Intervals, now: datetime) -> Interval | None:
    return next((p for p in pauses if p.start <= now < p.until), None)
