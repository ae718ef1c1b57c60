"""Stages, their gates, and the sections of a record, from `stages.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handoff.model.identity import Kind
from handoff.policy.schemas import CompiledSchema, SchemaSet


@dataclass(frozen=True, slots=True)
class Gate:
    """What must hold before a fact is accepted (domain part 5).

    Attributes:
        fields: what the header must satisfy.
        event: what the claiming event must satisfy.
        sections: sections that must say something.
        events: facts that must come earlier in the same cycle.
        approvals: subjects whose latest approval must be given.
        roles: header fields that must name a person holding the role at that instant.
    """

    fields: CompiledSchema
    event: CompiledSchema
    sections: tuple[str, ...]
    events: tuple[str, ...]
    approvals: tuple[str, ...]
    roles: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the pipeline.

    Attributes:
        entered_by: kinds of facts that enter it.
        sources: names of the stages it may be entered from.
        is_open: whether work goes on, so that a next action is expected.
        is_outcome: whether it decides or suspends the deal.
        position: place in the order, from 0.
    """

    name: str
    summary: str
    entered_by: tuple[str, ...]
    sources: frozenset[str]
    is_open: bool
    is_outcome: bool
    gate: Gate
    position: int


@dataclass(frozen=True, slots=True)
class Premature:
    """Header fields that wait for a fact."""

    fields: tuple[str, ...]
    before: str


@dataclass(frozen=True, slots=True)
class ClientSafe:
    """What a client may see of an opportunity; everything else is internal.

    Attributes:
        section: the one section, by title.
        approval: subject of the approval that releases it.
        fields: top-level fields of the header.
    """

    section: str
    approval: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Everything that `stages.yaml` says.

    Attributes:
        stages: in order, by name.
        gates: gates of facts that enter no stage, by kind.
        won_by: kinds that win a deal; their day is in the name of its packet.
        returns_by: kind that goes back to the stage an outcome left.
        returns_from: names of the outcomes it may leave.
        reopens_by: kind that starts the next cycle.
        completions: facts that the daily summary lists first.
        sections: sections each kind of record may have.
        planned_risks: severities of the risks for which a packet must plan a step.
        placeholders: texts that stand for no answer, in lower case.
    """

    stages: Mapping[str, Stage]
    gates: Mapping[str, Gate]
    premature: tuple[Premature, ...]
    won_by: frozenset[str]
    returns_by: str
    returns_from: frozenset[str]
    reopens_by: str
    completions: frozenset[str]
    sections: Mapping[Kind, tuple[str, ...]]
    required_sections: Kind
    planned_risks: frozenset[str]
    placeholders: frozenset[str]
    client_safe: ClientSafe
    _entered_by: Mapping[str, tuple[Stage, ...]]

    def entered_by(self, kind: str) -> tuple[Stage, ...]:
        """Give the stages that a kind of fact enters, in order."""
        return self._entered_by.get(kind, ())

    @property
    def first(self) -> Stage:
        """The stage in which every deal begins."""
        return next(iter(self.stages.values()))

    def kinds_up_to(self, stage: Stage) -> frozenset[str]:
        """Name the kinds of facts that enter a stage or one before it."""
        return frozenset(
            kind
            for each in self.stages.values()
            if each.position <= stage.position
            for kind in each.entered_by
        )


def read_pipeline(data: Mapping[str, Any], schemas: SchemaSet) -> Pipeline:
    """Build the pipeline from `stages.yaml`, already checked against its schema."""
    stages = [_stage(entry, n, schemas) for n, entry in enumerate(data["stages"])]
    kinds = {kind for stage in stages for kind in stage.entered_by}
    return Pipeline(
        stages={stage.name: stage for stage in stages},
        gates={e["event"]: _gate(e["gate"], schemas) for e in data["gates"]},
        premature=tuple(
            Premature(tuple(entry["fields"]), entry["before"])
            for entry in data["premature"]
        ),
        won_by=frozenset(data["won_by"]),
        returns_by=data["returns_by"],
        returns_from=frozenset(data["returns_from"]),
        reopens_by=data["reopens_by"],
        completions=frozenset(data["completions"]),
        sections={kind: tuple(data["sections"][kind]) for kind in Kind},
        required_sections=Kind(data["required_sections"]),
        planned_risks=frozenset(data.get("planned_risks", ())),
        placeholders=frozenset(text.casefold() for text in data["placeholders"]),
        client_safe=_client_safe(data["client_safe"]),
        _entered_by={k: tuple(s for s in stages if k in s.entered_by) for k in kinds},
    )


def _client_safe(entry: Mapping[str, Any]) -> ClientSafe:
    return ClientSafe(entry["section"], entry["approval"], tuple(entry["fields"]))


def _stage(entry: Mapping[str, Any], position: int, schemas: SchemaSet) -> Stage:
    return Stage(
        name=entry["name"],
        summary=entry["summary"],
        entered_by=tuple(entry["entered_by"]),
        sources=frozenset(entry["from"]),
        is_open=entry["open"],
        is_outcome=entry.get("outcome", False),
        gate=_gate(entry.get("gate", {}), schemas),
        position=position,
    )


def _gate(entry: Mapping[str, Any], schemas: SchemaSet) -> Gate:
    return Gate(
        fields=schemas.fragment(entry.get("fields", {})),
        event=schemas.fragment(entry.get("event", {})),
        sections=tuple(entry.get("sections", ())),
        events=tuple(entry.get("events", ())),
        approvals=tuple(entry.get("approvals", ())),
        roles=entry.get("roles", {}),
    )
