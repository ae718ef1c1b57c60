"""Diagnostics for people at a terminal: place, message, source line, what to do."""

from collections import Counter

from handoff.model.diagnostic import Diagnostic
from handoff.model.verdict import Verdict
from handoff.views.all_fine import all_fine, count, files_checked
from handoff.views.escaping import terminal, workflow_safe_line
from handoff.views.levels import LEVELS
from handoff.views.style import Style
from handoff.views.width import DENSEST, display_width, fit, fit_tail

_TAB = " " * 4
_NARROWEST = 20


def render(verdict: Verdict, style: Style) -> str:
    """Write each diagnostic as a block, blank lines between, and a summary."""
    blocks = ("\n".join(_block(d, style)) for d in verdict.diagnostics)
    return "\n\n".join((*blocks, summary(verdict) + _in_shadow(verdict))) + "\n"


def _in_shadow(verdict: Verdict) -> str:
    """Count apart what policy only tries out."""
    number = len(verdict.shadow)
    if not number:
        return ""
    if verdict.shadow == verdict.diagnostics:
        return (
            "\nall of this is in the shadow: policy tries the rules out, nothing fails"
        )
    return f"\n{number} more in the shadow: --shadow shows what policy tries out"


def summary(verdict: Verdict) -> str:
    """Say in one line how many files were checked and what was found."""
    counts = Counter(d.severity for d in verdict.diagnostics)
    found = ", ".join(
        count(counts[severity], level.label)
        for severity, level in LEVELS.items()
        if counts[severity]
    )
    checked = files_checked(verdict.files_listed)
    missed = verdict.files_listed - verdict.files_judged
    parts = [f"{checked}: {found}" if found else checked]
    if missed:
        parts.append(f"{missed} of {verdict.files_listed} files could not be evaluated")
    if found:
        parts.append("run `handoff explain RULE` for why")
    return "; ".join(parts) if found or missed else all_fine(verdict.files_listed)


def headline(diagnostic: Diagnostic, label: str) -> str:
    """Write the line that says where and what; never a workflow command."""
    place = f"{workflow_safe_line(diagnostic.path)}:{diagnostic.span.line}"
    what = f"{label}[{diagnostic.rule}] {terminal(diagnostic.message)}"
    return f"{place}:{diagnostic.span.column}: {what}"


def notes(diagnostic: Diagnostic) -> tuple[str, ...]:
    """Write the related places and the hint, a line each."""
    related = (
        terminal(f"related {r.path}:{r.span.line}: {r.label}")
        for r in diagnostic.related
    )
    hint = (terminal(f"do: {diagnostic.hint}"),) if diagnostic.hint else ()
    return (*related, *hint)


def _block(diagnostic: Diagnostic, style: Style) -> tuple[str, ...]:
    level = LEVELS[diagnostic.severity]
    return (
        headline(diagnostic, style.paint(level.label, level.colour)),
        *(_excerpt(diagnostic, style) if diagnostic.source else ()),
        *(f"  = {note}" for note in notes(diagnostic)),
    )


def _excerpt(diagnostic: Diagnostic, style: Style) -> tuple[str, str]:
    number = str(diagnostic.span.line)
    room = max(style.width - len(f"{number} | "), _NARROWEST)
    before, marked, after = _cut(diagnostic, room)
    start = display_width(before)
    carets = "^" * max(display_width(before + marked) - start, 1)
    colour = LEVELS[diagnostic.severity].colour
    # The pieces are safe; joined they could still spell a workflow command.
    source = terminal(before + marked + after)
    return (
        f"{number} | {source}".rstrip(),
        f"{' ' * len(number)} | {' ' * start}{style.paint(carets, colour)}",
    )


def _cut(diagnostic: Diagnostic, room: int) -> tuple[str, str, str]:
    """Split the source line at the span and cut what exceeds `room` columns."""
    line, span = diagnostic.source.rstrip("\r\n"), diagnostic.span
    start = span.column - 1
    end = span.end_column - 1 if span.end_line == span.line else len(line)
    # Escaping a megabyte to show a line of it would be slow for each diagnostic.
    reach = DENSEST * room + 1
    before = _show(line[max(start - reach, 0) : start])
    marked = _show(line[start : min(end, start + reach)])
    after = _show(line[max(start, end) : end + reach])
    around = display_width(before) + display_width(after)
    marked = fit(marked, max(room // 2, room - around))
    rest = room - display_width(marked)
    before = fit_tail(before, max(rest // 2, rest - display_width(after)))
    return before, marked, fit(after, rest - display_width(before))


def _show(text: str) -> str:
    return terminal(text.replace("\t", _TAB))
