"""What the schema cannot say of `channels.yaml`: names, and what each kind needs."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from handoff.document.document import Document
from handoff.model.span import Pointer
from handoff.policy.channels import NEEDS, Channel, read_channels

_FILE = "channels"
_PERSONAL = frozenset({"at-risk", "breach", "escalation", "coordination"})
"""Kinds of messages that are written to somebody; others are for everybody."""

_Problem = tuple[str, Pointer, str, str]


def channel_problems(documents: Mapping[str, Document]) -> Iterator[_Problem]:
    """List what keeps channels from working: file, place, message and hint of each."""
    document = documents.get(_FILE)
    if document is None:
        return
    data: Mapping[str, Any] = document.header
    channels = data["channels"]
    names = [channel["name"] for channel in channels]
    for index, channel in enumerate(channels):
        yield from _lacking(channel, (_FILE, index))
        if channel["name"] in names[:index]:
            message = f"there are two channels called `{channel['name']}`"
            yield _FILE, (_FILE, index, "name"), message, "Give one another name."
    unknown = list(_unknown(data, names))
    yield from unknown
    if not unknown:
        yield from _unaddressed(data)


def _lacking(channel: Mapping[str, Any], pointer: Pointer) -> Iterator[_Problem]:
    kind = channel["kind"]
    for name in NEEDS[kind]:
        if name not in channel:
            message = f"channel `{channel['name']}` of kind {kind} lacks `{name}`"
            yield _FILE, pointer, message, f"Add `{name}:` to it."
    if channel.get("security") == "none" and channel.get("host") != "localhost":
        message = "mail without encryption goes to `localhost` alone"
        yield _FILE, (*pointer, "security"), message, "Use `starttls` or `tls`."


def _unknown(data: Mapping[str, Any], names: list[str]) -> Iterator[_Problem]:
    used: list[tuple[Pointer, str]] = [
        (("routes", number, "to", place), name)
        for number, route in enumerate(data["routes"])
        for place, name in enumerate(route["to"])
    ]
    if "last_resort" in data:
        used.append((("last_resort",), data["last_resort"]))
    for pointer, name in used:
        if name not in names:
            near = get_close_matches(name, names, n=1)
            known = f"Use one of: {', '.join(sorted(names))}."
            hint = f"Did you mean `{near[0]}`?" if near else known
            yield _FILE, pointer, f"`{name}` is not the name of a channel", hint


def _unaddressed(data: Mapping[str, Any]) -> Iterator[_Problem]:
    """Find messages for everybody on channels that only know single persons."""
    channels: Mapping[str, Channel] = read_channels(data).channels
    hint = "Add `to:` to the channel, or take another one."
    for number, route in enumerate(data["routes"]):
        public = [what for what in route["what"] if what not in _PERSONAL]
        for place, name in enumerate(route["to"]):
            if public and channels[name].is_personal:
                message = f"{public[0]} is for everybody, and `{name}` has no `to`"
                yield _FILE, ("routes", number, "to", place), message, hint
    last = data.get("last_resort")
    if last and channels[last].is_personal:
        message = f"`{last}` has no `to`, so it cannot be the last resort"
        yield _FILE, ("last_resort",), message, hint
