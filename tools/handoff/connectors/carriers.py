"""The table of channels: kind and module; imported when one is used."""

from importlib import import_module

from handoff.connectors.carrier import Carrier, Surroundings
from handoff.policy.channels import Channel

CARRIERS = {
    "console": "console",
    "file": "file",
    "issue": "issue",
    "mail": "mail",
    "note": "note",
    "slack": "slack",
    "webhook": "webhook",
}


def connect(channel: Channel, surroundings: Surroundings) -> Carrier:
    """Make a channel of policy ready.

    Raises:
        HandoffError: the package it needs is not installed.
    """
    module = import_module(f"handoff.connectors.{CARRIERS[channel.kind]}")
    made: Carrier = module.connect(channel, surroundings)
    return made
