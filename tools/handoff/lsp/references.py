"""What a field may refer to: ids of other entries, people, opportunities."""

from collections.abc import Iterator

from handoff.lsp.desk import View
from handoff.lsp.place import Place
from handoff.lsp.sketch import Node, sketch
from handoff.lsp.text import split_lines
from handoff.model.identity import TREES, Kind, parse_path, parse_stem
from handoff.policy.people import Person
from handoff.records.references import REFERENCES
from handoff.repository.snapshot import Snapshot, Unreadable

Known = tuple[tuple[str, str], ...]
"""Names with a word about each."""


def people(view: View) -> Known:
    """Name everybody in the roster, with name and roles."""
    everybody = view.policy.roster.people.values()
    return tuple((person.handle, about_person(person)) for person in everybody)


def about_person(person: Person) -> str:
    """Say who a handle is: name and roles."""
    return f"{person.name}: {', '.join(held.role for held in person.roles)}"


def opportunities(view: View) -> Known:
    """Name every opportunity of the repository."""
    listed = (parse_path(p) for p in view.snapshot.paths(TREES[Kind.OPPORTUNITY]))
    return tuple((each.stem, "opportunity") for each in listed if each)


def entries(view: View, place: Place) -> Known:
    """List what the ids at a place may name; nothing if it takes no such ids."""
    names = tuple(step for step in place.pointer if isinstance(step, str))
    found: dict[str, str] = {}
    for reference in REFERENCES[view.kind] if view.kind else ():
        for kind, path in reference.lists if reference.field == names else ():
            for home in _homes(view, kind, place.sketch.root):
                found |= dict(_under(home, path))
    return tuple(found.items())


def _homes(view: View, kind: Kind, root: Node) -> Iterator[Node]:
    """Outline the records that have a list: this one, or the other of the deal."""
    if kind is view.kind:
        yield root
    elif kind is Kind.PACKET:
        yield from _packets(view)
    elif opportunity := _opportunity(view, root):
        yield opportunity


def _under(root: Node, path: tuple[str, ...]) -> Known:
    """List ids and texts of the entries under a list; it may hold ids alone."""
    listed = root.below(*path)
    rows = ((each.fields, each.value) for each in listed.children) if listed else ()
    found = ((row.get("id", value), row.get("text", "")) for row, value in rows)
    return tuple((name, text) for name, text in found if name)


def _opportunity(view: View, root: Node) -> Node | None:
    """Outline the opportunity that a packet names."""
    identity = parse_stem(Kind.OPPORTUNITY, root.fields.get("opportunity", ""))
    return _outline(view.snapshot, identity.path) if identity else None


def _packets(view: View) -> Iterator[Node]:
    """Outline the packets of an opportunity, which have its slug in their name."""
    identity = parse_path(view.path)
    for path in view.snapshot.paths(TREES[Kind.PACKET]) if identity else ():
        if identity and f"-{identity.slug}-" in path:
            root = _outline(view.snapshot, path)
            if root and root.fields.get("opportunity") == identity.stem:
                yield root


def _outline(snapshot: Snapshot, path: str) -> Node | None:
    content = snapshot.read(path)
    if isinstance(content, Unreadable):
        return None
    return sketch(split_lines(content.decode("utf-8", "replace"))).root
