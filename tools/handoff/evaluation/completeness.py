"""How complete a packet is, and what its receiver made of it: two numbers.

Completeness is counted by machine, from the document, so that a packet that is not
valid yet has one too. A part counts as a whole or not at all: there, no placeholder,
as its schema wants it, and carrying everything the opportunity lists. Parts that do
not apply to the deal are outside the sum. Quality is the receiver's own rubric; the
two are never blended (domain part 12).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from handoff.evaluation.planning import unplanned_promises, unplanned_risks
from handoff.evaluation.prose import is_placeholder, section_gap
from handoff.model.identity import Kind
from handoff.model.span import Pointer
from handoff.policy.policy import Policy
from handoff.policy.profiles import Profile
from handoff.policy.violation import Violation
from handoff.records.fact import value_at
from handoff.records.record import Draft, Opportunity
from handoff.records.references import CARRIED

_PACKET = Kind.PACKET.value
_STEPS = ("milestones",)
_EXCUSED = "not_applicable"
_NONE_LISTED = "the opportunity lists none"


@dataclass(frozen=True, slots=True)
class Part:
    """One field or section of a packet.

    Attributes:
        gap: what keeps it from counting, for a person; empty if nothing does.
        excuse: why it does not apply to this deal; empty if it does.
    """

    name: str
    weight: int
    gap: str
    excuse: str = ""


@dataclass(frozen=True, slots=True)
class Completeness:
    """A packet measured by one profile; its parts are in the order of the packet."""

    profile: Profile
    parts: tuple[Part, ...]

    @property
    def applicable(self) -> tuple[Part, ...]:
        """The parts that apply to this deal."""
        return tuple(part for part in self.parts if not part.excuse)

    @property
    def excused(self) -> tuple[Part, ...]:
        """The parts that do not."""
        return tuple(part for part in self.parts if part.excuse)

    @property
    def missing(self) -> tuple[Part, ...]:
        """The parts that do not count yet, the weightiest first."""
        gaps = (part for part in self.applicable if part.gap)
        return tuple(sorted(gaps, key=lambda part: -part.weight))

    @property
    def possible(self) -> int:
        """Points that this deal's packet can have."""
        return sum(part.weight for part in self.applicable)

    @property
    def reached(self) -> int:
        """Points that it has."""
        return self.possible - sum(part.weight for part in self.missing)

    @property
    def percent(self) -> int:
        """Whole percent reached; 100 only if nothing is missing."""
        return 100 * self.reached // self.possible if self.possible else 100


