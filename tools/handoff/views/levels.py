"""What each severity is called in each channel; the only such table."""

from collections.abc import Mapping
from dataclasses import dataclass

from handoff.model.diagnostic import Severity


@dataclass(frozen=True, slots=True)
class Level:
    """One severity in the words of each channel.

    Attributes:
        label: in text for people.
        colour: SGR parameters of ECMA-48.
        sarif: `level` of a SARIF 2.1.0 result (3.27.10).
        github: workflow command that makes the annotation.
    """

    label: str
    colour: str
    sarif: str
    github: str


LEVELS: Mapping[Severity, Level] = {
    Severity.ERROR: Level("error", "1;31", "error", "error"),
    Severity.WARNING: Level("warning", "1;33", "warning", "warning"),
    Severity.INFO: Level("info", "1;36", "note", "notice"),
}
"""Most severe first."""
