"""The oldest tool that may judge these records: `schemas/policy/tool.yaml`."""

import re

from handoff import __version__
from handoff.document.document import read_yaml_file
from handoff.model.errors import HandoffError
from handoff.policy.sources import TOOL
from handoff.repository.unreadable import Content, Unreadable

_VERSION = re.compile(r"[0-9]{1,5}(?:\.[0-9]{1,5}){0,3}")
_RELEASE = re.compile(r"[0-9]+(?:\.[0-9]+)*")


def require_tool(content: Content, version: str = __version__) -> None:
    """Refuse to judge records that state a newer version than this one.

    A repository without the file accepts every version.

    Args:
        content: of the file.
        version: of this tool.

    Raises:
        HandoffError: this version is too old, or the file says none.
    """
    minimum = _minimum(content)
    if minimum and _parts(version) < _parts(minimum):
        message = f"this is handoff {version}, and this repository needs {minimum}"
        hint = "Type `pip install --upgrade handoff-ledger`, then run it again."
        raise HandoffError(message, hint)


def _minimum(content: Content) -> str:
    if isinstance(content, Unreadable):
        return ""
    document, _ = read_yaml_file(TOOL, content)
    minimum = str(document.header.get("minimum", "")) if document else ""
    if not document or not _VERSION.fullmatch(minimum):
        message = f"`{TOOL}` does not say which version of handoff is needed"
        raise HandoffError(message, "Write one line into it, as in `minimum: 0.1.0`.")
    return minimum


def _parts(version: str) -> tuple[int, ...]:
    """Give the numbers of a release; 1.2 and 1.2.0 are the same."""
    release = _RELEASE.match(version)
    numbers = [int(n) for n in release[0].split(".")] if release else []
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)