@dataclass(frozen=True, slots=True)
class Quality:
    """The receiver's rubric.

    Attributes:
        by: handle of the person who scored it.
        scores: points by category.
        possible: points that could be given in all.
    """

    by: str
    scores: Mapping[str, int]
    possible: int

    @property
    def total(self) -> int:
        """Points given in all."""
        return sum(self.scores.values())


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Everything `handoff score` says about one packet.

    Attributes:
        id: of the packet.
        schema: version of the header, and so of the rubric.
        policy: digest of the policy that holds the weights.
        rev: the snapshot.
    """

    id: str
    path: str
    schema: str
    policy: str
    rev: str
    completeness: tuple[Completeness, ...]
    quality: Quality | None


def score(
    packet: Draft,
    opportunity: Opportunity | None,
    policy: Policy,
    profiles: Iterable[Profile],
    *,
    rev: str,
) -> Scorecard:
    """Measure a packet by some profiles.

    Args:
        packet: its shape may be wrong.
        opportunity: the one it names; `None` if that is unknown or not valid itself.
        policy: from the same snapshot.
        profiles: what to measure by.
        rev: name of the snapshot, repeated in the result.
    """
    reader = _Reader(packet, opportunity, policy)
    return Scorecard(
        id=packet.identity.stem,
        path=packet.document.path,
        schema=str(packet.document.header.get("schema", "")),
        policy=policy.digest,
        rev=rev,
        completeness=tuple(Completeness(p, reader.parts(p)) for p in profiles),
        quality=reader.quality(),
    )


class _Reader:
    """A packet with what is needed to judge its parts."""

    def __init__(
        self, packet: Draft, opportunity: Opportunity | None, policy: Policy
    ) -> None:
        self.schema = policy.schemas.schema(_PACKET)
        self.header = self.schema.coerce(packet.document.header)
        self.violations = self.schema.violations(self.header)
        self.sections = {s.title: s for s in packet.document.sections}
        self.titles = policy.pipeline.sections[Kind.PACKET]
        self.placeholders = policy.pipeline.placeholders
        self.planned_risks = policy.pipeline.planned_risks
        self.opportunity = opportunity

    def parts(self, profile: Profile) -> tuple[Part, ...]:
        """Judge every part that a profile gives a weight."""
        above = (profile.group,) if profile.group else ()
        found = [*self._fields(profile, above)]
        if not profile.group:
            found += (
                Part(title, profile.weight(title), self._section_gap(title))
                for title in self.titles
            )
        return tuple(part for part in found if part.weight)

    def quality(self) -> Quality | None:
        """Read the receiver's rubric, where it is filled in and valid."""
        rubric = self.header.get("quality")
        if not isinstance(rubric, dict) or self._violation(("quality",)):
            return None
        scores = {key: n for key, n in rubric.items() if isinstance(n, int)}
        about = (self.schema.describe(("quality", name)) for name in scores)
        most = (each.get("maximum") for each in about)
        possible = sum(value for value in most if isinstance(value, int))
        return Quality(str(rubric["by"]), scores, possible)

    def _fields(self, profile: Profile, above: tuple[str, ...]) -> Iterator[Part]:
        group = value_at(self.header, above)
        excuses = _excuses(value_at(group, (_EXCUSED,)))
        for name, is_required in self.schema.fields(above):
            is_part = is_required or name in profile.weights
            if name == _EXCUSED or not (is_part or above):
                continue
            value = value_at(group, (name,))
            gap = self._gap((*above, name), value)
            excuse = self._excuse(name, value, excuses.get(name, ""), gap)
            yield Part(name, profile.weight(name), gap, excuse)

    def _gap(self, pointer: tuple[str, ...], value: object) -> str:
        """Say what keeps a field from counting."""
        if value is None or value == "":
            return "is empty" if value == "" else "is missing"
        if left := next(filter(self._is_placeholder, _leaves(value)), None):
            return f"says `{left}`, which stands for an answer to come"
        if violation := self._violation(pointer):
            lacks = violation.keyword == "required"
            return f"lacks `{violation.detail}`" if lacks else "is not a valid value"
        ids = set(map(str, _ids(value)))
        absent = [each for each in self._listed(pointer) if each not in ids]
        absent += map(str, self._unplanned() if pointer == _STEPS else ())
        return f"lacks {', '.join(f'`{each}`' for each in absent)}" if absent else ""

    def _excuse(self, name: str, value: object, reason: str, gap: str) -> str:
        """Say why a part does not apply; a given reason must be an answer."""
        if value == [] and not gap:
            return _NONE_LISTED if name in CARRIED else "there is nothing to list"
        is_answer = value is None and not self._is_placeholder(reason)
        return reason if is_answer else ""

    def _listed(self, pointer: tuple[str, ...]) -> list[str]:
        """Give the ids that the opportunity lists and the packet must carry."""
        path = CARRIED.get(pointer[0]) if len(pointer) == 1 else None
        if path is None or self.opportunity is None:
            return []
        listed = value_at(self.opportunity.header, path)
        return [entry["id"] for entry in listed] if isinstance(listed, list) else []

    def _unplanned(self) -> Iterator[object]:
        """Give the promises and risks for which no milestone is planned."""
        deal = self.opportunity.header if self.opportunity else {}
        yield from (name for _, name in unplanned_promises(self.header, deal))
        risks = unplanned_risks(self.header, deal, self.planned_risks)
        yield from (name for _, name in risks)

    def _section_gap(self, title: str) -> str:
        section = self.sections.get(title)
        return section_gap(section, self.placeholders)[1] if section else "is missing"

    def _is_placeholder(self, text: str) -> bool:
        return is_placeholder(text, self.placeholders)

    def _violation(self, pointer: Pointer) -> Violation | None:
        """Give the first thing the schema refuses at or below a field."""
        size = len(pointer)
        return next((v for v in self.violations if v.pointer[:size] == pointer), None)


def _excuses(value: object) -> Mapping[str, str]:
    """Read reasons by part, as far as they are written as the schema wants them."""
    rows = value if isinstance(value, list) else []
    pairs = ((value_at(row, ("part",)), value_at(row, ("reason",))) for row in rows)
    return {str(part): reason for part, reason in pairs if isinstance(reason, str)}


def _ids(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _leaves(value: object) -> Iterator[str]:
    """Give every text in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for entry in value.values() if isinstance(value, dict) else value:
            yield from _leaves(entry)
