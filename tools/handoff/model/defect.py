"""What a rule's name stands for, as `explain` and the documentation tell it."""

from dataclasses import dataclass

from handoff.model.diagnostic import Severity


@dataclass(frozen=True, slots=True)
class Defect:
    """A kind of finding, described once.

    Attributes:
        name: kebab-case name of the defect; a finding's `rule`.
        severity: what it weighs unless policy says otherwise.
        summary: one line, lower case, no full stop.
        explanation: two to five plain sentences: why it matters, what to do.
    """

    name: str
    severity: Severity
    summary: str
    explanation: str
