"""A server on this computer that answers as a test says, and breaks on request."""

import json
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread


@dataclass(frozen=True)
class Received:
    """One request, as it arrived. `path` holds the query too."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    def data(self) -> object:
        """Read the body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Reply:
    """One answer."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def as_json(data: object, status: int = 200, **headers: str) -> Reply:
    """Answer with JSON; `Link="…"` and the like become headers."""
    kind = {"Content-Type": "application/json; charset=utf-8"}
    return Reply(status, json.dumps(data).encode(), {**kind, **headers})


class Fault(Enum):
    """What can go wrong with one answer.

    All but the first four happen after the request was handled: its effect stays.
    """

    BROKEN = auto()  # 500
    LIMITED = auto()  # 429, with Retry-After: 1
    FORBIDDEN_LIMIT = auto()  # 403, as a forge says that its rate limit is used up
    RESET_BEFORE = auto()
    RESET_AFTER = auto()
    HALF = auto()  # less than Content-Length promised
    CUT_JSON = auto()  # complete HTTP, half of the JSON
    REDIRECT = auto()  # to another host
    HTML = auto()
    ENDLESS = auto()


BEFORE = frozenset(
    {Fault.BROKEN, Fault.LIMITED, Fault.FORBIDDEN_LIMIT, Fault.RESET_BEFORE}
)


@dataclass
class LocalServer:
    """A running server.

    Attributes:
        respond: gives the answer to a request.
        url: where it listens, without a slash at the end.
        requests: all that came, in order.
        faults: what goes wrong, by the number of the request, from 1.
        handled: the requests whose effect happened, in order.
    """

    respond: Callable[[Received], Reply]
    url: str = ""
    requests: list[Received] = field(default_factory=list)
    handled: list[Received] = field(default_factory=list)
    faults: dict[int, Fault] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def arrive(self, request: Received) -> tuple[Fault | None, Reply]:
        """Number a request, and handle it unless it fails before that."""
        with self.lock:
            self.requests.append(request)
            fault = self.faults.get(len(self.requests))
            if fault in BEFORE:
                return fault, _REFUSALS.get(fault, Reply())
            self.handled.append(request)
            return fault, self.respond(request)


_REFUSALS = {
    Fault.BROKEN: as_json({"message": "Server Error"}, 500),
    Fault.LIMITED: as_json({"message": "slow down"}, 429, **{"Retry-After": "1"}),
    Fault.FORBIDDEN_LIMIT: as_json(
        {"message": "API rate limit exceeded"},
        403,
        **{"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1"},
    ),
}
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_PAGE = b"<!doctype html><title>Sign in</title>"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "LocalServer", ""
    owner: LocalServer

    def answer(self) -> None:
        """Handle one request."""
        length = int(self.headers.get("Content-Length", 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(length)
        request = Received(self.command, self.path, headers, body)
        fault, reply = self.owner.arrive(request)
        self.close_connection = True
        if fault in {Fault.RESET_BEFORE, Fault.RESET_AFTER}:
            self.connection.shutdown(socket.SHUT_RDWR)
        elif fault is Fault.ENDLESS:
            self._drip()
        else:
            self._write(_spoiled(reply, fault), is_cut=fault is Fault.HALF)

    def _write(self, reply: Reply, *, is_cut: bool) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body) + is_cut))
        self.end_headers()
        self.wfile.write(reply.body)

    def _drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"[" * 65536)
        except OSError:
            return

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _spoiled(reply: Reply, fault: Fault | None) -> Reply:
    if fault is Fault.CUT_JSON:
        return Reply(reply.status, reply.body[: len(reply.body) // 2], reply.headers)
    if fault is Fault.REDIRECT:
        return Reply(302, b"", {"Location": "http://127.0.0.2:9/steal"})
    if fault is Fault.HTML:
        return Reply(200, _PAGE, {"Content-Type": "text/html"})
    return reply


@contextmanager
def serve(respond: Callable[[Received], Reply]) -> Iterator[LocalServer]:
    """Run a server for the length of a test."""
    running = LocalServer(respond)
    methods = {f"do_{name}": _Handler.answer for name in _METHODS}
    handler = type("Handler", (_Handler,), {"owner": running, **methods})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        running.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield running
        finally:
            server.shutdown()
            thread.join()
