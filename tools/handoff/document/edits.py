"""What can be changed in a record, as values."""

from collections.abc import Container, Sequence
from dataclasses import dataclass

from handoff.model.span import Pointer


@dataclass(frozen=True, slots=True)
class SetValue:
    """Give a field or list item a value; what is missing is added.

    Only what differs is touched: of a mapping the fields that change, of a list of
    the same length the items that change, of a longer one what is new at its end.

    Attributes:
        pointer: which field; groups on the way that are missing are added too. A
            list item must be there.
        value: text, whole number, list or mapping, nested at will.
        order: names in the order of the schema. A new field lands behind the nearest
            name before it that is there, else in front of the nearest behind it,
            else at the end of its group.
    """

    pointer: Pointer
    value: object
    order: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Append:
    """Add one item at the end of a list; a list that is missing is added.

    The one edit that is not idempotent.

    Attributes:
        pointer: which list.
        value: the item.
        order: where a missing list lands, as for `SetValue`.
    """

    pointer: Pointer
    value: object
    order: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Remove:
    """Remove a field or list item with its own lines, if it is there.

    Comments above and below it stay, since nobody knows whom they speak of; those
    between its lines go. A group that would be left empty becomes `{}` or `[]`.
    Removing an item by its number twice removes two.

    Attributes:
        pointer: which one.
    """

    pointer: Pointer


@dataclass(frozen=True, slots=True)
class SetSection:
    """Give a section of the body its text; a section that is missing is added.

    Comments in a section without visible text stay above the new text, else they are
    replaced with the old one.

    Attributes:
        title: text of the level-2 heading; of several equal ones the first counts.
        text: markdown without headings of level 1 and 2.
        order: titles, which say where a missing section lands, as for `SetValue`.
    """

    title: str
    text: str
    order: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class AppendToSection:
    """Add text at the end of a section: a paragraph, or an entry of its list.

    Attributes:
        title: as for `SetSection`.
        text: likewise.
        order: likewise.
    """

    title: str
    text: str
    order: Sequence[str] = ()


FieldEdit = SetValue | Append | Remove
SectionEdit = SetSection | AppendToSection
Edit = FieldEdit | SectionEdit


def neighbours(
    name: str, order: Sequence[str], known: Container[str]
) -> tuple[str | None, str | None]:
    """Find the nearest known names before and behind a name, if it has an order."""
    if name not in order:
        return None, None
    at = order.index(name)
    before = next((each for each in reversed(order[:at]) if each in known), None)
    return before, next((each for each in order[at + 1 :] if each in known), None)
