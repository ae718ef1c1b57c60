"""What a check says about a set of files."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self

from handoff.model.diagnostic import Diagnostic, Severity


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of one check.

    Attributes:
        files_listed: files under the two trees.
        files_judged: those of them that could be evaluated.
        diagnostics: what was found, in order of place.
        shadow: what rules found that policy only tries out; it never fails anything.
    """

    files_listed: int
    files_judged: int
    diagnostics: tuple[Diagnostic, ...]
    shadow: tuple[Diagnostic, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether any diagnostic is an error."""
        return any(d.severity is Severity.ERROR for d in self.diagnostics)

    def with_more(self, diagnostics: Iterable[Diagnostic]) -> Self:
        """Give the same outcome with what another check of these files found."""
        found = sorted((*self.diagnostics, *diagnostics), key=lambda found: found.order)
        return replace(self, diagnostics=tuple(found))
