"""The plan of a run: which messages are due and not yet in the ledger.

Pure: the same deals and ledger give the same plan. What was missed while nothing ran
comes out as one message for each recipient, highest levels only.

What is due of a deal is found where the deal is evaluated, and keeps nothing of it but
the texts; the messages are put together at the end, from what is due of all deals.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from operator import attrgetter, itemgetter

from handoff.connectors.addressing import Book, Unreached
from handoff.connectors.alarms import alarms_of
from handoff.connectors.need import Need
from handoff.connectors.news import news_of
from handoff.connectors.notification import (
    Kind,
    Message,
    Notification,
    Recipient,
    message_id,
)
from handoff.connectors.standing import Stand, Standing, standing_of
from handoff.evaluation.deal import Deal
from handoff.evaluation.reading import Reading
from handoff.evaluation.report import Frame, Report
from handoff.policy.policy import Policy
from handoff.repository.ledger import Ledger
from handoff.views.announcement import named, zone_of
from handoff.views.post import Post, post_of

SETTLE = timedelta(minutes=5)
"""How long an attempt without receipt counts as still under way in another run."""

_PERSONAL = "personal"
_NONE = frozenset({Stand.DONE, Stand.LEFT})


@dataclass(frozen=True, slots=True)
class Held:
    """A notification that waits for the end of quiet hours."""

    notification: Notification
    until: datetime


@dataclass(frozen=True, slots=True)
class Failed:
    """A notification whose channel refused it for good, and why."""

    notification: Notification
    detail: str


_Order = tuple[datetime, int, str]
"""When a notification fell due, how much it says, and its key."""


@dataclass(frozen=True, slots=True)
class Due:
    """What one deal asks to be told.

    Attributes:
        path: of its opportunity; empty where it is about no deal.
        keys: of all of it, told already or not.
        pending: what is not told yet, the highest level of each subject, and where it
            stands among those of other deals.
        failed: given up until the channel's settings change, or on demand.
        unreached: what nobody can be told.
    """

    path: str
    keys: frozenset[str]
    pending: tuple[tuple[_Order, Notification], ...]
    failed: tuple[Failed, ...]
    unreached: tuple[Unreached, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is to do.

    Attributes:
        messages: to be sent now, in the order in which their first item fell due.
        held: waiting for the end of quiet hours.
        failed: given up until the channel's settings change, or on demand.
        unreached: what nobody can be told.
        due: keys of everything due, sent or not; what is no longer among them when
            it is about to be sent is not sent.
    """

    messages: tuple[Message, ...]
    held: tuple[Held, ...]
    failed: tuple[Failed, ...]
    unreached: tuple[Unreached, ...]
    due: frozenset[str]


def dues_of(
    report: Report, ledger: Ledger, *, retry_failed: bool = False
) -> tuple[Due, ...]:
    """Say what is due of each deal of a report at its instant, where anything is.

    Args:
        report: of all deals, or of some.
        ledger: as it stands now.
        retry_failed: whether to try again what was refused for good.
    """
    desk = _Desk(report.policy, ledger, report.now, retry_failed)
    dues = (
        desk.due(deal.opportunity.path, (*alarms_of(own), *news_of(own)))
        for deal, own in _apart(report)
    )
    return tuple(due for due in dues if due.keys or due.unreached)


def plan(frame: Frame, ledger: Ledger, dues: Iterable[Due]) -> Plan:
    """Plan the messages for what is due of some deals, in any order.

    Args:
        frame: what was asked about them.
        ledger: as it stands now.
        dues: see `dues_of`.
    """
    return _Desk(frame.policy, ledger, frame.now).plan(dues)


def plan_needs(
    needs: Iterable[Need], policy: Policy, ledger: Ledger, now: datetime
) -> Plan:
    """Plan for needs that are about no deal."""
    desk = _Desk(policy, ledger, now)
    return desk.plan((desk.due("", needs),))


def _apart(report: Report) -> Iterator[tuple[Deal, Report]]:
    """Give each deal of a report with a report of that deal alone."""
    readings: dict[str, list[Reading]] = {}
    for reading in report.readings:
        readings.setdefault(reading.record, []).append(reading)
    for status in report.statuses:
        own = tuple(readings.get(status.id, ()))
        yield status.deal, replace(report, statuses=(status,), readings=own)


