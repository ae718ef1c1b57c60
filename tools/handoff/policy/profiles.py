"""What counts towards a packet's completeness, and how much, from `profiles.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Profile:
    """One way to measure how complete a packet is.

    Attributes:
        group: header group that holds its parts; empty for the packet as a whole.
        default: weight of a part that has none of its own.
        weights: weight of each part that has one, by field or section.
    """

    name: str
    summary: str
    group: str
    default: int
    weights: Mapping[str, int]

    def weight(self, part: str) -> int:
        """Give the weight of a field or section; 0 leaves it out."""
        return self.weights.get(part, self.default)


_PLAIN = Profile("packet", "What every packet must hold to be filed.", "", 1, {})


def read_profiles(data: Mapping[str, Any]) -> Mapping[str, Profile]:
    """Build the profiles by name, already checked against their schema.

    Where policy says nothing of them, every required part of a packet weighs the same.
    """
    listed = [_profile(entry) for entry in data.get("profiles", ())] or [_PLAIN]
    return {profile.name: profile for profile in listed}


def _profile(entry: Mapping[str, Any]) -> Profile:
    return Profile(
        name=entry["name"],
        summary=entry["summary"],
        group=entry.get("group", ""),
        default=entry["default"],
        weights={
            part: row["weight"] for row in entry["weights"] for part in row["parts"]
        },
    )
