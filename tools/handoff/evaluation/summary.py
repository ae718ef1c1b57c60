"""The daily summary of one date (domain part 12), as data.

It is computed for an instant and a day in the policy's zone. What there is to say of a
deal is found deal by deal; here it is put into sections and in order.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from handoff.evaluation.report import Frame
from handoff.evaluation.summary_sections import Entries, Entry

_Order = Callable[[Entry], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Section:
    """A titled list of entries; `name` is its key in JSON."""

    name: str
    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """The summary of one date, and what it rests on."""

    day: date
    frame: Frame
    sections: tuple[Section, ...]


def summarise(frame: Frame, day: date, told: Iterable[Entries]) -> Summary:
    """Sum up a date from what there is to say of all deals.

    Args:
        frame: for an instant of, or after, that date.
        day: in the policy's zone.
        told: of some deals each, in any order.
    """
    found: dict[str, list[Entry]] = {name: [] for name in _SECTIONS}
    found["on_branches"] += _on_branches(frame)
    for each in told:
        for name, entries in each.items():
            found[name] += entries
    sections: list[Section] = []
    for name, (title, order) in _SECTIONS.items():
        by_path = sorted(found[name], key=lambda entry: entry.path)
        sections.append(Section(name, title, tuple(sorted(by_path, key=order))))
    return Summary(day, frame, tuple(sections))


def _on_branches(frame: Frame) -> Iterator[Entry]:
    for path, branch in sorted(frame.branches.items()):
        yield Entry(path, "", f"waits on {branch}")
    for clash in frame.clashes:
        with_ = clash.shown or "what is merged"
        yield Entry(clash.path, "", f"{clash.hidden} and {with_} cannot both be right")


def _as_found(_entry: Entry) -> tuple[str, ...]:
    return ()


def _by_instant(entry: Entry) -> tuple[str, ...]:
    return str(entry.when), entry.record


def _by_person(entry: Entry) -> tuple[str, ...]:
    return entry.who, str(entry.when), entry.record


_SECTIONS: Mapping[str, tuple[str, _Order]] = {
    "key_completions": ("KEY COMPLETIONS TODAY", _as_found),
    "new_breaches": ("New breaches", _by_instant),
    "open_breaches": ("Open breaches, oldest first", _by_instant),
    "at_risk": ("At risk", _by_instant),
    "escalations": ("Escalations", _as_found),
    "waiting": ("Waiting on", _by_person),
    "pauses": ("On hold", _as_found),
    "overdue_next_actions": ("Overdue next actions", _by_instant),
    "without_next_action": ("Without next action", _as_found),
    "losses": ("Lost or dormant", _as_found),
    "reactivations_due": ("Reactivations due", _as_found),
    "waivers_used": ("Waivers used", _as_found),
    "recorded_late": ("Recorded late", _as_found),
    "on_branches": ("On open branches", _as_found),
    "not_evaluated": ("Not evaluated", _as_found),
}
"""Title of each section, and in which order its entries stand within that of paths."""
