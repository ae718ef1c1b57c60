"""What a change breaks: the errors it brings, beside those that were there."""

from collections import Counter
from collections.abc import Iterable

from handoff.model.diagnostic import Diagnostic, Severity
from handoff.model.verdict import Verdict


def errors_of(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Keep what makes a check fail."""
    return tuple(d for d in diagnostics if d.severity is Severity.ERROR)


def new_errors(before: Verdict, after: Verdict) -> tuple[Diagnostic, ...]:
    """List the errors of `after` that `before` does not have.

    Lines move when text is added, so an error is known by file, rule and message.
    """
    known = Counter(map(_key, errors_of(before.diagnostics)))
    found: list[Diagnostic] = []
    for error in errors_of(after.diagnostics):
        known[_key(error)] -= 1
        if known[_key(error)] < 0:
            found.append(error)
    return tuple(found)


def _key(diagnostic: Diagnostic) -> tuple[str, str, str]:
    return (diagnostic.path, diagnostic.rule, diagnostic.message)
