"""What a change of policy changes, as JSON, version 1; fields may be added."""

from handoff.evaluation.flips import Effects, Flip, Outcome
from handoff.model.instant import format_instant
from handoff.views.escaping import json_text


def render(effects: Effects, *, is_what_if: bool) -> str:
    """Write every difference; instants in UTC, `null` where there is nothing."""
    before, after = effects.before, effects.after
    return json_text(
        {
            "version": 1,
            "as_of": format_instant(after.now),
            "rev": after.rev,
            "policy": {"before": before.policy.digest, "after": after.policy.digest},
            "what_if": is_what_if,
            "readings": [_flip(flip) for flip in effects.flips],
            "stages": [
                {
                    "record": moved.record,
                    "before": moved.before or None,
                    "after": moved.after or None,
                }
                for moved in effects.stages
            ],
            "diagnostics": {
                severity.value: {
                    "before": number,
                    "after": effects.found_after[severity],
                }
                for severity, number in effects.found_before.items()
            },
        }
    )


def _flip(flip: Flip) -> dict[str, object]:
    return {
        "record": flip.record,
        "cycle": flip.cycle,
        "clock": flip.clock,
        "open": flip.is_open,
        "verdict_differs": flip.is_verdict,
        "before": _said(flip.before),
        "after": _said(flip.after),
    }


def _said(outcome: Outcome | None) -> dict[str, object] | None:
    if outcome is None:
        return None
    return {
        "state": outcome.state.value,
        "breached": outcome.is_breached,
        "due": format_instant(outcome.due) if outcome.due else None,
    }
