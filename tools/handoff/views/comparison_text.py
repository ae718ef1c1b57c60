"""What changed between two revisions, for people at a terminal."""

from collections.abc import Iterator

from handoff.evaluation.comparison import DealChange
from handoff.views.difference_text import record_lines, stage_line
from handoff.views.escaping import terminal, workflow_safe_line
from handoff.views.states import CAUTION, FAINT, STRONG
from handoff.views.style import Style
from handoff.views.words import count


def render(changes: tuple[DealChange, ...], style: Style) -> str:
    """Write a block for each deal that changed, and how many there are."""
    blocks = ["\n".join(_block(change, style)) for change in changes]
    return "\n\n".join((*blocks, f"{count(len(changes), 'deal')} changed")) + "\n"


def _block(change: DealChange, style: Style) -> Iterator[str]:
    yield style.paint(workflow_safe_line(change.id), STRONG)
    if change.stage:
        yield f"  {stage_line(change.stage, style)}"
    for record in change.records:
        yield f"  {style.paint(terminal(record.path), FAINT)}"
        yield from (f"    {line}" for line in record_lines(record.differences, style))
    for path in change.unread:
        mark = style.paint("cannot be read on one side", CAUTION)
        yield f"  {terminal(path)}: {mark}"
