"""A packet's score as JSON, version 1; fields may be added, never changed."""

from handoff.evaluation.completeness import Completeness, Quality, Scorecard
from handoff.views.escaping import json_text
from handoff.views.style import Style


def render(card: Scorecard, _style: Style) -> str:
    """Write a scorecard; completeness and quality stand apart."""
    return json_text(
        {
            "version": 1,
            "id": card.id,
            "path": card.path,
            "schema": card.schema or None,
            "rev": card.rev,
            "policy": card.policy,
            "completeness": [_completeness(each) for each in card.completeness],
            "quality": _quality(card.quality) if card.quality else None,
        }
    )


def _completeness(measured: Completeness) -> dict[str, object]:
    return {
        "profile": measured.profile.name,
        "percent": measured.percent,
        "reached": measured.reached,
        "possible": measured.possible,
        "missing": [
            {"name": part.name, "weight": part.weight, "message": part.gap}
            for part in measured.missing
        ],
        "not_applicable": [
            {"name": part.name, "weight": part.weight, "reason": part.excuse}
            for part in measured.excused
        ],
    }


def _quality(quality: Quality) -> dict[str, object]:
    return {
        "by": quality.by,
        "total": quality.total,
        "possible": quality.possible,
        "scores": dict(quality.scores),
    }
