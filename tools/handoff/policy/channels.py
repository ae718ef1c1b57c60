"""Who is told what through which channel, from `channels.yaml` (domain part 15)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from handoff.model.calendar import Window, parse_window
from handoff.model.instant import parse_date

NEEDS: Mapping[str, tuple[str, ...]] = {
    "console": (),
    "file": ("path",),
    "issue": ("to", "token_from"),
    "mail": ("host", "sender"),
    "note": ("path",),
    "slack": ("token_from",),
    "webhook": ("url_from", "secret_from"),
}
"""Settings a kind of channel cannot do without."""

_ADDRESSES: Mapping[str, tuple[str, ...]] = {
    "mail": ("email",),
    "slack": ("slack", "email"),
}
_VARIABLE = "_from"


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to reach people.

    Attributes:
        kind: what carries the messages, a key of `NEEDS`.
        to: where every message goes; empty where each person is written to.
        since: first day whose messages it gets.
        settings: everything else policy says of it; never a secret.
    """

    name: str
    kind: str
    to: str
    since: date
    settings: Mapping[str, Any]

    @property
    def is_personal(self) -> bool:
        """Whether its messages go to each person, at an address of their own."""
        return not self.to and self.kind in _ADDRESSES

    @property
    def variables(self) -> tuple[str, ...]:
        """Names of the environment variables it reads."""
        headers = (_named(header) for header in self.settings.get("headers", ()))
        return (*_named(self.settings), *(name for names in headers for name in names))

    @property
    def digest(self) -> str:
        """Tell these settings from others, so that a failure is not for ever."""
        said = json.dumps([self.kind, self.to, self.settings], sort_keys=True)
        return sha256(said.encode()).hexdigest()

    def reaches(self, addresses: Mapping[str, str]) -> bool:
        """Tell whether a person with these addresses can be written to."""
        return not self.is_personal or any(
            addresses.get(name) for name in _ADDRESSES[self.kind]
        )


def _named(settings: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(v for key, v in settings.items() if key.endswith(_VARIABLE))


@dataclass(frozen=True, slots=True)
class QuietHours:
    """When nobody is written to directly.

    Attributes:
        window: of each day, on the clock of the person.
        but: kinds of messages that are sent all the same.
    """

    window: Window
    but: frozenset[str]

    def end(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """Give the end, in UTC, of the quiet hours in which `now` lies; else `None`.

        A night is quiet by the wall clock, whatever daylight saving does in it.
        """
        local = now.astimezone(zone)
        today = local.date()
        for day in (today - timedelta(days=1), today):
            opens, closes = self._at(day, zone)
            if opens <= now < closes:
                return closes
        return None

    def _at(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
        midnight = datetime.combine(day, time())
        opens, closes = (
            (midnight + timedelta(minutes=minutes)).replace(tzinfo=zone).astimezone(UTC)
            for minutes in (self.window.opens, self.window.closes)
        )
        return opens, closes


@dataclass(frozen=True, slots=True)
class Channels:
    """The channels and the rules of using them.

    Attributes:
        link: address of a record for people, with `{path}`; may be empty.
        channels: by name.
        routes: the channels each kind of message takes, in the order of policy.
        digest_above: more items than this for one person become a list.
        last_resort: the channel that is told what reached nobody.
    """

    link: str = ""
    channels: Mapping[str, Channel] = field(default_factory=dict)
    routes: Mapping[str, tuple[Channel, ...]] = field(default_factory=dict)
    quiet: QuietHours | None = None
    digest_above: int = 5
    last_resort: Channel | None = None

    def link_to(self, path: str) -> str:
        """Give the address of a record's page, or nothing."""
        return self.link.replace("{path}", path) if path else ""


def read_channels(data: Mapping[str, Any]) -> Channels:
    """Build the channels, already checked against their schema and each other."""
    since = data["since"]
    channels = {entry["name"]: _channel(entry, since) for entry in data["channels"]}
    routes: dict[str, tuple[Channel, ...]] = {}
    for route in data["routes"]:
        taken = tuple(channels[name] for name in route["to"])
        for what in route["what"]:
            known = routes.get(what, ())
            routes[what] = (*known, *(c for c in taken if c not in known))
    return Channels(
        link=data.get("link", ""),
        channels=channels,
        routes=routes,
        quiet=_quiet(data.get("quiet_hours")),
        digest_above=data.get("digest_above", 5),
        last_resort=channels.get(data.get("last_resort", "")),
    )


def _channel(entry: Mapping[str, Any], since: str) -> Channel:
    own = {"name", "kind", "to", "since"}
    return Channel(
        name=entry["name"],
        kind=entry["kind"],
        to=entry.get("to", ""),
        since=parse_date(entry.get("since", since)) or date.max,
        settings={key: value for key, value in entry.items() if key not in own},
    )


def _quiet(data: Mapping[str, Any] | None) -> QuietHours | None:
    window = parse_window(data["hours"]) if data else None
    if data is None or window is None:
        return None
    return QuietHours(window, frozenset(data.get("except", ())))
