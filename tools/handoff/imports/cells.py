"""One row by field, with everything odd about it that was noticed on the way."""

from difflib import get_close_matches
from functools import lru_cache

from handoff.evaluation.prose import is_placeholder
from handoff.imports.note import RowNote
from handoff.imports.sheet import Sheet
from handoff.imports.table import Row
from handoff.policy.formats import FORMATS


class Cells:
    """The cells of one row; what is not `kept` in the header goes to the body.

    Attributes:
        texts: the cells that say something, by column.
        kept: columns whose cells the header repeats word for word.
        notes: what was noticed.
    """

    __slots__ = ("kept", "notes", "row", "sheet", "texts")

    def __init__(self, row: Row, sheet: Sheet) -> None:
        self.row = row
        self.sheet = sheet
        self.notes: list[RowNote] = []
        self.kept: set[str] = set()
        empties = sheet.settings.empties
        self.texts = {c: text for c, text in row.cells.items() if text not in empties}
        for column in [c for c, text in self.texts.items() if self._says_nothing(text)]:
            text = self.texts.pop(column)
            self.note(column, f"says `{text}`, which stands for no answer")

    def note(self, column: str, message: str, hint: str = "") -> None:
        """Report something about a column of this row."""
        self.notes.append(RowNote(self.row.number, column, message, hint))

    def text(self, field: str) -> str:
        """Give the cell of a field, empty where there is none."""
        return self.texts.get(self.sheet.columns.get(field, ""), "")

    def keep(self, field: str, said: str) -> str:
        """Tell that the header says `said` for a field, and give it back."""
        if said and said == self.text(field):
            self.kept.add(self.sheet.columns[field])
        return said

    def line(self, field: str) -> str:
        """Give what fits a one-line field of the header, empty if it does not fit."""
        text = self.text(field)
        if text and not FORMATS["line"](text):
            self.note(self.sheet.column(field), "does not fit one line of the header")
            return ""
        return self.keep(field, text)

    def name(self, field: str) -> str:
        """Give a name as the map wants it: default, new name, looked up."""
        column, settings = self.sheet.column(field), self.sheet.settings
        text = self.text(field)
        if not text:
            default = settings.defaults.get(field, "")
            told = f", `{default}` is taken as the map says" if default else ""
            self.note(column, f"the row has no {field}{told}")
            return default
        renamed = settings.renames.get(field, {}).get(text, text)
        if renamed != text:
            self.note(column, f"`{text}` is renamed to `{renamed}` as the map says")
        self._look_up(field, renamed)
        return renamed

    def _look_up(self, field: str, name: str) -> None:
        known = self.sheet.names.get(field)
        if known is not None and name not in known:
            near = _nearest(name, known)
            message = f"`{name}` is not among the names of the other file"
            hint = (
                f"The nearest is `{near}`. If that is meant, add to the map `rename:`, "
                f"below it `{field}:`, and below that `{name}: {near}`."
            )
            self.note(self.sheet.column(field), message, hint if near else "")

    def _says_nothing(self, text: str) -> bool:
        return is_placeholder(text, self.sheet.policy.pipeline.placeholders)


@lru_cache(maxsize=1024)
def _nearest(name: str, known: tuple[str, ...]) -> str:
    return next(iter(get_close_matches(name, known, n=1)), "")
