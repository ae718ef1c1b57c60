"""Which proxy a request goes through, by the variables that curl reads too.

What is not encrypted never leaves this computer, so only `https` asks.
"""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from urllib.parse import SplitResult, unquote, urlsplit

from handoff.model.errors import HandoffError

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""Names of this computer, which nothing leads to but itself."""
_NAMES = ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
_DIRECT = ("no_proxy", "NO_PROXY")
_PORT = 1080


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy that opens a tunnel, by CONNECT.

    Attributes:
        headers: what it is asked with, the password among them.
    """

    host: str
    port: int
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Proxies:
    """What the environment says of proxies.

    Attributes:
        url: of the proxy; empty if there is none.
        variable: which variable says so.
        direct: hosts that are asked without it, with all hosts below them; `*` for
            every one.
    """

    url: str = field(default="", repr=False)
    variable: str = ""
    direct: tuple[str, ...] = ()

    def proxy_of(self, host: str) -> Proxy | None:
        """Find the proxy that leads to a host; `None` if it is asked directly.

        Raises:
            HandoffError: the variable does not name a proxy that can be used.
        """
        if not self.url or host in LOOPBACK or self._is_direct(host.rstrip(".")):
            return None
        return _read(self.url, self.variable)

    def _is_direct(self, host: str) -> bool:
        return any(
            name in {"*", host} or host.endswith(f".{name}") for name in self.direct
        ) or _is_within(host, self.direct)


NONE = Proxies()
"""Every host is asked directly."""


def read_proxies(variables: Mapping[str, str]) -> Proxies:
    """Read what the environment says, names in lower case first as curl does."""
    variable = next((name for name in _NAMES if variables.get(name)), "")
    listed = next((variables[name] for name in _DIRECT if variables.get(name)), "")
    names = listed.lower().replace(",", " ").split()
    direct = tuple(name.strip(".") for name in names)
    return Proxies(variables.get(variable, ""), variable, direct)


def _is_within(host: str, networks: tuple[str, ...]) -> bool:
    """Tell whether a host is an address in one of some networks, `10.0.0.0/8`."""
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return any(_holds(network, address) for network in networks)


def _holds(network: str, address: object) -> bool:
    try:
        return address in ip_network(network, strict=False)
    except ValueError:
        return False


def _read(url: str, variable: str) -> Proxy:
    try:
        address = urlsplit(url if "://" in url else f"http://{url}")
        host, port = address.hostname, address.port or _PORT
    except ValueError:
        address, host, port = SplitResult("", "", "", "", ""), None, 0
    if address.scheme != "http" or not host or not url.isascii():
        message = f"the proxy that `{variable}` names cannot be used"
        hint = f"Write `{variable}=http://HOST:PORT`; other kinds are not supported."
        raise HandoffError(message, hint)
    if address.username is None:
        return Proxy(host, port)
    said = f"{unquote(address.username)}:{unquote(address.password or '')}"
    coded = b64encode(said.encode()).decode()
    return Proxy(host, port, {"Proxy-Authorization": f"Basic {coded}"})
