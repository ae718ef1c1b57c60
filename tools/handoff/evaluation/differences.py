"""What two versions of a record say differently, field by field, not line by line.

Layout, key order, quoting and line breaks inside a paragraph mean nothing here: two
texts that read alike have no difference.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from handoff.document.document import Document

SECTIONS = "sections"
"""First part of the name of a section; no header field is called so."""

Name = tuple[str, ...]
"""Where a value stands: `("promises", "P2", "due")`, `("sections", "Red flags")`.

Items of a list go by their `id`; those without one by their number, from 1; those
without fields of their own by what they say.
"""


def said_name(name: Name, text: str) -> Name:
    """Give the name to call a value by: an entry that goes by its text has its list's.

    Args:
        name: of the value.
        text: of the value.
    """
    return name[:-1] if len(name) > 1 and name[-1] == text else name


@dataclass(frozen=True, slots=True)
class Version:
    """What a record says at one time.

    Attributes:
        values: every value by its name, in the order of the file.
        items: names of the items of its lists that have fields of their own.
    """

    values: Mapping[Name, str]
    items: frozenset[Name] = frozenset()


NOTHING = Version({})
"""A record that is not there."""


@dataclass(frozen=True, slots=True)
class Value:
    """One value that differs; `None` where there was or is none."""

    name: Name
    before: str | None
    after: str | None

    @property
    def text(self) -> str:
        """The text that it has, or had."""
        return self.after or self.before or ""

    @property
    def is_entry(self) -> bool:
        """Whether it is an entry of a list that goes by what it says."""
        return said_name(self.name, self.text) != self.name


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that differs, or one item of a list that came or went as a whole.

    Attributes:
        name: of the value or of the item.
        values: the value, or all values of the item.
    """

    name: Name
    values: tuple[Value, ...]

    @property
    def act(self) -> str:
        """What became of it: `added`, `removed` or `changed`."""
        if all(value.before is None for value in self.values):
            return "added"
        is_gone = all(value.after is None for value in self.values)
        return "removed" if is_gone else "changed"

    def detail(self, *fields: str) -> str:
        """Give the first of some fields of an item that it has; empty if none."""
        texts = {v.name[len(self.name) :]: v.text for v in self.values}
        return next((t for f in fields if (t := texts.get((f,)))), "")


def version_of(document: Document | None) -> Version:
    """Give what a record says; one that is missing or cannot be read says nothing."""
    if document is None:
        return NOTHING
    leaves = dict(_leaves((), document.header))
    items = frozenset(name for name, value in leaves.items() if value is None)
    values = {name: value for name, value in leaves.items() if value is not None}
    sections = {(SECTIONS, s.title): _one_line(s.text) for s in document.sections}
    return Version(values | sections, items)


def values_between(before: Version, after: Version) -> tuple[Value, ...]:
    """Compare two versions by value, in the order of the newer; removals come last."""
    old, new = before.values, after.values
    names = (*new, *(name for name in old if name not in new))
    found = (Value(name, old.get(name), new.get(name)) for name in names)
    return tuple(value for value in found if value.before != value.after)


def differences(
    before: Version, after: Version, values: tuple[Value, ...] | None = None
) -> tuple[Difference, ...]:
    """Compare two versions; what belongs to a new or removed item is one difference.

    Args:
        before: the older version.
        after: the newer version.
        values: those to tell of, if not all that differ.
    """
    found = values_between(before, after) if values is None else values
    told = [value for value in found if not _is_said_by_entries(value, found)]
    whole = before.items ^ after.items
    groups: dict[Name, list[Value]] = {}
    for value in told:
        groups.setdefault(_item(value.name, whole), []).append(value)
    return tuple(Difference(name, tuple(group)) for name, group in groups.items())


def _is_said_by_entries(value: Value, found: tuple[Value, ...]) -> bool:
    """Tell whether a list became or was empty, which its entries tell as well."""
    length = len(value.name)
    return not value.text and any(
        len(other.name) > length and other.name[:length] == value.name
        for other in found
    )


def _item(name: Name, whole: frozenset[Name]) -> Name:
    """Find the outermost item that came or went with a value; else the value itself."""
    lengths = range(1, len(name))
    return next((name[:n] for n in lengths if name[:n] in whole), name)


def _leaves(name: Name, value: object) -> Iterator[tuple[Name, str | None]]:
    """Walk a header; an item of a list gives its own name too, without a value."""
    if isinstance(value, Mapping):
        if not value and name:
            yield name, ""
        for key, inner in value.items():
            yield from _leaves((*name, str(key)), inner)
    elif isinstance(value, list):
        if not value:
            yield name, ""
        for number, inner in enumerate(value, 1):
            yield from _item_leaves((*name, _label(inner, number)), inner)
    else:
        yield name, _one_line(str(value))


def _item_leaves(name: Name, value: object) -> Iterator[tuple[Name, str | None]]:
    if isinstance(value, Mapping) and value:
        yield name, None
    yield from _leaves(name, value)


def _label(item: object, number: int) -> str:
    if not isinstance(item, Mapping | list):
        return _one_line(str(item))
    known = item.get("id") if isinstance(item, Mapping) else None
    return known if isinstance(known, str) and known else str(number)


def _one_line(text: str) -> str:
    return " ".join(text.split())
