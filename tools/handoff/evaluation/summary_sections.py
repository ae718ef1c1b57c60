"""What each section of the daily summary says of some deals.

Each section is a function from a report and the day to entries, in one table; in which
order they stand is `handoff.evaluation.summary`'s business.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from handoff.evaluation.deal import Deal
from handoff.evaluation.ladder import reached
from handoff.evaluation.pauses import FOLLOW_UP, has_consent, pauses_of
from handoff.evaluation.reading import LIVE, Reading, State
from handoff.evaluation.report import Report
from handoff.evaluation.status import Status
from handoff.model.instant import Moment, end_of_day, parse_date
from handoff.policy.facts import ACKNOWLEDGEMENT_VOID, PACKET_FILED, PAUSED
from handoff.records.fact import Fact


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the summary.

    Attributes:
        record: id of the opportunity, or the path of a file that is none.
        company: its name, where known.
        what: what is to be said.
        who: handle of the person it concerns, or empty.
        when: the instant it concerns, in UTC.
        path: of the record, by which entries are ordered.
    """

    record: str
    company: str
    what: str
    who: str = ""
    when: datetime | None = None
    path: str = ""


Entries = Mapping[str, tuple[Entry, ...]]
"""By section, without those that have nothing to say."""


@dataclass(frozen=True, slots=True)
class _Day:
    """The report with the window of the date: `[begin, end)` in UTC."""

    report: Report
    date: date
    begin: datetime
    end: datetime

    def holds(self, instant: datetime | None) -> bool:
        return instant is not None and self.begin <= instant < self.end

    def has(self, fact: Fact) -> bool:
        """Tell whether a fact is of this date, also where only the day is known."""
        return fact.moment.day_in(self.report.policy.zone) == self.date

    def facts(self) -> Iterator[tuple[Deal, Fact]]:
        for status in self.report.statuses:
            for fact in status.deal.facts:
                if self.has(fact):
                    yield status.deal, fact

    def granted(self) -> Iterator[tuple[Deal, Fact]]:
        """Give the facts of this date without the claims that were refused."""
        for status in self.report.statuses:
            refused = [refusal.fact for refusal in status.progress.refusals]
            for fact in status.deal.facts:
                if self.has(fact) and all(fact is not claim for claim in refused):
                    yield status.deal, fact


def entries_of(report: Report, day: date) -> Entries:
    """List what there is to say of the deals of a report on a date, by section.

    Args:
        report: for an instant of, or after, that date.
        day: in the policy's zone.
    """
    zone = report.policy.zone
    begin, end = end_of_day(day - timedelta(days=1), zone), end_of_day(day, zone)
    window = _Day(report, day, begin, end)
    told = {name: tuple(entries(window)) for name, entries in _SECTIONS.items()}
    return {name: entries for name, entries in told.items() if entries}


def _entry(deal: Deal, what: str, who: str = "", when: datetime | None = None) -> Entry:
    about = deal.opportunity
    return Entry(deal.id, about.text("company"), what, who, when, about.path)


def _exact(fact: Fact) -> datetime | None:
    """Give the instant of a fact; none where only its day is known."""
    return fact.moment.instant if fact.moment.is_exact else None


def _of_reading(reading: Reading, what: str, when: datetime | None) -> Entry:
    return _entry(reading.deal, what, reading.owner, when)


def _completions(day: _Day) -> Iterator[Entry]:
    """List what was completed, and what no longer is; of two wins the latest."""
    pipeline = day.report.policy.pipeline
    won = {deal.id: f for deal, f in day.granted() if f.kind in pipeline.won_by}
    for deal, fact in day.granted():
        if fact.kind in pipeline.won_by:
            if fact != won[deal.id]:
                continue
            what = f"won: {_won(deal, fact)}"
        elif fact.kind in pipeline.completions | {ACKNOWLEDGEMENT_VOID}:
            what = f"{fact.kind} (in the ledger alone)" if fact.entry else fact.kind
        else:
            continue
        yield _entry(deal, what, fact.by, _exact(fact))


def _won(deal: Deal, fact: Fact) -> str:
    number = next(n for n, facts in enumerate(deal.cycles) if fact in facts)
    is_filed = any(f.kind == PACKET_FILED for f in deal.cycles[number])
    expected = fact.field("expected_signature_on")
    pending = f", expected {expected}" if expected else ""
    cycle = f", cycle {number + 1}" if len(deal.cycles) > 1 else ""
    packet = "packet filed" if is_filed else "packet not filed yet"
    service = deal.opportunity.text("service") or "service not named"
    return f"{service}{cycle}; {packet}; SOW {fact.field('sow')}{pending}"


def _new_breaches(day: _Day) -> Iterator[Entry]:
    for reading in day.report.readings:
        if not day.holds(reading.breached_at):
            continue
        is_cancelled = reading.state is State.CANCELLED
        ended = "cancelled" if is_cancelled else "done" if reading.stop else ""
        since = f", {ended} since" if ended else ""
        what = f"{reading.clock.name} went overdue{since}"
        yield _of_reading(reading, what, reading.breached_at)


def _open_breaches(day: _Day) -> Iterator[Entry]:
    for reading in day.report.readings:
        since = reading.breached_at
        if reading.state in LIVE and since and since < day.begin:
            yield _of_reading(reading, f"{reading.clock.name} is overdue", since)


