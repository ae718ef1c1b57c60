"""What an audit found, for people at a terminal: by commit, oldest first."""

from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from handoff.evaluation.audit import Audit, Incident
from handoff.model.diagnostic import Diagnostic
from handoff.model.instant import format_instant
from handoff.repository.log import Commit
from handoff.views.check_text import headline, notes
from handoff.views.escaping import terminal
from handoff.views.levels import LEVELS
from handoff.views.style import Style
from handoff.views.words import count


def render(audit: Audit, style: Style) -> str:
    """Write each commit with what it brought, blank lines between, and a summary."""
    grouped = groupby(audit.incidents, key=lambda incident: incident.commit)
    blocks = ("\n".join(_block(commit, found, style)) for commit, found in grouped)
    return "\n\n".join((*blocks, _summary(audit))) + "\n"


def _block(
    commit: Commit, incidents: Iterator[Incident], style: Style
) -> Iterator[str]:
    when = format_instant(commit.committed) if commit.committed else "an unknown time"
    yield f"commit {commit.id} of {when} by {terminal(commit.author)}"
    for told, group in groupby(incidents, key=lambda each: notes(each.diagnostic)):
        yield from (f"  {_headline(incident.diagnostic, style)}" for incident in group)
        yield from (f"    = {note}" for note in told)


def _headline(diagnostic: Diagnostic, style: Style) -> str:
    level = LEVELS[diagnostic.severity]
    label = style.paint(level.label, level.colour)
    if diagnostic.path:
        return headline(diagnostic, label)
    return f"{label}[{diagnostic.rule}] {terminal(diagnostic.message)}"


def _summary(audit: Audit) -> str:
    counts = Counter(i.diagnostic.severity for i in audit.incidents)
    judged = f"{count(audit.commits, 'commit')} and {count(audit.records, 'record')}"
    found = ", ".join(
        count(counts[severity], level.label)
        for severity, level in LEVELS.items()
        if counts[severity]
    )
    if not found:
        return f"{judged} judged, all fine"
    rules = Counter(i.diagnostic.rule for i in audit.incidents).most_common()
    listed = ", ".join(f"{number:,} {rule}" for rule, number in rules)
    return f"{judged} judged: {found} ({listed}); run `handoff explain RULE` for why"