@dataclass(frozen=True, slots=True)
class _Desk:
    """What planning looks things up in."""

    policy: Policy
    ledger: Ledger
    now: datetime
    retry_failed: bool = False

    def due(self, path: str, needs: Iterable[Need]) -> Due:
        """Address what a deal asks to be told."""
        addressed = [found for need in needs for found in self.book.address(need)]
        every = {n.key: n for n in addressed if isinstance(n, Notification)}
        dead = (n for n in every.values() if self.is_dead(n))
        return Due(
            path,
            frozenset(every),
            tuple(self.highest(every.values())),
            tuple(Failed(n, self.standing(n).detail) for n in dead),
            tuple(found for found in addressed if isinstance(found, Unreached)),
        )

    def plan(self, dues: Iterable[Due]) -> Plan:
        """Put together what is due of all deals."""
        every = sorted(dues, key=attrgetter("path"))
        ranked = (each for due in every for each in due.pending)
        pending = [told for _, told in sorted(ranked, key=itemgetter(0))]
        held = tuple(self.held(pending))
        waiting = {each.notification.key for each in held}
        failed = (each for due in every for each in due.failed)
        unreached = (each for due in every for each in due.unreached)
        return Plan(
            messages=tuple(self.messages(n for n in pending if n.key not in waiting)),
            held=held,
            failed=tuple(sorted(failed, key=lambda f: _turn(f.notification.kind))),
            unreached=tuple(sorted(unreached, key=lambda u: _turn(u.kind))),
            due=frozenset().union(*(due.keys for due in every)),
        )

    @property
    def book(self) -> Book:
        return Book(self.policy, self.is_dead)

    def standing(self, notification: Notification) -> Standing:
        return standing_of(notification.key, self.ledger)

    def is_dead(self, notification: Notification) -> bool:
        """Tell whether it was refused for good, by a channel that is still the same."""
        standing = self.standing(notification)
        is_same = standing.settings == notification.recipient.channel.digest
        return standing.stand is Stand.FAILED and is_same and not self.retry_failed

    def highest(
        self, notifications: Iterable[Notification]
    ) -> Iterator[tuple[_Order, Notification]]:
        """Keep the highest level of each subject and recipient, unless it was told.

        It stands where the first of its levels does.
        """
        levels: dict[tuple[object, ...], list[Notification]] = {}
        for each in sorted(notifications, key=_order):
            family = each.subject if each.kind.is_personal else each.key
            levels.setdefault((str(each.recipient), family), []).append(each)
        for group in levels.values():
            *lower, top = group
            if self._is_pending(top):
                covers = (n.key for n in lower if self._is_pending(n))
                yield _order(group[0]), replace(top, covers=tuple(covers))

    def _is_pending(self, notification: Notification) -> bool:
        standing = self.standing(notification)
        is_under_way = (
            standing.stand is Stand.OPEN
            and standing.at is not None
            and self.now - standing.at < SETTLE
        )
        is_over = standing.stand in _NONE or self.is_dead(notification)
        return not (is_over or is_under_way)

    def held(self, notifications: Iterable[Notification]) -> Iterator[Held]:
        quiet = self.policy.channels.quiet
        for each in notifications:
            recipient = each.recipient
            is_direct = recipient.channel.is_personal
            if quiet is None or not is_direct or str(each.kind) in quiet.but:
                continue
            if until := quiet.end(self.now, zone_of(recipient.person, self.policy)):
                yield Held(each, until)

    def messages(self, notifications: Iterable[Notification]) -> Iterator[Message]:
        """Put together what goes to one recipient at once.

        An attempt of which the end is not known is repeated as it was: what was sent
        together stays together, so that the channel can be asked for it.
        """
        groups: dict[tuple[str, ...], list[Notification]] = {}
        for each in sorted(notifications, key=lambda n: (n.at, n.key)):
            standing = self.standing(each)
            before = standing.message if standing.stand is Stand.OPEN else ""
            kind = _PERSONAL if each.kind.is_personal else str(each.kind)
            groups.setdefault((str(each.recipient), kind, before), []).append(each)
        for (_, kind, before), group in groups.items():
            is_list = (
                kind == _PERSONAL or len(group) > self.policy.channels.digest_above
            )
            for part in [group] if is_list or before else [[n] for n in group]:
                yield self._message(tuple(part), before)

    def _message(self, group: tuple[Notification, ...], before: str) -> Message:
        return Message(
            id=before or message_id(n.key for n in group),
            recipient=group[0].recipient,
            notifications=group,
            post=self._post(group),
            is_open=bool(before),
        )

    def _post(self, group: tuple[Notification, ...]) -> Post:
        number = len(group)
        is_personal = group[0].kind.is_personal
        title = f"{number} things wait for you" if is_personal else f"{number} news"
        items = tuple(n.item for n in group)
        above = self.policy.channels.digest_above
        return replace(
            post_of(items, title, short_above=above),
            notes=tuple(self._notes(group[0].recipient)),
        )

    def _notes(self, recipient: Recipient) -> Iterator[str]:
        if recipient.person and not recipient.channel.is_personal:
            yield f"For {named(recipient.person, self.policy)}."


def _order(told: Notification) -> _Order:
    return told.at, told.kind.rank, told.key


def _turn(kind: Kind) -> int:
    """Say what comes first of what could not be told: alarms, then news."""
    return 0 if kind.is_alarm else 2 if kind is Kind.DIGEST else 1