def _at_risk(day: _Day) -> Iterator[Entry]:
    for reading in day.report.readings:
        if reading.state is State.AT_RISK and not reading.is_breached:
            yield _of_reading(reading, f"{reading.clock.name} is due", reading.due)


def _escalations(day: _Day) -> Iterator[Entry]:
    """List the rungs of a ladder that were reached on this date and still stand."""
    policy, now = day.report.policy, day.report.now
    for reading in day.report.readings:
        if reading.state not in LIVE:
            continue
        for level in reached(reading, policy, now):
            if day.holds(level.at):
                what = f"{reading.clock.name} goes to {level.role}"
                who = next(iter(level.recipients), level.role)
                yield _entry(reading.deal, what, who, level.at)


def _waiting(day: _Day) -> Iterator[Entry]:
    for reading in day.report.readings:
        if reading.state in LIVE and reading.clock.within:
            yield _of_reading(reading, reading.clock.name, reading.due)


def _pauses(day: _Day) -> Iterator[Entry]:
    """List what is on hold, also where no clock waits for it."""
    policy, now = day.report.policy, day.report.now
    for status in _open_deals(day):
        logged = {str(f.field("what")) for f in status.deal.facts if f.kind == PAUSED}
        for what in sorted(logged | {FOLLOW_UP}):
            pauses = pauses_of(status.deal, frozenset({what}), policy)
            since = next((p.start for p in pauses if p.start <= now < p.until), None)
            if since:
                owner = status.deal.opportunity.owner
                yield _entry(status.deal, f"{what} put on hold", owner, since)


def _open_deals(day: _Day) -> Iterator[Status]:
    return (status for status in day.report.statuses if status.stage.is_open)


def _overdue(day: _Day) -> Iterator[Entry]:
    for status in _open_deals(day):
        action = status.next
        if action and status.is_overdue(day.report.now):
            yield _entry(status.deal, action.action, action.owner, action.due_at)


def _without_next(day: _Day) -> Iterator[Entry]:
    """List open deals without next action; imported history has none to miss."""
    policy = day.report.policy
    for status in _open_deals(day):
        latest = status.deal.facts[-1]
        opened = status.deal.opportunity.identity.day
        is_enforced = policy.is_enforced(latest.moment, opened)
        if status.next is None and is_enforced:
            owner = status.deal.opportunity.owner
            yield _entry(status.deal, f"no next action in {status.stage.name}", owner)


def _losses(day: _Day) -> Iterator[Entry]:
    stages = day.report.policy.pipeline.stages.values()
    kinds = {kind for stage in stages if stage.is_outcome for kind in stage.entered_by}
    for deal, fact in day.facts():
        if fact.kind in kinds:
            details = ("reason", "competitor", "budget", "no_fit", "note")
            said = [str(fact.field(d)) for d in details if fact.field(d)]
            what = f"{fact.kind}: {'; '.join(said)}"
            yield _entry(deal, what, fact.by, _exact(fact))


def _reactivations(day: _Day) -> Iterator[Entry]:
    for status in day.report.statuses:
        fact = status.progress.current.fact
        if not (status.stage.is_outcome and fact):
            continue
        begins = parse_date(str(fact.field("reactivation", "from") or ""))
        ends = parse_date(str(fact.field("reactivation", "until") or ""))
        if begins and ends and begins <= day.date <= ends:
            may = has_consent(status.deal, day.report.policy, day.report.now)
            what = f"{'try again' if may else 'no consent to try again'} until {ends}"
            yield _entry(status.deal, what, status.deal.opportunity.owner)


def _waivers(day: _Day) -> Iterator[Entry]:
    for waiver in dict.fromkeys(waived.waiver for waived in day.report.waived):
        approvers = ", ".join(waiver.approved_by)
        what = (
            f"{waiver.rule} until {waiver.expires}: {waiver.reason} "
            f"(approved by {approvers})"
        )
        record = waiver.record.rsplit("/", 1)[-1].removesuffix(".md")
        yield Entry(record, "", what, waiver.owner, path=waiver.record)


def _recorded_late(day: _Day) -> Iterator[Entry]:
    zone = day.report.policy.zone
    for status in day.report.statuses:
        for fact in status.deal.facts:
            reason = fact.field("recorded_late")
            recorded = Moment(fact.recorded_at) if fact.recorded_at else fact.moment
            if reason and recorded.day_in(zone) == day.date:
                what = f"{fact.kind} was recorded late: {reason}"
                yield _entry(status.deal, what, fact.by, _exact(fact))


def _not_evaluated(day: _Day) -> Iterator[Entry]:
    missed = day.report.not_evaluated
    return (Entry(p, "", "could not be evaluated", path=p) for p in missed)


_SECTIONS: Mapping[str, Callable[[_Day], Iterator[Entry]]] = {
    "key_completions": _completions,
    "new_breaches": _new_breaches,
    "open_breaches": _open_breaches,
    "at_risk": _at_risk,
    "escalations": _escalations,
    "waiting": _waiting,
    "pauses": _pauses,
    "overdue_next_actions": _overdue,
    "without_next_action": _without_next,
    "losses": _losses,
    "reactivations_due": _reactivations,
    "waivers_used": _waivers,
    "recorded_late": _recorded_late,
    "not_evaluated": _not_evaluated,
}
