"""All that a reading rests on: the page that ends a dispute about a clock."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from handoff.evaluation.ladder import levels_of, reached
from handoff.evaluation.reading import Reading, State
from handoff.evaluation.report import Report
from handoff.model.calendar import segments
from handoff.model.instant import day_of, format_instant, parse_instant
from handoff.model.span import TOP, format_pointer
from handoff.records.fact import Fact
from handoff.views.columns import Cell, align
from handoff.views.escaping import terminal, workflow_safe_line
from handoff.views.states import STRONG, balance, look_of, urgency
from handoff.views.style import Style
from handoff.views.words import due, duration, instant, interval

Evidence = Mapping[tuple[str, int], str]
"""Commit that wrote a line, by path and number of the line from 1."""

_RULE = "met if stopped at or before the due instant, breached once it has passed"
_SHORT = 12
"""Digits of a commit or digest that are shown."""


def render(
    report: Report,
    readings: Sequence[Reading],
    style: Style,
    evidence: Evidence,
    zone_rules: str,
) -> str:
    """Write a page for each reading, most urgent first.

    Args:
        report: what the readings belong to.
        readings: of one deal, or of any number.
        style: of the terminal; nothing is cut to its width.
        zone_rules: release of the time zones' rules that were used.
        evidence: commits, where history is known; ask about `places`.
    """
    pages = [
        "\n".join(_page(_Case(reading, report, evidence), style))
        for reading in sorted(readings, key=urgency)
    ]
    as_of = instant(report.now, report.policy.zone)
    ending = f"computed for {as_of} ({format_instant(report.now)}) from {report.rev}"
    ending += f", by the zone rules {zone_rules}"
    return "\n\n".join((*pages, terminal(ending))) + "\n"


def places(report: Report, readings: Sequence[Reading]) -> tuple[tuple[str, int], ...]:
    """Give path and line of what starts or stops one of the readings in a record."""
    facts = (fact for r in readings for fact in (*r.grounds, r.stop) if fact)
    written = (fact for fact in facts if not fact.entry)
    return tuple(dict.fromkeys(_place(fact, report) for fact in written))


@dataclass(frozen=True, slots=True)
class _Case:
    reading: Reading
    report: Report
    evidence: Evidence

    @property
    def zone(self) -> ZoneInfo:
        return self.report.policy.zone

    @property
    def until(self) -> datetime:
        """Where counting ends: the stop, or now."""
        return self.reading.stopped or self.report.now

    def exact(self, length: timedelta) -> str:
        is_working = not self.reading.clock.calendar.is_always_open
        return duration(length, units=4, is_working=is_working)


def _page(case: _Case, style: Style) -> Iterator[str]:
    reading, look = case.reading, look_of(case.reading)
    yield style.paint(terminal(_title(case)), STRONG)
    yield f"  {workflow_safe_line(reading.clock.summary)}"
    said = terminal(balance(reading))
    state = style.paint(look.label, look.colour)
    yield _entry("state", f"{state}, {said}" if said else state)
    yield _entry("owner", terminal(reading.owner))
    yield from _evidence("started", reading.started, reading.grounds, case)
    if reading.start:
        ended = "cancelled" if reading.state is State.CANCELLED else "stopped"
        stop = (reading.stop,) if reading.stop else ()
        yield from _evidence(ended, reading.stopped, stop, case)
    if reading.started and reading.budget is not None:
        yield from _time(reading.started, reading.budget, case, style)
        yield from _ladder(case)
    yield from _notes(case)
    yield _entry("rule", _RULE)
    yield _entry("policy", case.report.policy.digest[:_SHORT])


def _notes(case: _Case) -> Iterator[str]:
    """Say what else one has to know to judge the verdict."""
    reading, clock = case.reading, case.reading.clock
    if reading.is_provisional:
        yield _entry("provisional", "the record claims the stop, and no forge saw it")
    since = f" since {clock.since}" if clock.since else ""
    until = f" until {clock.until}" if clock.until else ""
    if since or until:
        yield _entry("version", f"of the clock in force for starts{since}{until}")
    if clock.is_shadow:
        yield _entry("shadow", "policy tries this clock out; it counts nowhere")


def _ladder(case: _Case) -> Iterator[str]:
    """Write the steps of the ladder that were reached, and what the next one is."""
    reading, policy = case.reading, case.report.policy
    steps = levels_of(reading, policy)
    done = reached(reading, policy, case.report.now)
    ahead = () if reading.stopped else tuple(s for s in steps if s not in done)[:1]
    for level in (*done, *ahead):
        at = instant(level.at, case.zone) if level.at else "not while on hold"
        who = ", ".join(level.recipients) or "nobody holds that role"
        verb = "reached" if level in done else "comes next"
        told = f"{at} level {level.number}, {level.role} ({who}): {verb}"
        yield _entry("ladder" if level == (*done, *ahead)[0] else "", terminal(told))


def _title(case: _Case) -> str:
    reading = case.reading
    deal = case.report.register.opportunities.get(reading.record)
    company = deal.text("company") if deal else ""
    named = f"{company}, {reading.record}" if company else reading.record
    return f"{reading.clock.name}: {named}, cycle {reading.cycle}"


def _entry(label: str, text: str) -> str:
    return f"  {label:<14}{text}"


def _evidence(
    label: str,
    counted_from: datetime | None,
    facts: Sequence[Fact],
    case: _Case,
) -> Iterator[str]:
    """Write an instant, the facts it rests on, and where they are written."""
    if not facts:
        is_open = case.reading.state is not State.UNKNOWN
        yield _entry(label, "not yet" if is_open else "not known")
        return
    known = instant(counted_from, case.zone) if counted_from else "not known"
    yield _entry(label, f"{known}{_source(counted_from, facts)}")
    for fact in facts:
        by = f" by {fact.by}" if fact.by else ""
        yield _entry("", terminal(f"`{fact.kind}`{by}, {_claim(fact, case)}"))
        yield _entry("", terminal(_written(fact, case)))


def _written(fact: Fact, case: _Case) -> str:
    if fact.entry:  # in the ledger
        return fact.entry
    path, line = _place(fact, case.report)
    commit = case.evidence.get((path, line), "")[:_SHORT]
    return f"{path}:{line}, commit {commit}" if commit else f"{path}:{line}"


def _source(counted_from: datetime | None, facts: Sequence[Fact]) -> str:
    """Name the field that counts, where it is another one than the claimed time."""
    if counted_from in {None, *(fact.moment.instant for fact in facts)}:
        return ""
    fields = (field for fact in facts for field in fact.fields.items())
    named = (n for n, value in fields if parse_instant(str(value)) == counted_from)
    return next((f", from `{name}`" for name in named), "")


def _claim(fact: Fact, case: _Case) -> str:
    """Say when a fact happened by its own words, and when it was written down."""
    moment, recorded = fact.moment, fact.recorded_at
    claimed = "claimed without a time"
    if moment.day:
        claimed = f"claimed for the day {moment.day}"
    elif moment.instant:
        claimed = f"claimed for {instant(moment.instant, case.zone)}"
    return (
        f"{claimed}, recorded {instant(recorded, case.zone)}" if recorded else claimed
    )


def _place(fact: Fact, report: Report) -> tuple[str, int]:
    file = report.register.files.get(fact.path)
    document = file.document if file else None
    span = document.span(fact.pointer) if document else TOP
    return fact.path, span.line


def _time(
    started: datetime, budget: timedelta, case: _Case, style: Style
) -> Iterator[str]:
    """Write target, due instants, breach, pauses and the time that was counted."""
    reading, zone = case.reading, case.zone
    yield _entry("target", _target(budget, case))
    if reading.original_due and reading.original_due != reading.due:
        yield _entry("original due", due(reading.original_due, zone))
    yield _entry("due", due(reading.due, zone) if reading.due else "not while on hold")
    if reading.breached_at:
        yield _entry("breached", f"after {due(reading.breached_at, zone)}")
    if reading.is_breached and reading.overrun is not None:
        frozen = ", frozen at the stop" if reading.stopped else ""
        yield _entry("overrun", f"{case.exact(reading.overrun)}{frozen}")
    held = [p for p in reading.pauses if p.start < case.until and p.until > started]
    for number, pause in enumerate(held):
        yield _entry("" if number else "on hold", interval(pause, zone))
    last = day_of(case.until, reading.clock.calendar.zone)
    for day in reading.clock.calendar.unknown:
        if day_of(started, reading.clock.calendar.zone) <= day <= last:
            yield _entry("open then", f"{day}, which policy closed only later")
    yield from _segments(started, case, style)


def _target(budget: timedelta, case: _Case) -> str:
    clock, start = case.reading.clock, case.reading.start
    calendar = f"on calendar `{clock.calendar.name}`"
    if clock.within is None:
        written = start.field(*clock.due) if start else ""
        return (
            f"`{format_pointer(clock.due)}` says {terminal(str(written))}, {calendar}"
        )
    if budget < clock.within:
        source = f"`{format_pointer(clock.shortened_by)}` of the packet"
        policy = case.exact(clock.within)
        return f"{case.exact(budget)} {calendar}, by {source} (policy: {policy})"
    return f"{case.exact(budget)} {calendar}"


def _segments(started: datetime, case: _Case, style: Style) -> Iterator[str]:
    """Write each stretch of time that counted; of several, the total so far."""
    reading, total = case.reading, timedelta()
    rows: list[tuple[Cell, ...]] = []
    calendar, pauses = reading.clock.calendar, reading.pauses
    parts = segments(calendar, started, case.until, pauses)
    for part in parts:
        total += part.length
        is_due = reading.due is not None and part.start < reading.due <= part.until
        rows.append(
            (
                Cell(f"{'' if rows else 'counted':<12}"),
                Cell(interval(part, case.zone)),
                Cell(case.exact(part.length)),
                Cell(f"in all {case.exact(total)}" if len(parts) > 1 else ""),
                Cell("falls due in here" if is_due else ""),
            )
        )
    yield from align(rows, style, indent=2) if rows else (_entry("counted", "nothing"),)
