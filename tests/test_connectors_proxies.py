"""Requests through a proxy: which one, what it sees, and what it cannot break."""

import socket
import ssl
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

import pytest

from handoff.connectors.http import Request, UnreachableError, send
from handoff.connectors.proxies import LOOPBACK, Proxies, read_proxies
from handoff.model.errors import HandoffError

SECRET = "s3cr3t-t0k3n"  # noqa: S105 - a test's
HOST = "forge.example"
REQUEST = Request("GET", f"https://{HOST}/{SECRET}", {"Authorization": SECRET})
OPENED = b"HTTP/1.1 200 Connection established\r\n\r\n"


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, None),
        ({"https_proxy": "http://proxy.example:3128"}, ("proxy.example", 3128)),
        ({"HTTPS_PROXY": "proxy.example:3128"}, ("proxy.example", 3128)),
        ({"https_proxy": "proxy.example"}, ("proxy.example", 1080)),
        ({"https_proxy": "http://a:1", "HTTPS_PROXY": "http://b:1"}, ("a", 1)),
        ({"https_proxy": "", "HTTPS_PROXY": "http://b:1"}, ("b", 1)),
        ({"ALL_PROXY": "http://c:1"}, ("c", 1)),
        ({"https_proxy": "http://a:1", "all_proxy": "http://c:1"}, ("a", 1)),
        ({"http_proxy": "http://d:1", "HTTP_PROXY": "http://d:1"}, None),
    ],
)
def test_the_variables_of_curl_name_the_proxy(
    variables: Mapping[str, str], expected: tuple[str, int] | None
) -> None:
    found = read_proxies(variables).proxy_of(HOST)
    assert (found and (found.host, found.port)) == expected


@pytest.mark.parametrize(
    ("listed", "host", "is_direct"),
    [
        ("forge.example", HOST, True),
        ("example", HOST, True),
        (".example", HOST, True),
        ("other.example, FORGE.example.", HOST, True),
        ("other.example forge.example", HOST, True),
        ("*", HOST, True),
        ("forge.example", "hooks.forge.example", True),
        ("forge.example", "my-forge.example", False),
        ("ge.example", HOST, False),
        ("10.0.0.0/8", "10.1.2.3", True),
        ("10.0.0.0/8", "11.1.2.3", False),
        ("10.0.0.0/8", HOST, False),
        ("nonsense/99,,", "10.1.2.3", False),
    ],
)
def test_some_hosts_are_asked_directly(
    listed: str, host: str, *, is_direct: bool
) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        proxies = read_proxies({"https_proxy": "http://a:1", name: listed})
        assert (proxies.proxy_of(host) is None) == is_direct


@pytest.mark.parametrize("host", sorted(LOOPBACK))
def test_this_computer_is_never_asked_through_a_proxy(host: str) -> None:
    assert read_proxies({"all_proxy": "http://a:1"}).proxy_of(host) is None


@pytest.mark.parametrize(
    "url",
    [
        f"socks5://user:{SECRET}@proxy.example",
        f"https://user:{SECRET}@proxy.example",
        f"http://user:{SECRET}@proxy.example:port",
        f"http://user:{SECRET}@:3128",
        f"http://[::1/{SECRET}",
        f"http://{SECRET}\u00e9@proxy.example",
    ],
)
def test_a_proxy_of_another_kind_is_named_by_its_variable(url: str) -> None:
    with pytest.raises(HandoffError) as caught:
        send(REQUEST, proxies=read_proxies({"HTTPS_PROXY": url}))
    error = caught.value
    assert error.message == "the proxy that `HTTPS_PROXY` names cannot be used"
    assert SECRET not in f"{error.hint} {error!r}"


def test_a_password_is_sent_and_never_shown() -> None:
    proxies = read_proxies({"https_proxy": f"http://u%40x:{SECRET}@proxy.example:1"})
    proxy = proxies.proxy_of(HOST)
    assert proxy
    assert proxy.headers == {
        "Proxy-Authorization": "Basic dUB4OnMzY3IzdC10MGszbg==",
    }
    assert SECRET not in repr(proxies)
    assert repr(proxy) == "Proxy(host='proxy.example', port=1)"


