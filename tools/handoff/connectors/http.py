"""The one door to the network: one request, one answer, within limits.

No redirect is followed, so that a token never reaches a host it was not meant for.
Messages name the host alone: the path of a web hook is a secret, as every header is.
`http.client` and `ssl` are imported where they are used: most commands never need them.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from handoff.connectors.proxies import LOOPBACK, NONE, Proxies, Proxy
from handoff.model.errors import HandoffError

if TYPE_CHECKING:
    from http.client import HTTPConnection, HTTPResponse

_TIMEOUT = 20.0
_MAX_BYTES = 10_000_000
_CHUNK = 1 << 16
_AGAIN = "Run the command again in some minutes; nothing was changed by this run."


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent. Only method and host are ever shown.

    Attributes:
        url: absolute; `https`, or `http` to this computer.
    """

    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(
        default_factory=lambda: MappingProxyType({}), repr=False
    )
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever its status; names of headers are lower-case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


Send = Callable[[Request], Answer]
"""A way of sending: `send` with its limits, one that tries again, or a test's."""


class UnreachableError(HandoffError):
    """No connection: the request was certainly not delivered."""


class LostError(HandoffError):
    """No usable answer: the request may have been delivered."""


class TooLargeError(LostError):
    """The answer was longer than the limit, so that it was not read to its end."""


def send(
    request: Request,
    *,
    timeout: float = _TIMEOUT,
    max_bytes: int = _MAX_BYTES,
    proxies: Proxies = NONE,
) -> Answer:
    """Send one request once, and give the answer, a redirect or an error too.

    Args:
        request: what to send.
        timeout: seconds for each step of connecting, and again for all of sending
            and reading together.
        max_bytes: of the answer's body.
        proxies: what leads to hosts elsewhere. A proxy sees the host alone.

    Raises:
        UnreachableError: nothing was delivered.
        LostError: it may have been delivered: no answer, or only a part of one.
        TooLargeError: the answer is too long.
        HandoffError: address or headers cannot be sent safely.
    """
    from http.client import HTTPException  # noqa: PLC0415 - slow, see the module

    address = _address(request)
    host = address.hostname or ""
    proxy = proxies.proxy_of(host)
    connection = _connection(address, timeout, proxy)
    try:
        _connect(connection, host, timeout, proxy)
        try:
            return _exchange(connection, request, address, timeout, max_bytes)
        except (OSError, HTTPException, ValueError) as error:
            message = f"`{host}` did not answer to the end: {_reason(error)}"
            raise LostError(message, _AGAIN) from None
    finally:
        connection.close()


def _address(request: Request) -> SplitResult:
    """Refuse what would send a secret in the clear, or more than one request."""
    try:
        address = urlsplit(request.url)
        _ = address.port
    except ValueError:
        address = SplitResult("", "", "", "", "")
    host = address.hostname
    is_safe = address.scheme == "https" or (
        address.scheme == "http" and host in LOOPBACK
    )
    if not (is_safe and host and address.username is None and _is_plain(request.url)):
        message = f"the address of `{host or 'another system'}` cannot be used"
        hint = (
            "Write an absolute address that begins with https:// and has no password."
        )
        raise HandoffError(message, hint)
    for name, value in request.headers.items():
        if not (_is_plain(name) and value.isprintable() and value.isascii()):
            message = f"the header `{name!a}` holds characters that cannot be sent"
            raise HandoffError(message, "Check the token or setting it comes from.")
    return address


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable() and " " not in text


def _connection(
    address: SplitResult, timeout: float, proxy: Proxy | None
) -> "HTTPConnection":
    from http.client import HTTPConnection, HTTPSConnection  # noqa: PLC0415 - as above

    host, port = address.hostname or "", address.port
    if address.scheme == "http":
        return HTTPConnection(host, port, timeout=timeout)
    from ssl import create_default_context  # noqa: PLC0415 - as above

    context = create_default_context()
    if proxy is None:
        return HTTPSConnection(host, port, timeout=timeout, context=context)
    tunnel = HTTPSConnection(proxy.host, proxy.port, timeout=timeout, context=context)
    tunnel.set_tunnel(host, port, dict(proxy.headers))
    return tunnel


