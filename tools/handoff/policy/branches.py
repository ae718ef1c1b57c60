"""Which branches records wait on, from `branches.yaml`."""

from collections.abc import Mapping
from typing import Any

_OPEN = ("handoff/*",)


def read_open_branches(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Give the patterns of open branches; empty `data` where there is no file."""
    return tuple(data.get("open", _OPEN))
