"""What a field may refer to: ids of other entries, people, opportunities."""

from collections.abc import Iterator, Mapping

from handoff.lsp.desk import View
from handoff.lsp.place import Place
from handoff.lsp.sketch import Node, sketch
from handoff.lsp.text import split_lines
from handoff.model.identity import TREES, Kind, parse_path, parse_stem
from handoff.policy.people import Person
from handoff.repository.snapshot import Snapshot, Unreadable

_LISTS: Mapping[Kind, Mapping[str, tuple[str, ...]]] = {
    Kind.OPPORTUNITY: {
        "promise": ("promises",),
        "line_items": ("pricing", "line_items"),
    },
    Kind.PACKET: {
        "promises": ("promises",),
        "risks": ("risks",),
        "exclusions": ("scope", "excluded"),
        "assumptions": ("scope", "assumptions"),
    },
}
_MILESTONE = "milestone"

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
    names = [step for step in place.pointer if isinstance(step, str)]
    if not names or view.kind is None:
        return ()
    root = place.sketch.root
    if view.kind is Kind.OPPORTUNITY:
        if names[-1] == _MILESTONE:
            return _milestones(view)
        return _under(root, *_LISTS[view.kind].get(names[-1], ("",)))
    if len(names) > 1:
        return _carried(root) if names == ["milestones", "promises"] else ()
    path = _LISTS[view.kind].get(names[0])
    return _under(_opportunity(view, root), *path) if path else ()


def _under(root: Node | None, *path: str) -> Known:
    """List ids and texts of the entries under a list."""
    listed = root.below(*path) if root else None
    items = (child.fields for child in listed.children) if listed else ()
    return tuple((i["id"], i.get("text", "")) for i in items if i.get("id"))


def _carried(root: Node) -> Known:
    """List the ids of promises that the packet itself carries."""
    listed = root.below("promises")
    return tuple((child.value, "") for child in listed.children) if listed else ()


def _opportunity(view: View, root: Node) -> Node | None:
    """Outline the opportunity that a packet names."""
    identity = parse_stem(Kind.OPPORTUNITY, root.fields.get("opportunity", ""))
    return _outline(view.snapshot, identity.path) if identity else None


def _milestones(view: View) -> Known:
    return tuple(m for r in _packets(view) for m in _under(r, "milestones"))


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
