"""When work on a deal was on hold; pauses belong to the record, not to a clock."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from handoff.evaluation.deal import Deal
from handoff.model.instant import end_of_day, parse_date
from handoff.model.intervals import Interval, union
from handoff.policy.facts import PAUSED, RESUMED
from handoff.policy.policy import Policy
from handoff.records.fact import value_at

FOLLOW_UP = "follow-up"
"""The pause that missing consent causes by itself."""

CONSENT = "consent"
"""The reason of that pause."""

_PAUSING = frozenset({PAUSED, RESUMED})

ALL_PAUSES = frozenset({"proposal", FOLLOW_UP})
"""Every pause there is."""


def pauses_of(
    deal: Deal,
    wanted: frozenset[str],
    policy: Policy,
    reasons: frozenset[str] = frozenset(),
) -> tuple[Interval, ...]:
    """Give the intervals in which any of the wanted pauses held, as a union.

    With `reasons`, only what was paused for one of them counts. An interval without
    an end is still open. A resumption without a pause changes nothing; a second pause
    inside one is part of it. A pause counts from when it was written down, so that
    back-dating it undoes no breach (domain part 9).
    """
    found = [i for what in sorted(wanted) for i in _logged(deal, what, reasons)]
    if FOLLOW_UP in wanted and (not reasons or CONSENT in reasons):
        found += without_consent(deal, policy)
    return union(found)


def has_consent(deal: Deal, policy: Policy, now: datetime) -> bool:
    """Tell whether nothing on record says that the customer may not be contacted."""
    return not any(p.start <= now < p.until for p in without_consent(deal, policy))


def _logged(deal: Deal, what: str, reasons: frozenset[str]) -> list[Interval]:
    intervals: list[Interval] = []
    since: datetime | None = None
    for fact in deal.facts:
        if fact.kind not in _PAUSING or fact.field("what") != what:
            continue
        instant = fact.moment.instant
        if instant is None:
            continue
        if fact.kind == PAUSED and (not reasons or fact.field("reason") in reasons):
            since = since or fact.recorded_at or instant
        elif fact.kind == RESUMED and since:
            intervals.append(Interval(since, instant))
            since = None
    return [*intervals, Interval(since, None)] if since else intervals


def without_consent(deal: Deal, policy: Policy) -> Iterator[Interval]:
    """Give when there was no consent to follow up: before it was renewed, and since.

    Renewing it does not undo that nobody was allowed to follow up before.
    """
    consent = value_at(deal.opportunity.header, ("contact", "consent"))
    status = value_at(consent, ("status",))
    since, until, lapsed = (
        parse_date(str(value_at(consent, (name,)) or ""))
        for name in ("since", "until", "lapsed_on")
    )
    if lapsed and since and lapsed < since:
        renewed = end_of_day(since - timedelta(days=1), policy.zone)
        yield Interval(end_of_day(lapsed, policy.zone), renewed)
    last = until if status == "given" else since
    if last and status != "unknown":
        yield Interval(end_of_day(last, policy.zone), None)
