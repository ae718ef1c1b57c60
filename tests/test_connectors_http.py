"""One request, one answer, within limits, and nothing secret ever shown."""

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

import pytest

from handoff.connectors.http import (
    LostError,
    Request,
    TooLargeError,
    UnreachableError,
    send,
)
from handoff.model.errors import HandoffError
from support.local_server import Fault, LocalServer, Received, Reply, as_json, serve

SECRET = "s3cr3t-t0k3n"  # noqa: S105 - a test's


def _echo(request: Received) -> Reply:
    return as_json({"you": request.body.decode()}, 201, ETag="abc")


def _ask(server: LocalServer, method: str = "GET", body: bytes = b"") -> Request:
    url = f"{server.url}/hooks/{SECRET}?a=b"
    return Request(method, url, {"Authorization": f"Bearer {SECRET}"}, body)


def _shows_no_secret(error: HandoffError) -> bool:
    return SECRET not in f"{error.message} {error.hint} {error!r} {error.__cause__!r}"


@contextmanager
def talking(script: Callable[[socket.socket], None]) -> Iterator[str]:
    """Serve one connection by hand, byte for byte."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def run() -> None:
            peer, _ = listener.accept()
            with peer, suppress(OSError):
                peer.recv(65536)
                script(peer)

        thread = Thread(target=run, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/{SECRET}"
        thread.join(10)
        assert not thread.is_alive()


def test_a_request_arrives_whole_and_its_answer_too() -> None:
    with serve(_echo) as server:
        answer = send(_ask(server, "POST", "Grüße".encode()))
    assert answer.status == 201
    assert answer.headers["etag"] == "abc"
    assert answer.body == b'{"you": "Gr\\u00fc\\u00dfe"}'
    (request,) = server.requests
    assert request.path == f"/hooks/{SECRET}?a=b"
    assert request.headers["authorization"] == f"Bearer {SECRET}"
    assert request.headers["user-agent"] == "handoff"


def test_a_redirect_is_an_answer_and_goes_nowhere() -> None:
    with serve(_echo) as server:
        server.faults[1] = Fault.REDIRECT
        answer = send(_ask(server))
    assert (answer.status, len(server.requests)) == (302, 1)


@pytest.mark.parametrize("fault", [Fault.RESET_BEFORE, Fault.RESET_AFTER, Fault.HALF])
def test_what_was_sent_without_an_answer_may_have_been_delivered(fault: Fault) -> None:
    with serve(_echo) as server:
        server.faults[1] = fault
        with pytest.raises(LostError) as caught:
            send(_ask(server, "POST", b"x"))
    assert "`127.0.0.1` did not answer to the end" in caught.value.message
    assert _shows_no_secret(caught.value)


def test_an_endless_answer_is_not_read_to_its_end() -> None:
    with serve(_echo) as server:
        server.faults[1] = Fault.ENDLESS
        with pytest.raises(TooLargeError, match="more than 100000 bytes") as caught:
            send(_ask(server), max_bytes=100_000)
    assert _shows_no_secret(caught.value)


@pytest.mark.parametrize(
    "begin",
    [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n"],
    ids=["nothing", "headers", "body"],
)
def test_a_dripping_answer_ends_at_the_time_limit(begin: bytes) -> None:
    """Each byte comes in time for the socket, all of them together never do."""
    is_over = Event()

    def drip(peer: socket.socket) -> None:
        peer.sendall(begin)
        while not is_over.wait(0.05):
            peer.sendall(b"a" if begin else b"")

    with talking(drip) as url:
        with pytest.raises(LostError, match="it took too long"):
            send(Request("GET", url), timeout=0.4)
        is_over.set()


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n",
        b"HTTP/1.1 200 " + b"x" * 70_000 + b"\r\n\r\n",
    ],
)
def test_what_is_not_an_answer_is_lost(sent: bytes) -> None:
    with talking(lambda peer: peer.sendall(sent)) as url:
        with pytest.raises(LostError) as caught:
            send(Request("GET", url))
        assert _shows_no_secret(caught.value)


def test_an_answer_without_a_length_ends_with_the_connection() -> None:
    sent = b"HTTP/1.0 200 OK\r\n\r\nall of it"
    with talking(lambda peer: peer.sendall(sent)) as url:
        assert send(Request("GET", url)).body == b"all of it"


def test_nobody_there_means_nothing_was_delivered() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(UnreachableError, match="it refused the connection") as caught:
        send(Request("GET", f"http://127.0.0.1:{port}/{SECRET}"))
    assert _shows_no_secret(caught.value)


def test_an_unknown_host_means_nothing_was_delivered() -> None:
    with pytest.raises(UnreachableError, match=r"cannot reach `forge\.invalid`"):
        send(Request("GET", f"https://forge.invalid/{SECRET}"), timeout=5)


def test_a_server_without_tls_gets_no_token() -> None:
    with serve(_echo) as server:
        url = server.url.replace("http://", "https://")
        with pytest.raises(UnreachableError, match="no secure connection"):
            send(Request("GET", url, {"Authorization": SECRET}))
    assert server.requests == []


@pytest.mark.parametrize(
    "url",
    [
        f"http://forge.example/{SECRET}",
        f"http://127.0.0.1.evil.example/{SECRET}",
        f"http://localhost@evil.example/{SECRET}",
        f"https://user:{SECRET}@forge.example/",
        f"ftp://forge.example/{SECRET}",
        f"file:///etc/{SECRET}",
        f"//forge.example/{SECRET}",
        f"https:///{SECRET}",
        f"https://forge.example:99999/{SECRET}",
        f"https://[::1/{SECRET}",
        f"https://forge.example/{SECRET} HTTP/1.1",
        f"https://forge.example/{SECRET}\r\nX: y",
        f"https://forge.exämple/{SECRET}",
        "",
    ],
)
def test_an_address_that_is_not_safe_is_not_used(url: str) -> None:
    with pytest.raises(HandoffError, match="cannot be used") as caught:
        send(Request("GET", url))
    assert _shows_no_secret(caught.value)


@pytest.mark.parametrize("value", [f"{SECRET}\r\nX: y", f"{SECRET}\n", f"{SECRET}é"])
def test_a_header_cannot_become_two(value: str) -> None:
    with pytest.raises(HandoffError, match="the header `'Authorization'`") as caught:
        send(Request("GET", "http://127.0.0.1:9/", {"Authorization": value}))
    assert _shows_no_secret(caught.value)


def test_a_request_shows_neither_address_nor_headers() -> None:
    request = Request("POST", f"https://h.example/{SECRET}", {"A": SECRET}, b"s3cr3t")
    assert repr(request) == "Request(method='POST')"


def test_the_network_is_imported_when_it_is_used() -> None:
    program = (
        "import sys, handoff.connectors.http, handoff.connectors.retrying;"
        "sys.exit(bool({'http', 'ssl', 'socket', 'email'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], check=False)  # noqa: S603 - own text
    assert done.returncode == 0
