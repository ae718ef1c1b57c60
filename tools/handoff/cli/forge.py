"""The forge as this run may use it: address, repository and token, from outside."""

import os
import random
from threading import Event

from handoff.cli.clock import read_clock
from handoff.cli.network import open_network
from handoff.connectors.github import GitHub
from handoff.connectors.github_api import Api
from handoff.connectors.metering import Meter
from handoff.connectors.retrying import Pace, Patience, retrying
from handoff.model.errors import HandoffError

_PUBLIC = "https://api.github.com"
_BUDGET = 300.0


def open_forge(requests: int) -> tuple[GitHub, Meter]:
    """Open the forge that the environment names.

    GITHUB_REPOSITORY says which repository, GITHUB_TOKEN lets us in, GITHUB_API_URL
    is for a server of one's own. A workflow has the first and the last by itself.

    Args:
        requests: how many a run may send; those sent again count too.

    Returns:
        The forge, and the meter that counts.

    Raises:
        HandoffError: the environment does not say enough.
    """
    repository, token = _variable("GITHUB_REPOSITORY"), _variable("GITHUB_TOKEN")
    meter = Meter(open_network(), requests)
    patience = Patience(budget=_BUDGET)
    patient = retrying(meter, pace=open_pace(), patience=patience)
    url = os.environ.get("GITHUB_API_URL") or _PUBLIC
    return GitHub(Api(url, repository, token, patient)), meter


def open_pace() -> Pace:
    """Lend the time of this computer."""
    return Pace(read_clock, _wait, random.random)


def pause(attempt: int) -> None:
    """Wait a random moment before another attempt, the longer the more failed."""
    _wait(random.random() * min(attempt, 8) / 4)  # noqa: S311 - spreads, hides nothing


def _wait(seconds: float) -> None:
    Event().wait(seconds)


def _variable(name: str) -> str:
    value = os.environ.get(name, "").strip()
    if not value:
        message = f"{name} is not set, so the forge cannot be asked"
        hint = (
            "In a workflow write `env: GITHUB_TOKEN: ${{ github.token }}`; elsewhere "
            "set GITHUB_REPOSITORY (as in acme/handoffs) and GITHUB_TOKEN."
        )
        raise HandoffError(message, hint)
    return value
