"""Readings of every clock for a deal (domain part 7)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

from handoff.evaluation.case import Case
from handoff.evaluation.cycles import cycles_of
from handoff.evaluation.deal import Deal
from handoff.evaluation.pauses import pauses_of
from handoff.evaluation.reading import Reading, State
from handoff.evaluation.runs import Run, pair
from handoff.evaluation.waiting import not_started, unmet_condition
from handoff.model.calendar import deadline, elapsed
from handoff.model.instant import Moment, day_of, format_instant
from handoff.model.intervals import Interval, Intervals
from handoff.policy.clocks import Clock
from handoff.policy.facts import PACKET_ACKNOWLEDGED, PACKET_RETURNED
from handoff.policy.policy import Policy
from handoff.records.fact import Fact, read_due, value_at

OBSERVED = frozenset({PACKET_ACKNOWLEDGED, PACKET_RETURNED})
"""Facts of a packet that a forge sees as reviews."""


def read_clocks(deal: Deal, policy: Policy, now: datetime) -> tuple[Reading, ...]:
    """Read every clock of policy for every cycle of a deal, as of `now`.

    A clock gives one reading for each time it started in a cycle, or one that says
    why it did not. Each falls under the version of the clock in effect at its start.
    """
    versions: dict[str, list[Clock]] = {}
    for clock in policy.clocks:
        versions.setdefault(clock.name, []).append(clock)

    @cache
    def paused(kinds: frozenset[str], reasons: frozenset[str]) -> Intervals:
        return pauses_of(deal, kinds, policy, reasons)

    return tuple(
        reading
        for number, cycle in enumerate(cycles_of(deal, policy), 1)
        for clocks in versions.values()
        for reading in _read(Case(deal, policy, now, clocks, number, cycle, paused))
    )


def _read(case: Case) -> Iterator[Reading]:
    applying = [c for c in case.versions if not unmet_condition(c, case.deal)]
    runs = list(pair(applying, case.cycle, case.day_of))
    if not runs:
        yield not_started(case, applying)
    for run in runs:
        yield _judge(case, _as_known(run, case.now))


def _as_known(run: Run, now: datetime) -> Run:
    """Take back an end that was not written down yet at `now`."""
    recorded = run.end.recorded_at if run.end else None
    if recorded and recorded > now:
        return replace(run, end=None, is_cancelled=False, is_superseded=False)
    return run


def _judge(case: Case, run: Run) -> Reading:
    started = run.started
    opened = case.deal.opportunity.identity.day
    moment = Moment(started) if run.is_exact else run.start.moment
    if not case.policy.is_enforced(moment, opened):
        return case.of_run(run, State.NOT_APPLICABLE, "before enforcement")
    if started is None:
        return case.of_run(run, State.UNKNOWN, "the start is not known")
    if started > case.now and run.end is None:
        reason = f"waits for {format_instant(started)}"
        return case.reading(run.clock, State.NOT_STARTED, reason)
    if doubt := _doubt(case, run):
        known = started if run.is_exact else None
        return case.of_run(run, State.UNKNOWN, doubt, started=known, stop=run.end)
    measured = _measure(case, run, started)
    if doubt := _unwatched(case, measured):
        return case.of_run(run, State.UNKNOWN, doubt, started=started)
    return measured


def _doubt(case: Case, run: Run) -> str:
    """Say what evidence is lacking for a verdict; empty if none is."""
    clock = run.clock
    if not run.is_exact:
        return "the start is known only to the day"
    if clock.needs and case.deal.watched_since is None:
        return f"no {clock.needs} here that would show the stop"
    if run.end and not run.end.moment.is_exact:
        return "the stop is known only to the day"
    due = run.start.field(*clock.due) if clock.within is None else None
    if clock.within is None and not read_due(due, case.policy.zone):
        return "the start does not say when it is due"
    return ""


def _unwatched(case: Case, reading: Reading) -> str:
    """Say that nobody watched when the stop was due; empty if somebody did."""
    needs, since = reading.clock.needs, case.deal.watched_since
    if not needs or since is None or reading.stop or reading.due is None:
        return ""
    if reading.due >= since:
        return ""
    return f"the {needs} begins later, on {format_instant(since)}"


def _measure(case: Case, run: Run, started: datetime) -> Reading:
    stop = run.end
    ended = (stop.recorded_at or stop.moment.instant) if stop else None
    clock = run.clock.as_known(day_of(ended or case.now, case.policy.zone))
    run = run if clock is run.clock else replace(run, clock=clock)
    until = max(started, ended or case.now)
    pauses = tuple(
        pause
        for pause in case.paused(clock.pause, clock.pause_reasons)
        if pause.start <= until and pause.until > started
    )
    budget, original = _budget(case, run, started)
    held = tuple(_closed(pause, ended) for pause in pauses) if ended else pauses
    due = _due(clock, started, budget, original, held)
    late = due is not None and (ended or case.now) > due
    overrun = elapsed(clock.calendar, due, until, pauses) if due and late else None
    counted = elapsed(clock.calendar, started, until, pauses)
    is_spent = counted * 100 >= budget * clock.at_risk
    state, reason = _state(case, run, pauses, late=late, is_spent=is_spent)
    return case.of_run(
        run,
        state,
        reason,
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
        threshold=_threshold(clock, counted, budget),
        is_provisional=stop is not None and _is_unseen(stop, case.deal),
    )


def _is_unseen(stop: Fact, deal: Deal) -> bool:
    """Tell whether the ledger could have witnessed a stop, and has not."""
    seen = (fact for packet in deal.packets for fact in packet.observed)
    return stop.kind in OBSERVED and not any(
        (fact.kind, fact.moment) == (stop.kind, stop.moment) for fact in seen
    )


def _closed(pause: Interval, stop: datetime) -> Interval:
    """End a pause at the stop: what was due when it came does not depend on later."""
    return Interval(pause.start, max(pause.start, min(pause.until, stop)))


def _threshold(clock: Clock, counted: timedelta, budget: timedelta) -> str:
    """Name the highest share of the target that is used up; empty below the first."""
    passed = [t for t in clock.thresholds if counted * 100 >= budget * t.percent]
    return passed[-1].name if passed else ""


def _budget(case: Case, run: Run, started: datetime) -> tuple[timedelta, datetime]:
    """Give the time the clock grants, and the due instant without pauses."""
    clock = run.clock
    if clock.within is None:
        due = read_due(run.start.field(*clock.due), case.policy.zone) or started
        return elapsed(clock.calendar, started, due), due
    budget = min(clock.within, *_promised(case, clock))
    return budget, deadline(clock.calendar, started, budget) or started


def _promised(case: Case, clock: Clock) -> tuple[timedelta, ...]:
    """Give the shorter times that the filed packets of the cycle promise."""
    path, filed = clock.shortened_by, {fact.path for fact in case.cycle.facts}
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
    """Give the due instant after pauses; a date that was past at the start stays.

    A named date may lie outside opening hours: no pause brings it forward to the close.
    """
    if not pauses or original <= started:
        return original
    after = deadline(clock.calendar, started, budget, pauses)
    return max(after, original) if after else None


def _state(
    case: Case,
    run: Run,
    pauses: Intervals,
    *,
    late: bool,
    is_spent: bool,
) -> tuple[State, str]:
    if run.end and run.is_superseded:
        return State.CANCELLED, f"a later {run.end.kind} took its place"
    if run.end and run.is_cancelled:
        return State.CANCELLED, run.end.kind
    if run.end:
        return (State.MET_LATE if late else State.MET), ""
    if pause := _open(pauses, case.now):
        return State.PAUSED, f"on hold since {format_instant(pause.start)}"
    return (State.AT_RISK if late or is_spent else State.RUNNING), ""


def _open(pauses: Intervals, now: datetime) -> Interval | None:
    return next((p for p in pauses if p.start <= now < p.until), None)
