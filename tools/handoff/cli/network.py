"""The network as this computer may use it: directly, or through a proxy."""

import os
from functools import partial

from handoff.connectors.http import Send, send
from handoff.connectors.proxies import read_proxies


def open_network() -> Send:
    """Lend the network, through the proxy that the environment names."""
    return partial(send, proxies=read_proxies(os.environ))
