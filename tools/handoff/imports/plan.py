"""From an export to the files an import writes; nothing is written here."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from handoff.document.rendering import render_record
from handoff.evaluation.judging import severity_of
from handoff.imports.deal import Deal, read_deal
from handoff.imports.differences import differences
from handoff.imports.note import NoteGroup, RowNote, group_notes
from handoff.imports.settings import ImportSettings
from handoff.imports.sheet import Sheet, lost_times, read_sheet
from handoff.imports.table import Row, read_table
from handoff.model.diagnostic import Severity
from handoff.model.identity import Identity, Kind
from handoff.policy.policy import Policy
from handoff.records.fact import value_at
from handoff.records.reading import read_file
from handoff.records.register import Register


@dataclass(frozen=True, slots=True)
class Export:
    """A CSV file, and the files that `ImportSettings.checks` names, by that name."""

    content: bytes
    others: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import comes to.

    Attributes:
        files: path and text of every new record.
        notes: everything odd about rows that became records, or already are.
        refused: why the other rows did not.
        problems: what keeps the whole file from being imported; then nothing else is
            filled in.
        rows: how many rows the export has.
        known: rows whose records exist; those that now say something else are
            reported in `notes`.
        stages: how many rows the export has in each of its own stages.
    """

    files: tuple[tuple[str, str], ...] = ()
    notes: tuple[RowNote, ...] = ()
    refused: tuple[RowNote, ...] = ()
    problems: tuple[RowNote, ...] = ()
    rows: int = 0
    known: int = 0
    stages: Mapping[str, int] = field(default_factory=dict)

    @property
    def summary(self) -> tuple[NoteGroup, ...]:
        """The notes, those that say the same put together."""
        return group_notes(self.notes)


def plan_import(
    export: Export,
    settings: ImportSettings,
    register: Register,
    policy: Policy,
    today: date,
) -> ImportPlan:
    """Work out what importing an export would write.

    Args:
        export: the CSV file and those beside it.
        settings: how to read it.
        register: the records that exist.
        policy: zone, roster and schemas.
        today: the day recorded, for records whose opening day is unknown.
    """
    broken = tuple(_broken(register))
    table = read_table(export.content, settings.delimiter)
    if isinstance(table, RowNote) or broken:
        found = (table,) if isinstance(table, RowNote) else ()
        return ImportPlan(problems=(*broken, *found))
    sheet = read_sheet(table, settings, policy, export.others)
    if not isinstance(sheet, Sheet):
        return ImportPlan(problems=sheet)
    return _Planner(sheet, register, today).plan()


def _broken(register: Register) -> Iterator[RowNote]:
    """Name the records that cannot be asked which deal they belong to."""
    for path, file in sorted(register.files.items()):
        if file.document is None and path.startswith(f"{Kind.OPPORTUNITY.tree}/"):
            message = f"`{path}` cannot be read, so its deal might be imported twice"
            hint = "Run `handoff check` and correct that file first."
            yield RowNote(0, "", message, hint)


class _Planner:
    """Goes through the rows of one sheet."""

    def __init__(self, sheet: Sheet, register: Register, today: date) -> None:
        self.sheet = sheet
        self.today = today
        self.taken = set(register.files)
        self.files: list[tuple[str, str]] = []
        self.notes: list[RowNote] = list(lost_times(sheet))
        self.refused: list[RowNote] = []
        self.owners: dict[str, tuple[str, int]] = {}
        self.rows_by_link: dict[str, int] = {}
        self.headers = dict(_by_link(register))
        self.known = 0

    def plan(self) -> ImportPlan:
        """Read every row."""
        rows, column = self.sheet.table.rows, self.sheet.column("stage")
        for row in rows:
            refusal = self.add(row)
            if refusal:
                self.refused.append(refusal)
        return ImportPlan(
            files=tuple(self.files),
            notes=tuple(self.notes),
            refused=tuple(self.refused),
            rows=len(rows),
            known=self.known,
            stages=Counter(row.cells.get(column, "") for row in rows),
        )

    def add(self, row: Row) -> RowNote | None:
        """Plan the record of one row, or say why it gets none."""
        deal = read_deal(row, self.sheet)
        if isinstance(deal, RowNote):
            return deal
        earlier = self.rows_by_link.setdefault(deal.link, row.number)
        if earlier != row.number:
            message = f"the row has the same id as row {earlier}"
            hint = "Keep the row that is right, delete the other one and import again."
            return RowNote(row.number, self.sheet.column("id"), message, hint)
        if deal.link in self.headers:
            self.compare(deal, row)
            return None
        return self.write(deal, row)

    def compare(self, deal: Deal, row: Row) -> None:
        """Report where an existing record has parted from the export."""
        path, header = self.headers[deal.link]
        self.known += 1
        hint = f"The record is left as it is: bring `{path}` up to date by hand."
        for said in differences(deal, header):
            self.notes.append(RowNote(row.number, "", f"differs: {said}", hint))

    def write(self, deal: Deal, row: Row) -> RowNote | None:
        """Plan a new file, unless the file would not be a valid record."""
        path = _free_path(deal.slug, deal.opened or self.today, self.taken)
        text = render_record(deal.header, deal.body)
        policy = self.sheet.policy
        for found in read_file(path, text.encode(), policy).findings:
            if severity_of(found.rule, policy) is Severity.ERROR:
                message = f"the record would not be valid: {found.message}"
                return RowNote(row.number, "", message, found.hint)
        self.taken.add(path)
        self.files.append((path, text))
        self.notes += [*deal.notes, *self.about_owner(deal, row)]
        return None

    def about_owner(self, deal: Deal, row: Row) -> Iterator[RowNote]:
        """Report, once each, owners nobody knows and names that share a handle."""
        handle, column = str(deal.header["owner"]), self.sheet.column("owner")
        name = deal.owner_name
        first = self.owners.get(handle)
        if first is None:
            self.owners[handle] = (name, row.number)
            if handle not in self.sheet.policy.roster.people:
                message = f"`{handle}` (`{name}`) is not in schemas/policy/people.yaml"
                yield RowNote(row.number, column, message, _ROSTER_HINT)
        elif first[0] != name:
            message = f"`{name}` gets the handle `{handle}` like `{first[0]}`"
            hint = "If they are two people, `rename:` one to a handle of its own."
            yield RowNote(row.number, column, message, hint)


_ROSTER_HINT = (
    "Add the person there, or name the handle to use instead in the map: `rename:`, "
    "below it `owner:`, below that `NAME: HANDLE`."
)


def _by_link(
    register: Register,
) -> Iterator[tuple[str, tuple[str, Mapping[str, object]]]]:
    """Find which deals have records, also such as are not valid at present."""
    for path, file in sorted(register.files.items(), reverse=True):
        header = file.document.header if file.document else {}
        if link := value_at(header, ("links", "deal")):
            yield str(link), (path, header)


def _free_path(slug: str, day: date, taken: Collection[str]) -> str:
    identity, number = Identity(Kind.OPPORTUNITY, slug, day), 1
    while identity.path in taken:
        number += 1
        identity = Identity(Kind.OPPORTUNITY, slug, day, number)
    return identity.path
