"""What a change of policy changes: the same records, judged under two policies."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from handoff.evaluation.reading import LIVE, Reading, State
from handoff.evaluation.report import Report
from handoff.model.diagnostic import Severity
from handoff.model.verdict import Verdict
from handoff.policy.clocks import Clock
from handoff.policy.policy import Policy

_IDLE = frozenset({State.NOT_APPLICABLE, State.NOT_STARTED})
_Key = tuple[str, int, str, str]


@dataclass(frozen=True, slots=True)
class Flip:
    """One reading that two policies judge differently.

    Attributes:
        before: under the old policy; `None` where the clock says nothing there.
        after: under the new one, likewise.
    """

    before: Reading | None
    after: Reading | None

    @property
    def reading(self) -> Reading:
        """The reading as it is now, or as it was where it is no more."""
        found = self.after or self.before
        assert found is not None  # noqa: S101 - one of the two made the flip
        return found

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to stop the clock, under either policy."""
        return any(r.state in LIVE for r in (self.before, self.after) if r)

    @property
    def is_verdict(self) -> bool:
        """Whether state or breach differ, and not the due instant alone."""
        return _verdict(self.before) != _verdict(self.after)


@dataclass(frozen=True, slots=True)
class Moved:
    """A deal whose stage differs; a stage is empty where it cannot be evaluated."""

    record: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Effects:
    """Everything that differs between two policies for the same records.

    Attributes:
        flips: readings whose state, breach or due instant differ, by deal.
        stages: deals whose stage differs, by deal.
        found_before: diagnostics under the old policy, by severity.
        found_after: under the new one.
    """

    before: Report
    after: Report
    flips: tuple[Flip, ...]
    stages: tuple[Moved, ...]
    found_before: Mapping[Severity, int]
    found_after: Mapping[Severity, int]


def effects_of(before: Report, after: Report) -> Effects:
    """Compare two reports on the same records for the same instant."""
    return Effects(
        before,
        after,
        tuple(_flips(before, after)),
        tuple(_stages(before, after)),
        _counted(before.verdict),
        _counted(after.verdict),
    )


def as_if_always(policy: Policy) -> Policy:
    """Give policy as if the newest version of each clock had always been in force."""
    newest: dict[str, Clock] = {}
    for clock in policy.clocks:
        known = newest.get(clock.name)
        if known is None or str(clock.since or "") >= str(known.since or ""):
            newest[clock.name] = clock
    clocks = (replace(clock, since=None, until=None) for clock in newest.values())
    return replace(policy, clocks=tuple(clocks))


def _flips(before: Report, after: Report) -> Iterator[Flip]:
    old, new = _by_key(before), _by_key(after)
    for key in sorted(old.keys() | new.keys()):
        flip = Flip(old.get(key), new.get(key))
        if flip.is_verdict or _due(flip.before) != _due(flip.after):
            yield flip


def _by_key(report: Report) -> Mapping[_Key, Reading]:
    """Name each reading that says something by deal, cycle, clock and start."""
    return {
        (r.record, r.cycle, r.clock.name, _start(r)): r
        for r in report.readings
        if r.state not in _IDLE
    }


def _start(reading: Reading) -> str:
    place = reading.start
    return f"{place.path} {place.pointer} {place.entry}" if place else ""


def _verdict(reading: Reading | None) -> tuple[State, bool] | None:
    return (reading.state, reading.is_breached) if reading else None


def _due(reading: Reading | None) -> datetime | None:
    return reading.due if reading else None


def _stages(before: Report, after: Report) -> Iterator[Moved]:
    old = {status.id: status.stage.name for status in before.statuses}
    new = {status.id: status.stage.name for status in after.statuses}
    for record in sorted(old.keys() | new.keys()):
        stages = old.get(record, ""), new.get(record, "")
        if stages[0] != stages[1]:
            yield Moved(record, *stages)


def _counted(verdict: Verdict) -> Mapping[Severity, int]:
    counts = Counter(found.severity for found in verdict.diagnostics)
    return {severity: counts[severity] for severity in Severity}
