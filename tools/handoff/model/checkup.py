"""What a check-up found out about one setting."""

from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    """Whether a setting does what it is there for."""

    OK = "ok"
    OFF = "off"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Symptom:
    """One setting.

    Attributes:
        area: what it belongs to, such as `hook` or `main`.
        said: what was found.
        hint: how to set it; empty where it is right.
    """

    area: str
    health: Health
    said: str
    hint: str = ""
