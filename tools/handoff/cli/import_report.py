"""What an import did, or would do, as text and as JSON."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from handoff.imports.note import NoteGroup, RowNote, group_notes
from handoff.imports.plan import ImportPlan
from handoff.views.escaping import json_text, terminal

_ROWS_SHOWN = 5


def _text(plan: ImportPlan, *, is_dry: bool) -> str:
    return "".join(_lines(plan, is_dry=is_dry))


def _json(plan: ImportPlan, *, is_dry: bool) -> str:
    return json_text(
        {
            "version": 1,
            "dry_run": is_dry,
            "rows": plan.rows,
            "known": plan.known,
            "stages": dict(plan.stages),
            "files": [path for path, _ in plan.files],
            "problems": [_note(note) for note in plan.problems],
            "refused": [_note(note) for note in plan.refused],
            "notes": [_note(note) for note in plan.notes],
        },
    )


def _note(note: RowNote) -> dict[str, object]:
    return {
        "row": note.row,
        "column": note.column,
        "message": note.message,
        "hint": note.hint,
    }


FORMATS: Mapping[str, Callable[..., str]] = {"text": _text, "json": _json}
"""What `import csv --format` accepts: a plan and whether it is a dry run, to text."""


def _lines(plan: ImportPlan, *, is_dry: bool) -> Iterator[str]:
    yield from _group_lines("problem", group_notes(plan.problems))
    yield from _group_lines("refused", group_notes(plan.refused))
    yield from _group_lines("note", plan.summary)
    if any(len(g.rows) > _ROWS_SHOWN for g in plan.summary):
        yield "every row: --format json\n"
    if plan.problems:
        yield "nothing was imported\n"
        return
    for stage, count in plan.stages.items():
        yield f"{count:7,}  {terminal(stage) or '(no stage)'}\n"
    verb = "would be written" if is_dry else "written"
    yield (
        f"{plan.rows:,} rows: {len(plan.files):,} opportunities {verb}, "
        f"{plan.known:,} known already, {len(plan.refused):,} refused\n"
    )


def _group_lines(word: str, groups: Iterable[NoteGroup]) -> Iterator[str]:
    for group in groups:
        shown = ", ".join(str(row) for row in group.rows[:_ROWS_SHOWN])
        more = len(group.rows) - _ROWS_SHOWN
        rows = f"row {shown}" + (f" and {more:,} more" if more > 0 else "")
        column = f" `{terminal(group.column)}`:" if group.column else ""
        yield f"{word}:{column} {terminal(group.message)} ({rows})\n"
        for line in filter(None, group.hint.split("\n")):
            yield f"  do: {terminal(line)}\n"
