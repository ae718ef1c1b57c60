"""What a rule is: a described defect and the check that finds it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from handoff.evaluation.change import Change, ChangeContext
from handoff.evaluation.deal import Deal
from handoff.evaluation.stages import Progress
from handoff.evaluation.weighing import Weighed
from handoff.model.defect import Defect
from handoff.model.diagnostic import Finding, Severity
from handoff.model.span import Pointer
from handoff.policy.policy import Policy
from handoff.records.record import Draft, Record
from handoff.records.register import Register
from handoff.repository.ledger import Ledger

FLOOD = 200
"""How many findings of one rule are told for one file; the others are counted."""


@dataclass(frozen=True, slots=True)
class Context:
    """Everything a check may look at besides its own record.

    Attributes:
        now: the instant of the evaluation, in UTC.
        is_replay: whether `now` lies in the past on purpose, so that what is later
            does not exist instead of being a mistake.
        weighed: per id of a packet, what its acknowledgements are worth.
    """

    register: Register
    policy: Policy
    now: datetime
    is_replay: bool
    weighed: Mapping[str, Weighed]
    ledger: Ledger


ProseCheck = Callable[[Draft, Policy], Iterator[Finding]]
RecordCheck = Callable[[Record, Context], Iterator[Finding]]
DealCheck = Callable[[Deal, Progress, Context], Iterator[Finding]]
ChangeCheck = Callable[[Change, ChangeContext], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class ProseRule:
    """A rule about a record's text, which holds whatever the header's shape.

    Attributes:
        is_about_filing: whether a packet with this defect does not count as filed.
    """

    defect: Defect
    check: ProseCheck
    is_about_filing: bool = True


@dataclass(frozen=True, slots=True)
class RecordRule:
    """A rule about one record, which may look at the others.

    Attributes:
        is_about_filing: whether a packet with this defect does not count as filed.
    """

    defect: Defect
    check: RecordCheck
    is_about_filing: bool = True


@dataclass(frozen=True, slots=True)
class DealRule:
    """A rule about a deal whose stage is known."""

    defect: Defect
    check: DealCheck


@dataclass(frozen=True, slots=True)
class ChangeRule:
    """A rule about how a file differs from what it was."""

    defect: Defect
    check: ChangeCheck


def error(name: str, summary: str, explanation: str) -> Defect:
    """Describe a defect that refuses a record."""
    return Defect(name, Severity.ERROR, summary, explanation)


def warning(name: str, summary: str, explanation: str) -> Defect:
    """Describe a defect that is reported and refuses nothing."""
    return Defect(name, Severity.WARNING, summary, explanation)


def at(
    record: Draft | Record, pointer: Pointer, rule: Defect, said: str, hint: str
) -> Finding:
    """Make a finding about a place in a record's header."""
    return Finding(rule.name, record.document.span(pointer), said, hint)
