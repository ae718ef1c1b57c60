"""What views show of some deals as one line of text, for a memory between runs.

Only the version that wrote it reads it again, so it names no fields.
"""

import json
from datetime import date, datetime, timedelta
from typing import Any

from handoff.evaluation.gates import Missing
from handoff.evaluation.inbox import Waiting
from handoff.evaluation.known import instant_of, microseconds_of
from handoff.evaluation.reading import Figures, State
from handoff.evaluation.status import NextAction
from handoff.evaluation.summary_sections import Entries, Entry
from handoff.model.identity import stem_of
from handoff.model.instant import Moment, day_of
from handoff.model.intervals import Interval
from handoff.policy.clocks import Clock
from handoff.policy.policy import Policy
from handoff.views.cards import Card
from handoff.views.standing import Standing

_TICK = datetime.resolution
_TIGHT = (",", ":")
_Row = list[Any]
_Cards = tuple[Card, ...]


def written(standing: Standing, links: tuple[str, ...], policy: Policy) -> str:
    """Write all but the stretch, and the links of the deals."""
    ids = [card.id for card in standing.cards]
    clocks = _clocks(policy, day_of(standing.at, policy.zone))
    rows = [
        links,
        [_card(card) for card in standing.cards],
        [_line(figures, ids, clocks) for figures in standing.lines],
        standing.hidden,
        standing.in_shadow,
        _ticks(standing.at),
        [_waiting(waiting, ids) for waiting in standing.waiting],
        standing.day.toordinal(),
        _entries(standing.entries, ids),
        # Of most deals, the summaries of all days say the same.
        None if standing.plain == standing.entries else _entries(standing.plain, ids),
        [(first.toordinal(), last.toordinal()) for first, last in standing.spells],
    ]
    return json.dumps(rows, separators=_TIGHT)


def read(
    text: str, stretch: Interval, policy: Policy
) -> tuple[Standing, tuple[str, ...]]:
    """Read what `written` gave under the same policy."""
    links, rows, lines, hidden, in_shadow, *rest = json.loads(text)
    at, waiting, first, told, plain, spells = rest
    cards, day = tuple(_read_card(*row) for row in rows), date.fromordinal
    seen = instant_of(at)
    clocks = _clocks(policy, day_of(seen, policy.zone))
    standing = Standing(
        stretch=stretch,
        at=seen,
        cards=cards,
        lines=tuple(_read_line(cards, clocks, *row) for row in lines),
        hidden=hidden,
        in_shadow=in_shadow,
        waiting=tuple(_read_waiting(cards, *row) for row in waiting),
        day=day(first),
        entries=_read_entries(cards, told),
        plain=_read_entries(cards, told if plain is None else plain),
        spells=tuple((day(first), day(last)) for first, last in spells),
    )
    return standing, tuple(links)


def _clocks(policy: Policy, day: date) -> list[Clock]:
    """Give the clocks, which go by their number, as they were known on a day."""
    return [clock.as_known(day) for clock in policy.clocks]


def _card(card: Card) -> _Row:
    return [
        card.paths,
        card.company,
        card.owner,
        card.stage,
        card.is_open,
        card.cycle,
        _moment(card.entered_at),
        _action(card.next),
        card.is_overdue,
        card.is_on_hold,
        card.next_stage,
        [(m.what, m.name, m.message, m.rule) for m in card.missing],
        card.breaches,
    ]


def _read_card(*row: Any) -> Card:  # noqa: ANN401 - as `_card` wrote it
    paths, company, owner, stage, is_open, cycle, entered, *rest = row
    action, late, held, upcoming, missing, breaches = rest
    return Card(
        id=stem_of(paths[-1]),
        paths=tuple(paths),
        company=company,
        owner=owner,
        stage=stage,
        is_open=is_open,
        cycle=cycle,
        entered_at=_read_moment(*entered),
        next=_read_action(*action) if action else None,
        is_overdue=late,
        is_on_hold=held,
        next_stage=upcoming,
        missing=tuple(Missing(*each) for each in missing),
        breaches=tuple(breaches),
    )


def _line(figures: Figures, ids: list[str], clocks: list[Clock]) -> _Row:
    return [
        ids.index(figures.record),
        figures.cycle,
        clocks.index(figures.clock),
        figures.state.value,
        figures.owner,
        figures.reason,
        _ticks(figures.due),
        _ticks(figures.breached_at),
        _length(figures.elapsed),
        _length(figures.budget),
        _length(figures.overrun),
    ]


def _read_line(cards: _Cards, clocks: list[Clock], *row: Any) -> Figures:  # noqa: ANN401 - as `_line` wrote it
    card, cycle, clock, state, owner, reason, due, breached, *lengths = row
    elapsed, budget, overrun = map(_read_length, lengths)
    return Figures(
        record=cards[card].id,
        cycle=cycle,
        clock=clocks[clock],
        state=State(state),
        owner=owner,
        reason=reason,
        due=_instant(due),
        breached_at=_instant(breached),
        elapsed=elapsed,
        budget=budget,
        overrun=overrun,
    )


def _waiting(waiting: Waiting, ids: list[str]) -> _Row:
    return [
        ids.index(waiting.record),
        waiting.clock,
        waiting.what,
        waiting.who,
        _ticks(waiting.due),
        waiting.is_overdue,
        waiting.more,
        waiting.packet,
        waiting.steps,
    ]


def _read_waiting(cards: _Cards, *row: Any) -> Waiting:  # noqa: ANN401 - as `_waiting` wrote it
    card, clock, what, who, due, is_overdue, more, packet, steps = row
    return Waiting(
        record=cards[card].id,
        company=cards[card].company,
        clock=clock,
        what=what,
        who=who,
        told_as="",
        due=_instant(due),
        is_overdue=is_overdue,
        more=tuple(more),
        packet=packet,
        steps=tuple((role, tuple(recipients)) for role, recipients in steps),
    )


def _entries(entries: Entries, ids: list[str]) -> dict[str, list[_Row]]:
    return {
        name: [_entry(entry, ids) for entry in told] for name, told in entries.items()
    }


def _read_entries(cards: _Cards, entries: dict[str, list[_Row]]) -> Entries:
    return {
        name: tuple(_read_entry(cards, *row) for row in told)
        for name, told in entries.items()
    }


def _entry(entry: Entry, ids: list[str]) -> _Row:
    return [ids.index(entry.record), entry.what, entry.who, _ticks(entry.when)]


def _read_entry(
    cards: _Cards, number: int, what: str, who: str, when: int | None
) -> Entry:
    card = cards[number]
    return Entry(card.id, card.company, what, who, _instant(when), card.paths[-1])


def _action(action: NextAction | None) -> _Row | None:
    if action is None:
        return None
    return [action.action, action.owner, action.due, _ticks(action.due_at)]


def _read_action(action: str, owner: str, due: str, due_at: int | None) -> NextAction:
    return NextAction(action, owner, due, _instant(due_at))


def _moment(moment: Moment) -> _Row:
    return [_ticks(moment.instant), moment.day and moment.day.toordinal()]


def _read_moment(instant: int | None, day: int | None) -> Moment:
    return Moment(_instant(instant), date.fromordinal(day) if day else None)


def _ticks(instant: datetime | None) -> int | None:
    return None if instant is None else microseconds_of(instant)


def _instant(ticks: int | None) -> datetime | None:
    return None if ticks is None else instant_of(ticks)


def _length(length: timedelta | None) -> int | None:
    return None if length is None else length // _TICK


def _read_length(ticks: int | None) -> timedelta | None:
    return None if ticks is None else ticks * _TICK
