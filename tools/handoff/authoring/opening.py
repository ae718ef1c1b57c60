"""How an opportunity begins: what is asked, and its first event."""

from collections.abc import Mapping

from handoff.policy.policy import Policy

_FIRST_STAGES = 2


def asked_fields(policy: Policy) -> tuple[str, ...]:
    """Name the fields that the schema, the first stage and the one after it need."""
    schema = policy.schemas.schema("opportunity")
    stages = tuple(policy.pipeline.stages.values())[:_FIRST_STAGES]
    needed = {name for name, is_needed in schema.fields(()) if is_needed}
    needed |= {n for stage in stages for n in stage.gate.fields.required_names()}
    return tuple(n for n, _ in schema.fields(()) if n in needed and n != "events")


def opening_kind(policy: Policy) -> str:
    """Give the kind of the first event of a deal."""
    return policy.pipeline.first.entered_by[0]


def opening_event(
    policy: Policy, time: Mapping[str, str], by: str
) -> Mapping[str, object]:
    """Make the first event of a deal."""
    return {"event": opening_kind(policy), **time, "by": by}
