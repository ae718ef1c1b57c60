"""One export with everything needed to read its rows, checked as a whole."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import chain

from handoff.document.characters import describe, forbidden_in
from handoff.document.rendering import render_scalar
from handoff.imports.days import Calendar, column_problem
from handoff.imports.events import closing_reasons, event_words, importable_kinds
from handoff.imports.money import Flaw, read_amount
from handoff.imports.note import RowNote
from handoff.imports.settings import ImportSettings
from handoff.imports.table import Row, Table, read_table
from handoff.policy.policy import Policy

_NEEDED = ("id", "owner", "stage")


@dataclass(frozen=True, slots=True)
class Sheet:
    """An export and how to read it.

    Attributes:
        columns: the column of each field that has one.
        names: by field, the names that other files of the export know.
        unmapped: YAML for the stage words of the export that the map does not name.
    """

    table: Table
    settings: ImportSettings
    policy: Policy
    columns: Mapping[str, str]
    calendar: Calendar
    names: Mapping[str, tuple[str, ...]]
    unmapped: str

    def column(self, field: str) -> str:
        """Name a field's column, or the field itself where it has none."""
        return self.columns.get(field, field)


def read_sheet(
    table: Table,
    settings: ImportSettings,
    policy: Policy,
    others: Mapping[str, bytes],
) -> Sheet | tuple[RowNote, ...]:
    """Fit settings to a table, or say why they do not fit."""
    columns = _columns(table, settings)
    zone = settings.zone
    calendar = Calendar(settings.date_format, settings.is_epoch, zone, policy.zone)
    names, unread = _known_names(settings, others)
    sheet = Sheet(
        table,
        settings,
        policy,
        columns,
        calendar,
        names,
        _unmapped(table, settings, columns),
    )
    problems = (
        *unread,
        *_bad_names(table),
        *_absent_columns(sheet),
        *_bad_events(settings, policy),
        *_bad_reasons(settings, policy),
        *_bad_dates(sheet),
        *_bad_amounts(sheet),
    )
    return problems or sheet


def outcome_of(row: Row, settings: ImportSettings) -> str:
    """Give the event that flags of the other system prove, or an empty text."""
    for outcome in settings.outcomes:
        tests = outcome.when.items()
        if all(row.cells.get(column, "") in texts for column, texts in tests):
            return outcome.event
    return ""


def _columns(table: Table, settings: ImportSettings) -> dict[str, str]:
    found = {
        field: next((name for name in names if name in table.columns), "")
        for field, names in settings.columns.items()
    }
    return {field: name for field, name in found.items() if name}


def _known_names(
    settings: ImportSettings, others: Mapping[str, bytes]
) -> tuple[dict[str, tuple[str, ...]], list[RowNote]]:
    names: dict[str, tuple[str, ...]] = {}
    problems: list[RowNote] = []
    for check in settings.checks:
        table = read_table(others[check.file])
        if isinstance(table, RowNote):
            message = f"`{check.file}`: {table.message}"
            problems.append(RowNote(table.row, "", message, table.hint))
        elif check.column not in table.columns:
            message = f"`{check.file}` has no column `{check.column}`"
            hint = f"Correct `check:` in the map; it has {_listed(table.columns)}."
            problems.append(RowNote(1, check.column, message, hint))
        else:
            cells = (row.cells.get(check.column, "") for row in table.rows)
            names[check.field] = tuple(dict.fromkeys(cells))
    return names, problems


def _bad_names(table: Table) -> Iterator[RowNote]:
    for name in table.columns:
        if found := forbidden_in(name):
            message = f"the name of a column holds {describe(found[0])}"
            yield RowNote(1, name, message, "Type the name of the column again.")


def _absent_columns(sheet: Sheet) -> Iterator[RowNote]:
    settings, columns = sheet.settings, sheet.table.columns
    needed = {field for field in _NEEDED if field not in settings.defaults}
    if any(set(o.when) <= set(columns) for o in settings.outcomes):
        needed.discard("stage")
    for field in sorted((needed | settings.required) - set(sheet.columns)):
        wanted = settings.columns.get(field, (field,))
        yield _absent(field, wanted, columns)
    for word, rule in settings.stages.items():
        if rule.dated_by and rule.dated_by not in columns:
            yield _absent(f"stages.{word}", (rule.dated_by,), columns)


