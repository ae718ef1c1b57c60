"""What was typed before an interruption, kept as JSON outside the tree."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from handoff.model.errors import HandoffError


@dataclass(frozen=True, slots=True)
class Draft:
    """A record that is being typed.

    Attributes:
        kind: name of its schema.
        header: the fields answered so far, nested.
        sections: text of the sections answered so far, by title.
    """

    kind: str
    header: Mapping[str, object]
    sections: Mapping[str, str]


def write_draft(draft: Draft) -> bytes:
    """Write a draft as JSON."""
    data = {"kind": draft.kind, "header": draft.header, "sections": draft.sections}
    return json.dumps(data, ensure_ascii=True, indent=2).encode()


def read_draft(content: bytes) -> Draft:
    """Read a draft.

    Raises:
        HandoffError: somebody changed it so that it is none any more.
    """
    try:
        data = json.loads(content)
        return Draft(str(data["kind"]), dict(data["header"]), dict(data["sections"]))
    except (ValueError, KeyError, TypeError) as error:
        message = "what was kept of the last session cannot be read"
        hint = "Start again with `--discard`."
        raise HandoffError(message, hint) from error
