"""How a deal came to say what it says: step by step, or value by value.

A merge tells only what no step of a branch has told before, so that the person who
wrote a change is named, not the one who pressed the button. The stage is that of the
first-parent line: what was only on a branch has not happened yet.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from handoff.evaluation.differences import (
    Difference,
    Name,
    Value,
    Version,
    differences,
    values_between,
)
from handoff.repository.lineage import Lineage, Step
from handoff.repository.log import Change

Read = Callable[[str | None], Version]
"""Gives what the content with some id says; `None` says nothing."""

Stage = Callable[[Mapping[str, str]], str]
"""Gives the stage of the deal whose files, by path, have contents of some ids."""


@dataclass(frozen=True, slots=True)
class Told:
    """What one step changed in one record.

    Attributes:
        path: where the record is now.
        earlier: the name it had before, where the step renamed it.
    """

    path: str
    earlier: str | None
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """One step that changed what the deal says.

    Attributes:
        records: what it changed, by record.
        stage: stage before and after, where the step moved it.
    """

    step: Step
    records: tuple[Told, ...]
    stage: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Origin:
    """The step that gave a value the text it has now."""

    path: str
    name: Name
    text: str
    step: Step


def chronicle(lineage: Lineage, read: Read, stage: Stage) -> tuple[Chapter, ...]:
    """Tell what each step changed, oldest first; steps of mere layout are left out."""
    held: Mapping[str, str] = {}
    was = stage(held)
    chapters: list[Chapter] = []
    for step, edits in _walk(lineage, read):
        held = _after(held, step) if step.landed else held
        became = stage(held) if step.landed else was
        moved = (was, became) if was != became else None
        told = tuple(edit.told() for edit in edits if edit.values or edit.earlier)
        if told or moved:
            chapters.append(Chapter(step, told, moved))
        was = became
    return tuple(chapters)


def origins(lineage: Lineage, read: Read) -> tuple[Origin, ...]:
    """Tell for each value that the records have now which step wrote it.

    In the order of the paths, then of the file.
    """
    held: Mapping[str, str] = {}
    wrote: dict[tuple[str, Name, str | None], Step] = {}
    for step, edits in _walk(lineage, read):
        held = _after(held, step) if step.landed else held
        for edit in edits:
            wrote |= {(edit.path, v.name, v.after): step for v in edit.values}
    return tuple(
        Origin(path, name, text, wrote[path, name, text])
        for path, blob in sorted(held.items())
        for name, text in read(blob).values.items()
    )


@dataclass(frozen=True, slots=True)
class _Edit:
    """What a step made of one record, and those of the values it is told for."""

    path: str
    earlier: str | None
    before: Version
    after: Version
    values: tuple[Value, ...]

    def told(self) -> Told:
        found = differences(self.before, self.after, self.values)
        return Told(self.path, self.earlier, found)


def _walk(lineage: Lineage, read: Read) -> Iterator[tuple[Step, tuple[_Edit, ...]]]:
    """Give each step with its edits, without what a merge only brought along."""
    known: set[tuple[str, Value]] = set()
    for step in lineage.steps:
        edits = tuple(_edits(step, lineage, read, known))
        if not step.landed:
            known |= {(edit.path, value) for edit in edits for value in edit.values}
        yield step, edits


def _edits(
    step: Step,
    lineage: Lineage,
    read: Read,
    known: set[tuple[str, Value]],
) -> Iterator[_Edit]:
    for change, earlier in _changes(step, dict(lineage.renamed)):
        path = lineage.called(change.path)
        before, after = read(change.before), read(change.after)
        values = values_between(before, after)
        if step.is_merge:
            values = tuple(v for v in values if (path, v) not in known)
        yield _Edit(path, earlier, before, after, values)


def _changes(
    step: Step, renamed: Mapping[str, str]
) -> Iterator[tuple[Change, str | None]]:
    """Give the changes of a step; a renamed file's go from the old name to the new."""
    gone = {c.path: c.before for c in step.changes if c.after is None}
    moved = {
        c.path: renamed[c.path]
        for c in step.changes
        if c.before is None and renamed.get(c.path) in gone
    }
    for change in step.changes:
        if earlier := moved.get(change.path):
            yield change._replace(before=gone[earlier]), earlier
        elif change.path not in moved.values():
            yield change, None


def _after(held: Mapping[str, str], step: Step) -> Mapping[str, str]:
    """Give the contents of the first-parent line after a step of it."""
    gone = {change.path for change in step.changes}
    kept = {path: blob for path, blob in held.items() if path not in gone}
    return kept | {c.path: c.after for c in step.changes if c.after}
