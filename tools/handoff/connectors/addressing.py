"""From what is to be told to whom, through which channel."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from handoff.connectors.need import Need
from handoff.connectors.notification import Kind, Notification, Recipient
from handoff.model.instant import day_of
from handoff.policy.channels import Channel
from handoff.policy.policy import Policy
from handoff.views.post import Item


@dataclass(frozen=True, slots=True)
class Unreached:
    """A need that no channel brings to anybody, and whom it was meant for."""

    kind: Kind
    record: str
    clock: str
    level: str
    meant: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Book:
    """Who can be reached how.

    Attributes:
        is_dead: tells whether an earlier attempt showed that nobody is reached.
    """

    policy: Policy
    is_dead: Callable[[Notification], bool]

    def address(self, need: Need) -> Iterator[Notification | Unreached]:
        """Give a notification for each channel and person; nothing without a route.

        Where nobody of a tier can be reached, the next one up is told instead, and
        after the last tier the channel of last resort; the text says so.
        """
        routed = self.policy.channels.routes.get(str(need.kind), ())
        channels = tuple(c for c in routed if self._is_open(c, need))
        if not channels:
            return
        if not need.tiers:
            yield from (_to(need, Recipient(c), need.say("")) for c in channels)
            return
        yield from self._climb(need, channels)

    def _is_open(self, channel: Channel, need: Need) -> bool:
        return day_of(need.at, self.policy.zone) >= channel.since

    def _climb(
        self, need: Need, channels: tuple[Channel, ...]
    ) -> Iterator[Notification | Unreached]:
        missed: list[str] = []
        for tier in need.tiers:
            reached = False
            for person in tier.people or ():
                for found in self._reach(need, person, channels, missed):
                    is_dead = self.is_dead(found)
                    reached = reached or not is_dead
                    yield found
            if reached:
                return
            missed += [who for who in tier.people or (tier.role,) if who not in missed]
        last = self.policy.channels.last_resort
        if last is None:
            meant = tuple(missed)
            yield Unreached(need.kind, need.record, need.clock, need.level, meant)
            return
        item = _instead(need.say(""), missed)
        yield _to(need, Recipient(last), item)

    def _reach(
        self,
        need: Need,
        person: str,
        channels: tuple[Channel, ...],
        missed: list[str],
    ) -> Iterator[Notification]:
        known = self.policy.roster.people.get(person)
        if known is None or person in missed:
            return
        for channel in channels:
            if channel.reaches(known.addresses):
                item = _instead(need.say(person), missed)
                yield _to(need, Recipient(channel, person), item)


def _instead(item: Item, missed: list[str]) -> Item:
    if not missed:
        return item
    who = ", ".join(missed)
    line = f"Meant for {who}, who cannot be reached: see schemas/policy/people.yaml."
    return replace(item, lines=(*item.lines, line))


def _to(need: Need, recipient: Recipient, item: Item) -> Notification:
    return Notification(
        kind=need.kind,
        record=need.record,
        path=need.path,
        cycle=need.cycle,
        clock=need.clock,
        level=need.level,
        recipient=recipient,
        due=need.due,
        at=need.at,
        item=item,
        packets=need.packets,
    )
