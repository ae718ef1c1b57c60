"""The events of one row: what happened, and on which day as far as the export says."""

from dataclasses import dataclass, replace
from datetime import date

from handoff.imports.cells import Cells
from handoff.imports.days import When
from handoff.imports.events import event_words, importable_kinds, reason_fields
from handoff.imports.settings import StageRule
from handoff.imports.sheet import outcome_of
from handoff.model.instant import parse_instant

_UNKNOWN = {"on": "unknown"}


@dataclass(frozen=True, slots=True)
class Happening:
    """One event before it is written.

    Attributes:
        column: the column that dates it, or empty.
        when: what that says, `None` if nothing is known or it contradicts the rest.
        stated: the day that the export names, right or wrong.
    """

    kind: str
    column: str
    when: When | None
    stated: date | None

    @property
    def moment(self) -> dict[str, str]:
        """The fields that say when."""
        return self.when.fields if self.when else _UNKNOWN


def happenings(cells: Cells) -> tuple[Happening, ...]:
    """Read what happened, oldest first; dates that contradict it become unknown."""
    opening = cells.sheet.policy.pipeline.first.entered_by[0]
    rules = _stated(cells)
    first = next((r for r in rules if r.event == opening), StageRule(opening, ""))
    later = [rule for rule in rules if rule.event != opening]
    return _in_order([_dated(rule, cells) for rule in (first, *later)], cells)


def event_fields(happening: Happening, owner: str, cells: Cells) -> dict[str, str]:
    """Write an event, with `unknown` for what an export cannot know."""
    moment = happening.moment
    if cells.texts.get(happening.column, "") in moment.values():
        cells.kept.add(happening.column)
    unknown = event_words().unknown.get(happening.kind, {})
    fields = {"event": happening.kind, **moment, "by": owner, **unknown}
    if "reason" in unknown:
        reason = reason_fields(cells.text("lost_reason"), cells.sheet.settings)
        if not reason:
            message = f"`{happening.kind}` has no reason, which is recorded as such"
            cells.note(cells.sheet.column("lost_reason"), message)
        for said in reason.values():
            cells.keep("lost_reason", said)
        fields |= reason
    return fields


def _stated(cells: Cells) -> list[StageRule]:
    """Give what the row states: by the word of its stage, by flags of the system."""
    settings, word = cells.sheet.settings, cells.text("stage")
    outcome = outcome_of(cells.row, settings)
    rule = settings.stages.get(word)
    if rule is None:
        if not outcome:
            _report_stage(word, cells)
        return [StageRule(outcome, "")] if outcome else []
    if not outcome or rule.event == outcome:
        return [rule]
    if rule.event not in event_words().unknown:
        return [rule, StageRule(outcome, "")]
    message = f"`{word}` is `{rule.event}` by the map, but `{outcome}` by the flags"
    cells.note(cells.sheet.column("stage"), message, "The flags were believed.")
    return [StageRule(outcome, "")]


def _report_stage(word: str, cells: Cells) -> None:
    column, sheet = cells.sheet.column("stage"), cells.sheet
    if not word:
        message = "the row has no stage, so that only its opening is recorded"
        cells.note(column, message)
        return
    kinds = ", ".join(importable_kinds(sheet.policy))
    hint = (
        "Add these lines to the map, with the event each word stands for in place of "
        f"EVENT ({kinds}):\n{sheet.unmapped}"
    )
    message = f"the map does not say which event `{word}` is, so only the opening is"
    cells.note(column, f"{message} recorded", hint)


def _dated(rule: StageRule, cells: Cells) -> Happening:
    """Find the day of an event; say so where there is none."""
    sheet = cells.sheet
    fields = event_words().dating_fields(rule.event)
    named = (sheet.columns[field] for field in fields if field in sheet.columns)
    columns = (rule.dated_by,) if rule.dated_by else tuple(named)
    column = next((c for c in columns if c in cells.texts), "")
    when = sheet.calendar.read(cells.texts[column]) if column else None
    if when is None:
        said = f"`{cells.texts[column]}` is no day" if column else "no day is given"
        message = f"{said}, so that of `{rule.event}` is recorded as unknown"
        cells.note(column or next(iter(columns), ""), message)
    return Happening(rule.event, column, when, when.day if when else None)


def _in_order(found: list[Happening], cells: Cells) -> tuple[Happening, ...]:
    """Keep dates that do not lie after the date of a later event."""
    kept: list[Happening] = []
    following: When | None = None
    for happening in reversed(found):
        when = happening.when
        if when and following and _is_after(when, following):
            message = (
                f"`{happening.kind}` lies after the event that should follow it, so "
                "its day is recorded as unknown and the cell kept as it is"
            )
            hint = "Correct the two dates in the other system and in the record."
            cells.note(happening.column, message, hint)
            happening = replace(happening, column="", when=None)  # noqa: PLW2901 - the same one
        following = happening.when or following
        kept.append(happening)
    return tuple(reversed(kept))


def _is_after(one: When, other: When) -> bool:
    first, second = parse_instant(one.instant), parse_instant(other.instant)
    return first > second if first and second else one.day > other.day
