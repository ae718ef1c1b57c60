"""Findings of checks and the diagnostics made of them."""

from dataclasses import dataclass
from enum import StrEnum

from handoff.model.span import Span


class Severity(StrEnum):
    """How much a diagnostic weighs; only an error makes a check fail."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, order=True)
class Related:
    """A second place that explains a finding, with a label saying how."""

    path: str
    span: Span
    label: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check says about one place, before path and severity are added.

    Attributes:
        rule: kebab-case name of the defect.
        span: where.
        message: what was found and what is expected; lower case, no full stop.
        hint: what to do, full sentences; empty if the message says it.
        related: other places that explain it.
    """

    rule: str
    span: Span
    message: str
    hint: str = ""
    related: tuple[Related, ...] = ()


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A finding with its file, severity and the source line for display."""

    path: str
    span: Span
    rule: str
    severity: Severity
    message: str
    hint: str
    related: tuple[Related, ...]
    source: str

    @property
    def order(self) -> tuple[str, Span, str, str]:
        """Sort key: by place, then rule, then message."""
        return (self.path, self.span, self.rule, self.message)
