"""What a packet carries and nobody has planned a step for (domain part 10).

A step is a milestone of the packet, or a next action of its opportunity: the task list.
An action that is done counts, since it was the step.
"""

from collections.abc import Collection, Iterator, Mapping

from handoff.model.span import Pointer
from handoff.records.references import named

_Header = Mapping[str, object]


def unplanned_promises(
    packet: _Header, opportunity: _Header
) -> Iterator[tuple[Pointer, object]]:
    """Give each promise of a packet without a step, with its place.

    Args:
        packet: header of the packet.
        opportunity: that of its opportunity; empty if it is not known.
    """
    yield from _unplanned("promises", packet, opportunity)


def unplanned_risks(
    packet: _Header, opportunity: _Header, severities: Collection[str]
) -> Iterator[tuple[Pointer, object]]:
    """Give each risk without a step that needs one, by its severity; else the same."""
    listed = (risk for _, risk in named(opportunity, ("risks",)))
    rows = (risk for risk in listed if isinstance(risk, Mapping))
    severe = {row.get("id") for row in rows if row.get("severity") in severities}
    for place, risk in _unplanned("risks", packet, opportunity):
        if risk in severe:
            yield place, risk


def _unplanned(
    field: str, packet: _Header, opportunity: _Header
) -> Iterator[tuple[Pointer, object]]:
    steps = named(packet, ("milestones", field))
    tasks = named(opportunity, ("events", "next", field))
    planned = {name for _, name in (*steps, *tasks)}
    for place, name in named(packet, (field,)):
        if name not in planned:
            yield place, name
