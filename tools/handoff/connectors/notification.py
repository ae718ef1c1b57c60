"""A notification: one thing that one recipient is to be told once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Self

from handoff.model.entry import JSON
from handoff.model.instant import format_instant
from handoff.policy.channels import Channel
from handoff.views.post import Item, Post

_ID_LENGTH = 32


class Kind(StrEnum):
    """What is told. Alarms may be repeated when in doubt, good news may not."""

    ANNOUNCEMENT = "announcement"
    AT_RISK = "at-risk"
    BREACH = "breach"
    ESCALATION = "escalation"
    DIGEST = "digest"
    COORDINATION = "coordination"
    SUMMARY = "summary"

    @property
    def is_alarm(self) -> bool:
        """Whether silence would do more harm than a repeat."""
        return self in _ALARMS

    @property
    def is_personal(self) -> bool:
        """Whether it is meant for somebody, who has to do something."""
        return self.is_alarm or self is Kind.COORDINATION

    @property
    def rank(self) -> int:
        """Which of two that fell due at once says more."""
        return _ALARMS.index(self) if self in _ALARMS else -1


_ALARMS = (Kind.AT_RISK, Kind.BREACH, Kind.ESCALATION)


@dataclass(frozen=True, slots=True)
class Recipient:
    """A channel, and the person it concerns; nobody where it is for everybody."""

    channel: Channel
    person: str = ""

    def __str__(self) -> str:
        return "/".join(part for part in (self.channel.name, self.person) if part)


@dataclass(frozen=True, slots=True)
class Notification:
    """One thing to be told. Instants are in UTC.

    Attributes:
        record: id of the opportunity, or what else it is about.
        path: its file, or empty.
        level: which of several notifications of a clock it is.
        due: due instant of the clock; moving it makes a new notification.
        at: when it fell due to be told.
        item: what is said.
        covers: keys of lower levels, which it makes superfluous.
        packets: files of the packets on which it rests as well.
    """

    kind: Kind
    record: str
    path: str
    cycle: int
    clock: str
    level: str
    recipient: Recipient
    due: datetime
    at: datetime
    item: Item
    covers: tuple[str, ...] = ()
    packets: tuple[str, ...] = ()

    @property
    def paths(self) -> frozenset[str]:
        """The files of all records it rests on."""
        return frozenset(path for path in (self.path, *self.packets) if path)

    @property
    def key(self) -> str:
        """What makes it this one and no other (domain part 15)."""
        return "|".join(
            (
                self.record,
                str(self.cycle),
                self.clock,
                self.level,
                str(self.recipient),
                format_instant(self.due),
            )
        )

    @property
    def subject(self) -> tuple[str, int, str]:
        """What its levels have in common."""
        return self.record, self.cycle, self.clock

    def body(self, message: str, now: datetime) -> Mapping[str, JSON]:
        """Give what the ledger keeps of it; never what it says."""
        return {
            "at": format_instant(now),
            "channel": self.recipient.channel.name,
            "clock": self.clock,
            "cycle": self.cycle,
            "due": format_instant(self.due),
            "kind": str(self.kind),
            "level": self.level,
            "message": message,
            "person": self.recipient.person,
            "record": self.record,
        }


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent at once: notifications of one recipient in one post.

    Attributes:
        id: idempotency key; the same for the same notifications, in every attempt.
        notifications: at least one.
        is_open: whether the end of an earlier attempt is not known.
        is_repeat: whether it may have arrived then, as far as anybody can tell.
    """

    id: str
    recipient: Recipient
    notifications: tuple[Notification, ...]
    post: Post
    is_open: bool = False
    is_repeat: bool = False

    @property
    def is_alarm(self) -> bool:
        """Whether anything in it is an alarm."""
        return any(n.kind.is_alarm for n in self.notifications)

    def only(self, keys: Iterable[str]) -> Self:
        """Leave out the notifications that are not among some keys."""
        kept = set(keys)
        is_kept = [n.key in kept for n in self.notifications]
        listed = zip(self.notifications, self.post.items, is_kept, strict=True)
        pairs = [(n, item) for n, item, keep in listed if keep]
        items = tuple(item for _, item in pairs)
        return replace(
            self,
            notifications=tuple(n for n, _ in pairs),
            post=replace(self.post, items=items),
        )


def message_id(keys: Iterable[str]) -> str:
    """Name a message by what it tells, so that a second run gives the same name."""
    listed = "\n".join(sorted(keys))
    return sha256(listed.encode()).hexdigest()[:_ID_LENGTH]
