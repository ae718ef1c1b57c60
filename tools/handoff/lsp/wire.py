"""Our values as messages of the protocol, and back."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lsprotocol import types as lsp
from pygls.uris import from_fs_path, to_fs_path

from handoff.lsp.completion import Choice, Sort
from handoff.lsp.fixes import Fix
from handoff.lsp.text import (
    Change,
    Point,
    end_of,
    from_units,
    line_at,
    split_lines,
    start_of,
    to_units,
)
from handoff.model.diagnostic import Diagnostic, Related, Severity

SOURCE = "handoff"
_LEVELS = {
    Severity.ERROR: lsp.DiagnosticSeverity.Error,
    Severity.WARNING: lsp.DiagnosticSeverity.Warning,
    Severity.INFO: lsp.DiagnosticSeverity.Information,
}
_SORTS = {
    Sort.FIELD: lsp.CompletionItemKind.Field,
    Sort.VALUE: lsp.CompletionItemKind.EnumMember,
    Sort.REFERENCE: lsp.CompletionItemKind.Reference,
    Sort.HEADING: lsp.CompletionItemKind.Class,
}


def file_of(uri: str) -> Path | None:
    """Give the file that an editor names; `None` if it is not on this disk."""
    path = to_fs_path(uri)
    return Path(path) if path and Path(path).is_absolute() else None


def uri_of(file: Path) -> str:
    """Name a file as editors do."""
    return from_fs_path(str(file)) or file.as_uri()


@dataclass(frozen=True, slots=True)
class Wire:
    """Translates what concerns one text.

    Attributes:
        lines: of the text, without their ends.
        encoding: the units in which the editor counts columns.
    """

    lines: tuple[str, ...]
    encoding: str

    def point(self, position: lsp.Position) -> Point:
        """Read a position; one past the end of its line means the end."""
        text = line_at(self.lines, position.line)
        return Point(position.line, from_units(text, position.character, self.encoding))

    def position(self, point: Point) -> lsp.Position:
        """Write a position; one past the last line means the end of the text."""
        last = len(self.lines) - 1
        if point.line > last:
            point = Point(last, len(self.lines[last]))
        text = line_at(self.lines, point.line)
        units = to_units(text, point.column, self.encoding)
        return lsp.Position(max(point.line, 0), units)

    def range(self, start: Point, end: Point) -> lsp.Range:
        """Write a range."""
        return lsp.Range(self.position(start), self.position(end))

    def edit(self, change: Change) -> lsp.TextEdit:
        """Write a change."""
        return lsp.TextEdit(self.range(change.start, change.end), change.text)

    def diagnostic(
        self, made: Diagnostic, locate: Callable[[Related], lsp.Location | None]
    ) -> lsp.Diagnostic:
        """Write a diagnostic; editors show only its message, so the hint is in it."""
        text = f"{made.message}\n{made.hint}" if made.hint else made.message
        related = ((locate(r), r.label) for r in made.related)
        return lsp.Diagnostic(
            range=self.range(start_of(made.span), end_of(made.span)),
            message=text,
            severity=_LEVELS[made.severity],
            code=made.rule or None,
            source=SOURCE,
            related_information=[
                lsp.DiagnosticRelatedInformation(place, label)
                for place, label in related
                if place
            ],
            data={"hint": made.hint},
        )

    def item(self, choice: Choice, rank: int) -> lsp.CompletionItem:
        """Write something that can be typed, in its place among the others."""
        return lsp.CompletionItem(
            label=choice.label,
            kind=_SORTS[choice.sort],
            detail=choice.detail or None,
            documentation=markdown(choice.about) if choice.about else None,
            sort_text=f"{rank:04}",
            filter_text=choice.label,
            text_edit=self.edit(choice.change),
        )

    def action(self, fix: Fix, uri: str, made: lsp.Diagnostic) -> lsp.CodeAction:
        """Write a quick fix, with the diagnostic it satisfies."""
        return lsp.CodeAction(
            title=fix.title,
            kind=lsp.CodeActionKind.QuickFix,
            diagnostics=[made],
            is_preferred=True,
            edit=lsp.WorkspaceEdit(changes={uri: [self.edit(fix.change)]}),
        )


def wire_of(text: str, encoding: str) -> Wire:
    """Prepare to translate what concerns a text."""
    return Wire(split_lines(text), encoding)


def markdown(text: str) -> lsp.MarkupContent:
    """Write an explanation."""
    return lsp.MarkupContent(lsp.MarkupKind.Markdown, text)
