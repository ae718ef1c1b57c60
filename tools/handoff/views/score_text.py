"""A packet's score, for people at a terminal."""

from collections.abc import Iterator

from handoff.evaluation.completeness import Completeness, Part, Quality, Scorecard
from handoff.views.columns import Cell, align
from handoff.views.escaping import terminal, workflow_safe_line
from handoff.views.states import CAUTION, FAINT, STRONG
from handoff.views.style import Style

_INDENT = 2


def render(card: Scorecard, style: Style) -> str:
    """Write a scorecard: each profile, then the receiver's rubric apart."""
    blocks = [style.paint(workflow_safe_line(card.id), STRONG)]
    blocks += ("\n".join(_measured(each, style)) for each in card.completeness)
    return "\n\n".join([*blocks, _quality(card.quality)]) + "\n"


def _measured(measured: Completeness, style: Style) -> Iterator[str]:
    profile = measured.profile
    points = f"{measured.reached} of {measured.possible} points"
    yield f"completeness ({profile.name})  {measured.percent} %  {points}"
    if measured.missing:
        yield "missing, with the points each would add:"
        rows = [(Cell(f"{p.weight}"), *_row(p, p.gap)) for p in measured.missing]
        yield from align(rows, style, indent=_INDENT)
    if measured.excused:
        yield "not counted:"
        excused = [_row(part, part.excuse, FAINT) for part in measured.excused]
        yield from align(excused, style, indent=_INDENT)


def _row(part: Part, said: str, colour: str = CAUTION) -> tuple[Cell, Cell]:
    return Cell(terminal(part.name)), Cell(terminal(said), colour)


def _quality(quality: Quality | None) -> str:
    if quality is None:
        return "quality  not scored by the receiver yet"
    scores = ", ".join(f"{name} {points}" for name, points in quality.scores.items())
    total = f"{quality.total} of {quality.possible}"
    return f"quality  {total} by {terminal(quality.by)}: {terminal(scores)}"
