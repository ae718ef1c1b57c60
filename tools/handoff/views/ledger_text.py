"""The ledger for people at a terminal."""

from collections.abc import Iterable, Iterator, Sequence

from handoff.model.entry import Entry, Unread
from handoff.records.ledger import place_of
from handoff.repository.ledger import BRANCH
from handoff.repository.ledger_audit import Tampering
from handoff.views.columns import Cell, align
from handoff.views.escaping import json_text, terminal, workflow_safe_line
from handoff.views.states import ALARM, CAUTION, FAINT
from handoff.views.style import Style
from handoff.views.words import count

_SHRINK = ((2, 20),)


def render_list(entries: Sequence[Entry], style: Style) -> str:
    """Write a line for each entry, oldest first."""
    rows = [
        (
            Cell(workflow_safe_line(str(entry.body.get("at", "")))),
            Cell(entry.kind.value, FAINT),
            Cell(terminal(entry.key)),
        )
        for entry in entries
    ]
    return "\n".join((*align(rows, style, _SHRINK), _counted(entries))) + "\n"


def _counted(entries: Sequence[Entry]) -> str:
    number = len(entries)
    return f"{number:,} {'entry' if number == 1 else 'entries'}"


def render_entry(entry: Entry) -> str:
    """Write all an entry says, and where it lies."""
    body = json_text(dict(entry.body)).rstrip("\n")
    said = "\n".join(terminal(line) for line in body.split("\n"))
    return f"{terminal(place_of(entry))}\nkey: {terminal(entry.key)}\n{said}\n"


def render_audit(
    entries: int, unread: Iterable[Unread], changed: Iterable[Tampering], style: Style
) -> str:
    """Write what is wrong with the ledger, a line for each."""
    lines = (*_unread(unread, style), *_changed(changed, style))
    noun = "entry" if entries == 1 else "entries"
    ending = "as they were written" if not lines else count(len(lines), "problem")
    return "\n".join((*lines, f"{entries:,} {noun}, {ending}")) + "\n"


def _unread(files: Iterable[Unread], style: Style) -> Iterator[str]:
    for file in files:
        mark = style.paint("not counted", CAUTION)
        yield f"{workflow_safe_line(file.path)}: {mark}: {terminal(file.reason)}"


def _changed(files: Iterable[Tampering], style: Style) -> Iterator[str]:
    for file in files:
        mark = style.paint("removed" if file.was_removed else "changed", ALARM)
        by = terminal(f"by {file.author} in {file.commit[:12]}")
        yield f"{workflow_safe_line(f'{BRANCH}:{file.path}')}: {mark} {by}"
