"""What a change of policy changes: the same records, judged under two policies.

Of each deal only what is compared is kept, and only until both policies were heard.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import zip_longest
from operator import attrgetter

from handoff.evaluation.parts import Part, combine
from handoff.evaluation.reading import LIVE, Reading, State
from handoff.evaluation.report import Frame, Report
from handoff.evaluation.waiving import Waived
from handoff.model.diagnostic import Severity
from handoff.model.verdict import Verdict
from handoff.policy.clocks import Clock
from handoff.policy.policy import Policy
from handoff.records.register import Register

_IDLE = frozenset({State.NOT_APPLICABLE, State.NOT_STARTED})
_Key = tuple[int, str, str]
"""Cycle, clock, and what started it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is compared of a reading; the due instant is in UTC."""

    state: State
    is_breached: bool
    due: datetime | None


@dataclass(frozen=True, slots=True)
class Flip:
    """One reading that two policies judge differently.

    Attributes:
        record: id of the opportunity.
        start: place of the fact that started it, or empty.
        before: under the old policy; `None` where the clock says nothing there.
        after: under the new one, likewise.
    """

    record: str
    cycle: int
    clock: str
    start: str
    before: Outcome | None
    after: Outcome | None

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to stop the clock, under either policy."""
        return any(o.state in LIVE for o in (self.before, self.after) if o)

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
class Judged:
    """What is compared of one deal: its stage, and each reading that says something."""

    stage: str = ""
    outcomes: Mapping[_Key, Outcome] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Share:
    """What one policy makes of some deals.

    Attributes:
        deals: by id of the opportunity.
        found: how many diagnostics there are, by severity.
        waived: what waivers excuse.
    """

    deals: Mapping[str, Judged]
    found: Mapping[Severity, int]
    waived: tuple[Waived, ...]


_NOTHING = Share({}, {}, ())


@dataclass(frozen=True, slots=True)
class Side:
    """All records under one policy.

    Attributes:
        frame: what was asked.
        shares: of all deals, some at a time, in any order.
        excused: the records that waivers name.
    """

    frame: Frame
    shares: Iterable[Share]
    excused: Register


@dataclass(frozen=True, slots=True)
class Effects:
    """Everything that differs between two policies for the same records.

    Attributes:
        before: what was asked of the old policy.
        after: what was asked of the new one.
        deals: how many there are under the new policy.
        flips: readings whose state, breach or due instant differ, by deal.
        stages: deals whose stage differs, by deal.
        found_before: diagnostics under the old policy, by severity.
        found_after: under the new one.
    """

    before: Frame
    after: Frame
    deals: int
    flips: tuple[Flip, ...]
    stages: tuple[Moved, ...]
    found_before: Mapping[Severity, int]
    found_after: Mapping[Severity, int]


def share_of(report: Report) -> Share:
    """Keep what is compared of a report."""
    outcomes: dict[str, dict[_Key, Outcome]] = {}
    for each in report.readings:
        if each.state not in _IDLE:
            key = (each.cycle, each.clock.name, _start(each))
            outcome = Outcome(each.state, each.is_breached, each.due)
            outcomes.setdefault(each.record, {})[key] = outcome
    return Share(
        {s.id: Judged(s.stage.name, outcomes.get(s.id, {})) for s in report.statuses},
        Counter(found.severity for found in report.verdict.diagnostics),
        report.waived,
    )


def effects_of(before: Side, after: Side) -> Effects:
    """Compare two policies on the same records for the same instant."""
    old, new = _Heard(), _Heard()
    flips: list[Flip] = []
    moved: list[Moved] = []
    for record, was, now in _pairs(before, after, old, new):
        flips += _flips(record, was, now)
        if was.stage != now.stage:
            moved.append(Moved(record, was.stage, now.stage))
    return Effects(
        before.frame,
        after.frame,
        new.deals,
        tuple(sorted(flips, key=attrgetter("record", "cycle", "clock", "start"))),
        tuple(sorted(moved, key=attrgetter("record"))),
        old.counts(before),
        new.counts(after),
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


@dataclass(slots=True)
class _Heard:
    """What was heard of one policy so far, and what waits for the other one."""

    waiting: dict[str, Judged] = field(default_factory=dict)
    deals: int = 0
    found: Counter[Severity] = field(default_factory=Counter)
    waived: list[Waived] = field(default_factory=list)

    def hear(self, share: Share) -> None:
        self.waiting |= share.deals
        self.deals += len(share.deals)
        self.found.update(share.found)
        self.waived += share.waived

    def counts(self, side: Side) -> Mapping[Severity, int]:
        """Count also what is wrong with policy and ledger, which belongs to no deal."""
        frame = side.frame
        part = Part(Verdict(0, 0, ()), tuple(self.waived), (), (), ())
        alone = (side.excused, frame.policy, frame.now, frame.ledger)
        more = Counter(d.severity for d in combine([part], *alone).diagnostics)
        return {
            severity: self.found[severity] + more[severity] for severity in Severity
        }


def _pairs(
    before: Side, after: Side, old: _Heard, new: _Heard
) -> Iterator[tuple[str, Judged, Judged]]:
    """Give each deal under both policies, as soon as both were heard."""
    for shares in zip_longest(before.shares, after.shares, fillvalue=_NOTHING):
        for heard, share in zip((old, new), shares, strict=True):
            heard.hear(share)
        for record in [record for share in shares for record in share.deals]:
            if record in old.waiting and record in new.waiting:
                yield record, old.waiting.pop(record), new.waiting.pop(record)
    for record, was in old.waiting.items():
        yield record, was, Judged()
    for record, now in new.waiting.items():
        yield record, Judged(), now


def _flips(record: str, was: Judged, now: Judged) -> Iterator[Flip]:
    for key in was.outcomes.keys() | now.outcomes.keys():
        old, new = was.outcomes.get(key), now.outcomes.get(key)
        if old != new:
            yield Flip(record, *key, old, new)


def _start(reading: Reading) -> str:
    place = reading.start
    return f"{place.path} {place.pointer} {place.entry}" if place else ""


def _verdict(outcome: Outcome | None) -> tuple[State, bool] | None:
    return (outcome.state, outcome.is_breached) if outcome else None
