"""One row of an export as the header and body of a record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from handoff.document.characters import describe, forbidden_in
from handoff.imports.cells import Cells
from handoff.imports.chronicle import Happening, event_fields, happenings
from handoff.imports.money import Flaw, read_amount
from handoff.imports.note import RowNote
from handoff.imports.sheet import Sheet
from handoff.imports.slugs import record_slug, slug_of
from handoff.imports.table import Row
from handoff.model.identity import is_slug
from handoff.policy.formats import FORMATS

_SCHEMA = "opportunity/v1"
_CONTINUED = "\n" + 6 * " "
"""Deep enough that no line of a cell is a heading or the start of a list."""


@dataclass(frozen=True, slots=True)
class Deal:
    """What one row says, ready to be written.

    Attributes:
        link: the deal in the other system, as in `links.deal`.
        slug: for the path.
        opened: the day opened as the export names it, `None` if it names none.
        owner_name: the owner as the export writes it.
    """

    link: str
    slug: str
    opened: date | None
    owner_name: str
    header: Mapping[str, object]
    body: str
    notes: tuple[RowNote, ...]


def link_of(row: Row, sheet: Sheet) -> str:
    """Give the id of a row with the name of its system, empty where it has none."""
    exact = row.cells.get(sheet.column("id"), "")
    return f"{sheet.settings.system}:{exact}" if exact else ""


def read_deal(row: Row, sheet: Sheet) -> Deal | RowNote:
    """Read a row, or say why no record can be made of it."""
    refusal = _refuse(row, sheet)
    if refusal:
        return refusal
    cells = Cells(row, sheet)
    owner_name = cells.name("owner")
    owner = _handle(owner_name, sheet)
    if not owner:
        return _without_owner(owner_name, row, sheet)
    cells.keep("owner", owner)
    return _deal(cells, owner_name, owner)


def _refuse(row: Row, sheet: Sheet) -> RowNote | None:
    number, width = row.number, len(sheet.table.columns)
    if row.surplus:
        message = f"the row has {row.width} cells, but the header has {width} columns"
        hint = "Put quotation marks around the cell that holds a comma."
        return RowNote(number, "", message, hint)
    column = sheet.column("id")
    exact = row.cells.get(column, "")
    if not exact or not FORMATS["line"](exact):
        message = "the row has no id, so that a second import could not recognise it"
        return RowNote(number, column, message, "Give the row its id and import again.")
    for name, text in row.cells.items():
        if found := forbidden_in(text):
            message = f"the cell holds {describe(found[0])}, which no record may hold"
            hint = "Type the text of this cell again and import again."
            return RowNote(number, name, message, hint)
    return None


def _handle(name: str, sheet: Sheet) -> str:
    """Give the handle of a person: of the roster by exact name, or the name's slug."""
    people = sheet.policy.roster.people.values()
    known = (person.handle for person in people if person.name == name)
    handle = next(known, slug_of(name))
    return handle if is_slug(handle) else ""


def _without_owner(name: str, row: Row, sheet: Sheet) -> RowNote:
    message = "the row has no owner, and a record has exactly one"
    hint = "Add `defaults:` to the map and below it `owner: NAME` of who takes these."
    if name:
        message = f"no handle can be made of `{name}`"
        hint = (
            f"Add to the map `rename:`, below it `owner:`, below that `{name}: HANDLE`."
        )
    return RowNote(row.number, sheet.column("owner"), message, hint)


def _deal(cells: Cells, owner_name: str, owner: str) -> Deal:
    row, sheet = cells.row, cells.sheet
    company = _company(cells)
    service, product = _service(cells)
    link = link_of(row, sheet)
    cells.keep("id", link.partition(":")[2])
    history = happenings(cells)
    events = [event_fields(happening, owner, cells) for happening in history]
    pricing = _pricing(product, history, events, cells)
    header = {
        "schema": _SCHEMA,
        "company": company,
        "service": service,
        "owner": owner,
        "source": cells.line("source") or sheet.settings.defaults.get("source", ""),
        "contact": _contact(cells),
        "links": {"deal": link, **_links(cells)},
        "pricing": pricing,
        "events": events,
    }
    return Deal(
        link=link,
        slug=record_slug(company, link.partition(":")[2]),
        opened=history[0].stated,
        owner_name=owner_name,
        header={field: value for field, value in header.items() if value},
        body=_body(cells),
        notes=tuple(cells.notes),
    )


def _company(cells: Cells) -> str:
    name = cells.name("company")
    return cells.keep("company", name) if FORMATS["line"](name) else ""


def _service(cells: Cells) -> tuple[str, str]:
    """Give the slug of the product, and its name."""
    name = cells.name("product")
    slug = slug_of(name)
    if name and not is_slug(slug):
        cells.note(cells.sheet.column("product"), f"no slug can be made of `{name}`")
        return "", name
    return cells.keep("product", slug), name


def _contact(cells: Cells) -> dict[str, str]:
    """Give the contact where the cell is one person's name and nothing else."""
    name, email = cells.text("contact"), cells.text("contact_email")
    if not FORMATS["name"](name) or set(name) & set(";,()<>@"):
        return {}
    contact = {"name": cells.keep("contact", name)}
    if FORMATS["email"](email):
        contact["email"] = cells.keep("contact_email", email)
    return contact


def _links(cells: Cells) -> dict[str, str]:
    system = cells.sheet.settings.system
    ids = {"lead": cells.line("lead_id"), "client": cells.line("company_id")}
    return {link: f"{system}:{exact}" for link, exact in ids.items() if exact}


def _pricing(
    product: str,
    history: tuple[Happening, ...],
    events: list[dict[str, str]],
    cells: Cells,
) -> dict[str, object]:
    """Give the price; without a currency it goes to the note of the last event."""
    text, sheet = cells.text("amount"), cells.sheet
    column = sheet.column("amount")
    if not text or not any(digit in text for digit in "123456789"):
        if not text and history[-1].kind in sheet.policy.pipeline.won_by:
            cells.note(column, "the deal is won and the row has no amount")
        return {}
    currency = cells.text("currency") or sheet.settings.currency
    if len(currency) != 3 or not currency.isupper() or not currency.isascii():  # noqa: PLR2004 - ISO 4217
        cells.note(
            column, "no currency is known, so the amount is kept as a note", _HINT
        )
        cells.kept.add(column)
        said = f"{column}: {text} (no currency recorded)"
        events[-1]["note"] = "; ".join(filter(None, (events[-1].get("note"), said)))
        return {}
    amount = read_amount(text, currency, sheet.settings.decimal)
    if isinstance(amount, Flaw):
        cells.note(column, f"`{text}` {amount}, so it is kept as it is ({currency})")
        return {}
    cells.keep("currency", currency)
    item = {"id": "L1", "text": product or column, "amount_minor": amount}
    return {"currency": currency, "line_items": [item]}


_HINT = "Add `currency:` to the map, as in `currency: USD`, or type `--currency USD`."


def _body(cells: Cells) -> str:
    """List what the header does not repeat word for word."""
    rest = {c: text for c, text in cells.texts.items() if c not in cells.kept}
    if not rest:
        return ""
    lines = (f"- {c}: {text.replace(chr(10), _CONTINUED)}" for c, text in rest.items())
    intro = f"Imported from {cells.sheet.settings.system}, word for word:"
    return "\n".join(("## Internal notes", "", intro, "", *lines))
