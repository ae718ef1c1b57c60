"""What exports can and cannot say about events, from `events.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from handoff.document.document import read_yaml_file
from handoff.imports.settings import ImportSettings, packaged
from handoff.policy.policy import Policy


@dataclass(frozen=True, slots=True)
class EventWords:
    """The contents of `events.yaml`.

    Attributes:
        unknown: by kind of the events that decide a deal, required fields that no
            export has, with the value that says so.
        dated_by: by kind, the fields of a map whose columns date it.
        otherwise_dated_by: the same for all other kinds.
        other_reason: the reason for words that no map translates.
        reason_kept_in: by reason, the event's field that keeps the export's words.
    """

    unknown: Mapping[str, Mapping[str, str]]
    dated_by: Mapping[str, tuple[str, ...]]
    otherwise_dated_by: tuple[str, ...]
    other_reason: str
    reason_kept_in: Mapping[str, str]

    def dating_fields(self, kind: str) -> tuple[str, ...]:
        """Name the fields whose columns date an event of this kind."""
        return self.dated_by.get(kind, self.otherwise_dated_by)


@cache
def event_words() -> EventWords:
    """Read what comes with this package."""
    document, _ = read_yaml_file("events.yaml", packaged("events.yaml"))
    data: Mapping[str, Any] = document.header if document else {}
    return EventWords(
        unknown=data["unknown"],
        dated_by={kind: tuple(names) for kind, names in data["dated_by"].items()},
        otherwise_dated_by=tuple(data["otherwise_dated_by"]),
        other_reason=data["other_reason"],
        reason_kept_in=data["reason_kept_in"],
    )


def importable_kinds(policy: Policy) -> tuple[str, ...]:
    """Name the kinds of events that need nothing an export does not have."""
    kinds = policy.schemas.resolve("event")["properties"]
    listed = kinds["event"]["enum"] if isinstance(kinds, Mapping) else ()
    return tuple(kind for kind in listed if _is_accepted(kind, {}, policy))


def closing_reasons(settings: ImportSettings, policy: Policy) -> Mapping[str, str]:
    """Give the words of `lost_reasons` that stand for no reason there is."""
    return {
        word: reason
        for word, reason in settings.lost_reasons.items()
        if not any(
            _is_accepted(kind, reason_fields(word, settings), policy)
            for kind, fields in event_words().unknown.items()
            if "reason" in fields
        )
    }


def reason_fields(text: str, settings: ImportSettings) -> dict[str, str]:
    """Say why a deal was lost, in our word and, where there is a field, theirs."""
    if not text:
        return {}
    words = event_words()
    reason = settings.lost_reasons.get(text, words.other_reason)
    kept_in = words.reason_kept_in.get(reason)
    kept = {kept_in: " ".join(text.split())} if kept_in else {}
    return {"reason": reason, **kept}


def _is_accepted(kind: str, fields: Mapping[str, str], policy: Policy) -> bool:
    unknown = event_words().unknown.get(kind, {})
    sample = {"event": kind, "on": "unknown", "by": "x", **unknown, **fields}
    return policy.schemas.schema("event").accepts(sample)
