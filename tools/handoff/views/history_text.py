"""The history of a deal, and the origin of its values, for people at a terminal."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from handoff.evaluation.chronicle import Chapter, Origin, Told
from handoff.evaluation.differences import said_name
from handoff.repository.lineage import Step
from handoff.views.columns import Cell, align
from handoff.views.difference_text import label_of, record_lines, stage_line
from handoff.views.escaping import terminal, workflow_safe_line
from handoff.views.states import FAINT, STRONG
from handoff.views.style import Style
from handoff.views.words import count, instant

_SHORT = 10
"""Digits of a commit id that a person is shown; JSON has all of them."""


def render(chapters: tuple[Chapter, ...], zone: ZoneInfo, style: Style) -> str:
    """Write what each commit changed, oldest first, in the days of a zone."""
    blocks = ["\n".join(_block(chapter, zone, style)) for chapter in chapters]
    return "\n\n".join((*blocks, count(len(chapters), "change"))) + "\n"


def render_origins(
    origins: tuple[Origin, ...], zone: ZoneInfo, style: Style, *, is_whole: bool
) -> str:
    """Write who wrote each value, and when, with the commit.

    Args:
        origins: of the values to show.
        zone: of the instants.
        style: rows are cut to its width, the value first.
        is_whole: whether the whole text of each value is wanted, below its row.
    """
    rows = [_origin_row(origin, zone) for origin in origins]
    if not is_whole:
        return "\n".join(align(rows, style, ((4, 12), (3, 16), (2, 8)))) + "\n"
    lines = align([row[:-1] for row in rows], style, ((2, 8),))
    texts = (f"    {terminal(origin.text)}" for origin in origins)
    return (
        "\n".join(line for pair in zip(lines, texts, strict=True) for line in pair)
        + "\n"
    )


def _block(chapter: Chapter, zone: ZoneInfo, style: Style) -> Iterator[str]:
    when, who, commit = _witness(chapter.step, zone)
    where = "" if chapter.step.landed else "  (on a branch)"
    yield f"{style.paint(when, STRONG)}  {who}  {style.paint(commit, FAINT)}{where}"
    if chapter.stage:
        yield f"  {stage_line(chapter.stage, style)}"
    for told in chapter.records:
        yield f"  {style.paint(workflow_safe_line(told.path), FAINT)}"
        yield from (f"    {line}" for line in _lines(told, style))


def _lines(told: Told, style: Style) -> Iterator[str]:
    if told.earlier:
        yield f"renamed from {terminal(told.earlier)}"
    yield from record_lines(told.differences, style)


def _witness(step: Step, zone: ZoneInfo) -> tuple[str, str, str]:
    when = instant(step.committed, zone) if step.committed else "at an unknown time"
    return when, terminal(step.author) or "nobody", step.commit[:_SHORT]


def _origin_row(origin: Origin, zone: ZoneInfo) -> tuple[Cell, ...]:
    when, who, commit = _witness(origin.step, zone)
    return (
        Cell(commit, FAINT),
        Cell(when),
        Cell(who),
        Cell(terminal(label_of(said_name(origin.name, origin.text))), STRONG),
        Cell(terminal(origin.text)),
    )
