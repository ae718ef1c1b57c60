"""The register: all records of a snapshot, with the references between them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from handoff.model.identity import (
    TREES,
    Identity,
    Kind,
    is_near_tree,
    parse_path,
    stem_of,
)
from handoff.policy.policy import Policy
from handoff.records.fact import value_at
from handoff.records.reading import ReadFile, read_file
from handoff.records.record import Opportunity, Packet
from handoff.repository.snapshot import Snapshot

_FEW = 1000  # ids that can all be compared with a wrong one
_ALIKE = 5  # characters


@dataclass(frozen=True)
class Register:
    """Files of the two trees by path, and the records among them by id.

    Attributes:
        files: everything that was read, by path.
        judged: paths the caller asked about; other files are there for reference.
        is_whole: whether there is nothing else in the snapshot.
        elsewhere: ids of opportunities that were read apart, to guess a name from.
    """

    files: Mapping[str, ReadFile]
    judged: tuple[str, ...]
    is_whole: bool = False
    elsewhere: tuple[str, ...] = ()

    @cached_property
    def opportunities(self) -> Mapping[str, Opportunity]:
        """Opportunities by id, in the order of their paths."""
        records = (self.files[path].record for path in sorted(self.files))
        return {r.id: r for r in records if isinstance(r, Opportunity)}

    @cached_property
    def packets(self) -> Mapping[str, Packet]:
        """Packets by id, in the order of their paths."""
        records = (self.files[path].record for path in sorted(self.files))
        return {r.id: r for r in records if isinstance(r, Packet)}

    @cached_property
    def by_deal(self) -> Mapping[str, str]:
        """Id of the first opportunity that links to each deal of another system."""
        found: dict[str, str] = {}
        for opportunity in sorted(self.opportunities.values(), key=_by_identity):
            link = value_at(opportunity.header, ("links", "deal"))
            if link:
                found.setdefault(str(link), opportunity.id)
        return found

    def nearest(self, name: str) -> str:
        """Guess which opportunity a wrong id means; empty if none is near.

        Among many, only those that begin like it or are of the same day are looked
        at: comparing with one takes as long as judging a rule.
        """
        known = [*self.opportunities, *self.elsewhere]
        if len(known) > _FEW:
            start, end = name[:_ALIKE], name[-len("YYYY-MM-DD") :]
            known = [n for n in known if n.startswith(start) or n.endswith(end)]
        return next(iter(get_close_matches(name, known, n=1)), "")

    @cached_property
    def _packets_by_opportunity(self) -> Mapping[str, tuple[Packet, ...]]:
        found: dict[str, tuple[Packet, ...]] = {}
        for packet in self.packets.values():
            found[packet.opportunity] = (*found.get(packet.opportunity, ()), packet)
        return found

    def packets_of(self, opportunity: str) -> tuple[Packet, ...]:
        """Packets that name an opportunity, in the order of their paths."""
        return self._packets_by_opportunity.get(opportunity, ())


def _by_identity(opportunity: Opportunity) -> Identity:
    return opportunity.identity


def load_register(snapshot: Snapshot, policy: Policy) -> Register:
    """Read every file of the two trees, also of one whose name is in other letters."""
    paths = tuple(path for path in snapshot.paths() if is_near_tree(path))
    return Register(_read(snapshot, policy, paths), paths, is_whole=True)


def load_part(snapshot: Snapshot, policy: Policy, paths: Iterable[str]) -> Register:
    """Read some files, and of the others only those they refer to.

    Identity lies in the path, so the counterparts of a record are found by name
    without reading the rest of the repository.
    """
    judged = tuple(sorted(set(paths)))
    files = _read(snapshot, policy, judged)
    known = snapshot.paths(*TREES.values())
    opportunities = _counterparts(files, known) - set(files)
    files |= _read(snapshot, policy, sorted(opportunities))
    packets = _packet_paths(files, known) - set(files)
    files |= _read(snapshot, policy, sorted(packets))
    return Register(files, judged)


def _read(
    snapshot: Snapshot,
    policy: Policy,
    paths: Iterable[str],
) -> dict[str, ReadFile]:
    contents = snapshot.read_many(tuple(paths))
    return {path: read_file(path, content, policy) for path, content in contents}


def _counterparts(files: Mapping[str, ReadFile], known: tuple[str, ...]) -> set[str]:
    """Give the paths of the opportunities that packets among `files` name."""
    records = (file.record for file in files.values())
    wanted = {r.opportunity for r in records if isinstance(r, Packet)}
    return {path for path in known if stem_of(path) in wanted} if wanted else set()


def _packet_paths(files: Mapping[str, ReadFile], known: tuple[str, ...]) -> set[str]:
    """Give the paths of packets whose name fits an opportunity among `files`."""
    records = (file.record for file in files.values())
    names = {
        f"{r.text('service')}-{r.identity.slug}"
        for r in records
        if isinstance(r, Opportunity)
    }
    tree = f"{Kind.PACKET.tree}/"
    packets = ((p, parse_path(p)) for p in known if p.startswith(tree))
    return {path for path, identity in packets if identity and identity.slug in names}
