"""A workspace of Slack on this computer: keeps what is posted, and fails on request.

What it answers has the form of Slack's answers; the requests it gets are held against
Slack's published description in `slack_spec.py`.
"""

import json
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event
from typing import Any
from urllib.parse import parse_qsl

from support.local_server import (
    Fault,
    LocalServer,
    Received,
    Reply,
    as_json,
    serve,
)

TOKEN = "a-token-of-a-test"  # noqa: S105 - it opens nothing
CHANNEL = "C0DEALS01"
_KEY = "idempotency_key"


@dataclass(frozen=True)
class Slow:
    """Fault: the answer takes some seconds; the effect happens before or after."""

    seconds: float
    is_done: bool = True


@dataclass(frozen=True)
class Refusal:
    """Fault: `ok: false` with an error, and more fields of the answer."""

    error: str
    more: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Workspace:
    """What is in the workspace.

    Attributes:
        members: id by mail address.
        messages: by channel or conversation, oldest first, as Slack keeps them.
        faults: what goes wrong with the next calls of a method, in order.
        lasting: what goes wrong with every call of a method after those.
        server: where it listens.
    """

    members: dict[str, str] = field(default_factory=dict)
    messages: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    faults: dict[str, deque[Fault | Slow | Refusal]] = field(default_factory=dict)
    lasting: dict[str, Fault | Slow | Refusal] = field(default_factory=dict)
    server: LocalServer = field(default_factory=lambda: LocalServer(lambda _: Reply()))

    @property
    def url(self) -> str:
        """Address of the methods, as a client is given it."""
        return f"{self.server.url}/api/"

    def fail(self, method: str, *faults: Fault | Slow | Refusal) -> None:
        """Let the next calls of a method go wrong, one after the other."""
        self.faults.setdefault(method, deque()).extend(faults)

    def posted(self) -> list[dict[str, Any]]:
        """Give every message, channel by channel."""
        return [m for listed in self.messages.values() for m in listed]

    def deliveries(self) -> Counter[str]:
        """Count the messages of each idempotency key."""
        found = (m["metadata"]["event_payload"][_KEY] for m in self.posted())
        return Counter(found)

    def texts(self, channel: str = CHANNEL) -> list[str]:
        """Give all that can be read in the messages of a channel."""
        return [_readable(m) for m in self.messages.get(channel, [])]

    def calls(self, method: str) -> list[Received]:
        """Give the requests of a method."""
        return [r for r in self.server.requests if _method(r) == method]

    def next_fault(self, request: Received) -> Fault | Slow | Refusal | None:
        """Take the fault that is meant for a request."""
        method = _method(request)
        waiting = self.faults.get(method)
        return waiting.popleft() if waiting else self.lasting.get(method)

    def respond(self, request: Received) -> Reply:
        """Do what a request asks for, unless a fault forbids it."""
        fault = self.taken
        if isinstance(fault, Refusal):
            return as_json({"ok": False, "error": fault.error, **fault.more})
        if isinstance(fault, Slow) and not fault.is_done:
            Event().wait(fault.seconds)
        answer = self._answer(request)
        if isinstance(fault, Slow) and fault.is_done:
            Event().wait(fault.seconds)
        return as_json(answer)

    taken: Fault | Slow | Refusal | None = None

    def _answer(self, request: Received) -> Mapping[str, Any]:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return {"ok": False, "error": "invalid_auth"}
        known: Mapping[str, Callable[[Mapping[str, Any]], Mapping[str, Any]]] = {
            "chat.postMessage": self._post,
            "conversations.history": self._history,
            "conversations.open": self._open,
            "users.lookupByEmail": self._lookup,
            "auth.test": lambda _: {"ok": True, "user_id": "U0BOT", "team": "Test"},
        }
        handle = known.get(_method(request))
        return handle(fields(request)) if handle else _no("unknown_method")

    def _post(self, given: Mapping[str, Any]) -> Mapping[str, Any]:
        channel = given["channel"]
        if channel != CHANNEL and not channel.startswith("D"):
            return _no("channel_not_found")
        listed = self.messages.setdefault(channel, [])
        stamp = f"{1_900_000_000 + len(self.posted())}.000100"
        listed.append({"type": "message", "ts": stamp, **given})
        return {"ok": True, "channel": channel, "ts": stamp, "message": listed[-1]}

    def _history(self, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """Give two messages a page, newest first, so that pages are turned."""
        oldest = float(given.get("oldest", 0))
        listed = self.messages.get(given["channel"], [])[::-1]
        listed = [m for m in listed if float(m["ts"]) >= oldest]
        start = int(given.get("cursor") or 0)
        shown = [dict(m) for m in listed[start : start + 2]]
        for message in shown:
            if given.get("include_all_metadata") not in {"1", "true", True}:
                message.pop("metadata", None)
        cursor = str(start + 2) if start + 2 < len(listed) else ""
        more = {"response_metadata": {"next_cursor": cursor}}
        return {"ok": True, "messages": shown, "has_more": bool(cursor), **more}

    def _open(self, given: Mapping[str, Any]) -> Mapping[str, Any]:
        user = str(given["users"])
        if not user.startswith(("U", "W")):
            return _no("user_not_found")
        return {"ok": True, "channel": {"id": f"D{user}"}}

    def _lookup(self, given: Mapping[str, Any]) -> Mapping[str, Any]:
        member = self.members.get(str(given["email"]))
        return (
            {"ok": True, "user": {"id": member}} if member else _no("users_not_found")
        )


class _ByMethod(dict[int, Fault]):
    """Faults of a server, chosen by what the newest request asks for."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace

    def get(self, number: int, default: Any = None) -> Any:  # noqa: ANN401 - as in dict
        request = self.workspace.server.requests[number - 1]
        found = self.workspace.next_fault(request)
        self.workspace.taken = found
        return found if isinstance(found, Fault) else default


def _no(error: str) -> Mapping[str, Any]:
    return {"ok": False, "error": error}


def _method(request: Received) -> str:
    return request.path.partition("?")[0].removeprefix("/api/")


def fields(request: Received) -> dict[str, Any]:
    """Read the arguments of a request, from JSON or a form."""
    if "json" in request.headers.get("content-type", ""):
        given: dict[str, Any] = json.loads(request.body)
        return given
    return dict(parse_qsl(request.body.decode(), strict_parsing=bool(request.body)))


def _readable(message: Mapping[str, Any]) -> str:
    """Give the text of a message's blocks, one line after the other."""
    parts: list[str] = []
    for block in message["blocks"]:
        parts += [part["text"] for part in block.get("elements", ())]
        parts += [block["text"]["text"]] if "text" in block else []
    return "\n".join(parts)


@contextmanager
def workspace(**members: str) -> Iterator[Workspace]:
    """Run a workspace for the length of a test.

    Args:
        members: id by the name before the at sign of `…@handoff.example`.
    """
    addresses = {f"{name}@handoff.example": who for name, who in members.items()}
    made = Workspace(members=addresses)
    with serve(made.respond) as server:
        made.server = server
        server.faults = _ByMethod(made)
        yield made