@contextmanager
def proxy(
    *replies: bytes, beyond: ssl.SSLContext | None = None
) -> Iterator[list[bytes]]:
    """Serve one connection as a proxy, and as the host beyond it if it has a key.

    Gives a list of which the first entry is the address; what arrives follows.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        seen = [f"http://127.0.0.1:{listener.getsockname()[1]}".encode()]

        def run() -> None:
            peer, _ = listener.accept()
            peer.settimeout(3)  # whoever left need not read to the end
            with peer, suppress(OSError):
                seen.append(peer.recv(65536))
                for reply in replies:
                    peer.sendall(reply)
                if beyond:
                    with beyond.wrap_socket(peer, server_side=True) as inside:
                        seen.append(inside.recv(65536))
                        inside.sendall(
                            b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
                        )

        thread = Thread(target=run, daemon=True)
        thread.start()
        yield seen
        thread.join(10)
        assert not thread.is_alive()


@pytest.fixture
def beyond(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """Make a key for the host, which this test alone trusts."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2")
    named = ("-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}")
    out = ("-keyout", str(key), "-out", str(certificate))
    try:
        subprocess.run([*made, *named, *out], check=True, capture_output=True)  # noqa: S603 - no shell
    except FileNotFoundError:
        pytest.skip("openssl is not installed")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


def _through(seen: list[bytes], user: str = "") -> Proxies:
    address = seen[0].decode().replace("//", f"//{user}")
    return read_proxies({"https_proxy": address})


def test_a_proxy_sees_the_host_and_nothing_else(beyond: ssl.SSLContext) -> None:
    with proxy(OPENED, beyond=beyond) as seen:
        answer = send(REQUEST, proxies=_through(seen, "user:word@"))
    assert (answer.status, answer.body) == (200, b"ok")
    _, asked, inside = seen
    assert asked.startswith(f"CONNECT {HOST}:443 HTTP/1.".encode())
    assert b"Proxy-Authorization: Basic dXNlcjp3b3Jk\r\n" in asked
    assert SECRET.encode() not in asked
    assert inside.startswith(f"GET /{SECRET} HTTP/1.1\r\n".encode())
    assert b"Proxy-Authorization" not in inside


def test_the_certificate_is_that_of_the_host(beyond: ssl.SSLContext) -> None:
    other = Request("GET", f"https://other.example/{SECRET}")
    with (
        proxy(OPENED, beyond=beyond) as seen,
        pytest.raises(UnreachableError, match="certificate is not trusted"),
    ):
        send(other, proxies=_through(seen))
    assert len(seen) == 2


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (b"HTTP/1.1 407 Who?\r\n\r\n", r"no tunnel \(407\), it asks for a password"),
        (b"HTTP/1.1 502 No\r\n\r\n", r"it opened no tunnel \(502\)$"),
        (b"SSH-2.0-x\r\n", "is not an HTTP answer"),
        (b"", "is not an HTTP answer|the connection broke"),
    ],
)
def test_a_proxy_that_refuses_is_told(reply: bytes, said: str) -> None:
    with proxy(reply) as seen, pytest.raises(UnreachableError, match=said) as caught:
        send(REQUEST, proxies=_through(seen, f"user:{SECRET}@"))
    assert f"cannot reach `{HOST}` through the proxy `127.0.0.1`" in str(caught.value)
    assert SECRET not in f"{caught.value.message} {caught.value.hint}"


def test_a_proxy_that_talks_for_ever_is_left() -> None:
    with (
        proxy(b"HTTP/1.1 200 OK\r\n", *[b"X: y\r\n" * 9999] * 9999) as seen,
        pytest.raises(UnreachableError, match="through the proxy"),
    ):
        send(REQUEST, timeout=0.5, proxies=_through(seen))


def test_no_proxy_there_means_nothing_was_delivered() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    proxies = read_proxies({"https_proxy": f"http://127.0.0.1:{port}"})
    with pytest.raises(UnreachableError, match="it refused the connection"):
        send(REQUEST, proxies=proxies)
