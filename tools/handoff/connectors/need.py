"""One thing to be told, before it is known to whom and how."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from handoff.connectors.notification import Kind
from handoff.views.post import Item


@dataclass(frozen=True, slots=True)
class Tier:
    """Some people for one role; the next tier is told where these cannot be."""

    role: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Need:
    """One thing to be told.

    Attributes:
        record: id of the opportunity, or what else it is about.
        path: its file, or empty.
        level: which of several notifications of a clock it is.
        due: due instant of what it is about.
        at: when it fell due to be told.
        tiers: who is to be told, and who instead; none where it is for everybody.
        say: gives what to say to a person; nobody is the empty handle.
        packets: files of the packets on which it rests as well.
    """

    kind: Kind
    record: str
    path: str
    cycle: int
    clock: str
    level: str
    due: datetime
    at: datetime
    tiers: tuple[Tier, ...]
    say: Callable[[str], Item]
    packets: tuple[str, ...] = ()
