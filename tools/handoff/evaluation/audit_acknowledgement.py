"""Acknowledgements judged by what was true when they were given."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from handoff.evaluation.acknowledgement import judge
from handoff.evaluation.audit import Incident, Trial
from handoff.evaluation.judging import complete
from handoff.model.diagnostic import Finding
from handoff.model.identity import Kind, parse_stem
from handoff.policy.facts import PACKET_ACKNOWLEDGED
from handoff.records.claims import claims_of
from handoff.records.reading import read_file
from handoff.records.record import Opportunity, Packet
from handoff.records.replay import Version
from handoff.repository.line import Line
from handoff.repository.log import Commit
from handoff.repository.unreadable import Content

Timeline = Mapping[str, tuple[Sequence[int], Sequence[str | None]]]
"""Per path the indexes of the landed commits that touched it, and what they made."""


@dataclass(frozen=True, slots=True)
class Given:
    """An acknowledgement as it landed.

    Attributes:
        path: of the packet.
        landed: the commit with which it came to the first-parent line.
        origin: the commit that introduced it.
        packet: id of the packet's content there.
        opportunity: path of the opportunity, and id of its content there.
    """

    path: str
    landed: Commit
    origin: Commit
    packet: str
    opportunity: tuple[str, str]


def timeline_of(line: Line) -> Timeline:
    """List what the landed commits made of every path."""
    found: dict[str, tuple[list[int], list[str | None]]] = {}
    for commit in line.commits:
        if line.is_landed(commit):
            for change in commit.changes:
                indexes, blobs = found.setdefault(change.path, ([], []))
                indexes.append(line.brought[commit.id])
                blobs.append(change.after)
    return found


def find_given(
    path: str, versions: Sequence[Version], trial: Trial, timeline: Timeline
) -> Iterator[Given]:
    """Find each acknowledgement of a packet, where its opportunity is there as well."""
    origins: dict[str, Commit] = {}
    landed: set[str] = set()
    for version in versions:
        if version.draft is None or version.blob is None:
            continue
        deal = str(version.draft.document.header.get("opportunity", ""))
        for claim in claims_of(version.draft, trial.policy.zone):
            origin = origins.setdefault(claim.key, version.commit)
            is_new = claim.key not in landed and trial.line.is_landed(version.commit)
            if claim.fact.kind != PACKET_ACKNOWLEDGED or not is_new:
                continue
            landed.add(claim.key)
            index = trial.line.brought[version.commit.id]
            if opportunity := _opportunity(deal, index, timeline):
                yield Given(path, version.commit, origin, version.blob, opportunity)


def _opportunity(deal: str, index: int, timeline: Timeline) -> tuple[str, str] | None:
    """Find path and content of an opportunity as a landed commit left it."""
    identity = parse_stem(Kind.OPPORTUNITY, deal)
    indexes, blobs = timeline.get(identity.path if identity else "", ((), ()))
    place = bisect_right(indexes, index)
    blob = blobs[place - 1] if place else None
    return (identity.path, blob) if identity and blob else None


def judge_given(
    given: Given, contents: tuple[Content, Content], trial: Trial
) -> Iterator[Incident]:
    """Judge an acknowledgement by roles and digest of its own time.

    Args:
        given: where it landed.
        contents: packet and opportunity as they were there.
        trial: the history and its policies.
    """
    index = trial.line.brought[given.landed.id]
    policy = trial.base_policy(index + 1)
    packet = read_file(given.path, contents[0], policy).record
    deal = read_file(given.opportunity[0], contents[1], policy).record
    if not isinstance(packet, Packet) or not isinstance(deal, Opportunity):
        return  # what cannot be typed is not acknowledged; other rules say why
    for flaw in judge(packet, deal, policy):
        span = packet.document.span(("acknowledgement", flaw.field))
        finding = Finding(flaw.rule, span, flaw.message, flaw.hint)
        found = complete(given.path, packet.document, finding, trial.policy)
        yield Incident(given.origin, found)