def _connect(
    connection: "HTTPConnection", host: str, timeout: float, proxy: Proxy | None
) -> None:
    """Open a connection, or the tunnel of a proxy.

    Raises:
        UnreachableError: there is no way to the host.
    """
    from http.client import HTTPException  # noqa: PLC0415 - as above

    way = f"`{host}` through the proxy `{proxy.host}`" if proxy else f"`{host}`"
    try:
        if proxy is None:
            connection.connect()
        else:
            with _time_limit(connection, timeout):  # it may talk for ever, too
                connection.connect()
    except (OSError, UnicodeError, HTTPException) as error:
        why = _refusal(error) or _reason(error)
    else:
        return
    # Raised here, without its cause: that would keep what a proxy answered, and with it
    # the socket, open.
    message = f"cannot reach {way}: {why}"
    hint = "Check the address and the network, then run the command again."
    raise UnreachableError(message, hint)


def _refusal(error: Exception) -> str:
    """Say that a proxy opened no tunnel; empty if it was something else."""
    found = re.match(r"Tunnel connection failed: (\d{3})\b", str(error))
    if found is None:
        return ""
    asks = ", it asks for a password" if found[1] == "407" else ""
    return f"it opened no tunnel ({found[1]}){asks}"


def _exchange(
    connection: "HTTPConnection",
    request: Request,
    address: SplitResult,
    timeout: float,
    max_bytes: int,
) -> Answer:
    target = (address.path or "/") + (f"?{address.query}" if address.query else "")
    headers = {"User-Agent": "handoff", **request.headers}
    with _time_limit(connection, timeout):
        connection.request(request.method, target, request.body or None, headers)
        with connection.getresponse() as response:
            body = _body(response, max_bytes, address.hostname or "")
    found = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, MappingProxyType(found), body)


@contextmanager
def _time_limit(connection: "HTTPConnection", seconds: float) -> Iterator[None]:
    """End a conversation that takes too long, however steadily it drips.

    A timeout of the socket counts from the last byte, so that a server could hold us
    for ever; therefore a timer shuts the socket.
    """
    from socket import SHUT_RDWR, socket  # noqa: PLC0415 - comes with http.client
    from threading import Event, Timer  # noqa: PLC0415 - as above

    is_over = Event()

    def end() -> None:
        is_over.set()
        opened: socket | None = connection.sock  # none before it is connected
        with suppress(OSError):  # the other side was quicker
            # Not the method of a TLS socket: it takes the TLS away from the reader.
            if opened:
                socket.shutdown(opened, SHUT_RDWR)

    timer = Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        if is_over.is_set():
            raise TimeoutError


def _body(response: "HTTPResponse", max_bytes: int, host: str) -> bytes:
    """Read a body whole or not at all."""
    expected, body = response.length, bytearray()
    while chunk := response.read(_CHUNK):
        body += chunk
        if len(body) > max_bytes:
            message = f"`{host}` answered with more than {max_bytes} bytes"
            raise TooLargeError(message, _AGAIN)
    if expected is not None and len(body) != expected:
        raise ConnectionError
    return bytes(body)


def _reason(error: Exception) -> str:
    """Say why in words of our own: what libraries write can hold the address."""
    from http.client import HTTPException  # noqa: PLC0415 - as above
    from socket import gaierror  # noqa: PLC0415 - as above
    from ssl import SSLCertVerificationError, SSLError  # noqa: PLC0415 - as above

    reasons: tuple[tuple[type[Exception], str], ...] = (
        (TimeoutError, "it took too long"),
        (gaierror, "there is no such host"),
        (SSLCertVerificationError, "its certificate is not trusted"),
        (SSLError, "no secure connection could be made"),
        (ConnectionRefusedError, "it refused the connection"),
        (ConnectionError, "the connection broke"),
        (UnicodeError, "its name is not a host name"),
        (HTTPException, "what it sent is not an HTTP answer"),
    )
    return next((text for kind, text in reasons if isinstance(error, kind)), "no route")