def _absent(field: str, wanted: tuple[str, ...], columns: tuple[str, ...]) -> RowNote:
    near = get_close_matches(wanted[0], columns, n=1)
    guess = near[0] if near else "NAME OF THE COLUMN"
    message = f"`{field}` is in column {_listed(wanted)}, which the file does not have"
    hint = (
        f"Export that column too, or say which one it is in the map: `columns:` and "
        f"below it, two blanks further in, `{field}: {guess}`. "
        f"The file has {_listed(columns)}."
    )
    return RowNote(1, wanted[0], message, hint)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _bad_events(settings: ImportSettings, policy: Policy) -> Iterator[RowNote]:
    kinds = importable_kinds(policy)
    for word, rule in settings.stages.items():
        if rule.event not in kinds:
            message = (
                f"the map makes `{word}` the event `{rule.event}`, which is none, or "
                "needs more than an export has"
            )
            yield RowNote(1, word, message, f"Take one of {', '.join(kinds)}.")


def _bad_reasons(settings: ImportSettings, policy: Policy) -> Iterator[RowNote]:
    for word, reason in closing_reasons(settings, policy).items():
        message = f"the map makes `{word}` the reason `{reason}`, which is none"
        hint = "See the reasons of `closed-lost` in schemas/event.schema.json."
        yield RowNote(1, word, message, hint)


def _bad_dates(sheet: Sheet) -> Iterator[RowNote]:
    for column in _date_columns(sheet):
        if problem := column_problem(column, _cells(sheet, column), sheet.calendar):
            yield problem


def lost_times(sheet: Sheet) -> Iterator[RowNote]:
    """Report, once for each column, times of day that could not be placed."""
    for column in _date_columns(sheet):
        for row, text in _cells(sheet, column):
            when = sheet.calendar.read(text)
            if when and when.lost:
                message = f"`{text}` has no offset, so only the days are recorded"
                hint = "Add `zone:` to the map, as in `zone: Europe/Berlin`."
                yield RowNote(row, column, message, hint)
                break


def _date_columns(sheet: Sheet) -> list[str]:
    words = event_words()
    fields = {*words.otherwise_dated_by, *chain(*words.dated_by.values())}
    columns = {sheet.columns[field] for field in fields if field in sheet.columns}
    columns |= {rule.dated_by for rule in sheet.settings.stages.values()}
    return [column for column in sheet.table.columns if column in columns]


def _bad_amounts(sheet: Sheet) -> Iterator[RowNote]:
    column, settings = sheet.column("amount"), sheet.settings
    if not settings.currency and "currency" not in sheet.columns:
        return
    for row, text in _cells(sheet, column):
        if read_amount(text, "", settings.decimal) is Flaw.AMBIGUOUS:
            message = f"`{column}` says `{text}`, which {Flaw.AMBIGUOUS}"
            hint = (
                "Add `decimal: point` to the map if cents come after a point "
                "(1,234.50), or `decimal: comma` if they come after a comma (1.234,50)."
            )
            yield RowNote(row, column, message, hint)
            return


def _cells(sheet: Sheet, column: str) -> list[tuple[int, str]]:
    cells = ((row.number, row.cells.get(column, "")) for row in sheet.table.rows)
    nothing = sheet.settings.empties | {""}
    return [(row, text) for row, text in cells if text not in nothing]


def _unmapped(
    table: Table, settings: ImportSettings, columns: Mapping[str, str]
) -> str:
    column = columns.get("stage", "")
    words = {
        row.cells[column]: None
        for row in table.rows
        if column in row.cells and not outcome_of(row, settings)
    }
    lines = (f"  {render_scalar(w)}: EVENT" for w in words if w not in settings.stages)
    return "\n".join(("stages:", *lines))
