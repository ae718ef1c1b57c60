"""The file in which a forge hands an event to the job it starts."""

import json
from collections.abc import Mapping
from pathlib import Path

from handoff.model.errors import HandoffError

_SIZE_LIMIT = 25_000_000  # GitHub sends no larger payload


def read_payload(path: Path, hint: str) -> Mapping[str, object]:
    """Read the payload of a webhook.

    Args:
        path: the file, hostile like everything in it.
        hint: what to do where it cannot be used.

    Raises:
        HandoffError: it is too large, no JSON, or no JSON object.
    """
    shown = path.name
    try:
        with path.open("rb") as file:
            content = file.read(_SIZE_LIMIT + 1)
    except OSError as error:
        message = f"`{shown}` cannot be read: {error.strerror}"
        raise HandoffError(message, hint) from None
    if len(content) > _SIZE_LIMIT:
        message = f"`{shown}` is larger than any event of a forge"
        raise HandoffError(message, hint)
    try:
        payload = json.loads(content)
    except (ValueError, RecursionError):
        message = f"`{shown}` is not JSON"
        raise HandoffError(message, hint) from None
    if not isinstance(payload, Mapping):
        message = f"`{shown}` holds no JSON object, as an event of a forge does"
        raise HandoffError(message, hint)
    return payload
