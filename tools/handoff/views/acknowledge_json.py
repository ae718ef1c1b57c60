"""What came of reviews as JSON, version 1; fields may be added, never changed."""

from collections.abc import Iterator

from handoff.evaluation.approval import Outcome
from handoff.evaluation.approval_run import Looked, Run, Trouble
from handoff.model.instant import format_instant
from handoff.views.escaping import json_text
from handoff.views.style import Style


def render(run: Run, _style: Style) -> str:
    """Write a run; instants in UTC."""
    findings, written = run.findings, run.written
    return json_text(
        {
            "version": 1,
            "as_of": format_instant(run.now),
            "rev": run.rev,
            "dry_run": run.is_dry,
            "reviews": [
                each for looked in findings.looked for each in _reviews(looked)
            ],
            "recorded": [
                {"kind": entry.kind.value, "key": entry.key, "body": entry.body}
                for entry in findings.entries
            ],
            "main": {
                "packets": list(written.packets),
                "commit": written.commit or None,
                "refused": written.refused or None,
                "kept": list(written.kept),
            },
            "told": [
                {
                    "pull": told.pull,
                    "review": told.outcome.review.id,
                    "new": told.is_new,
                }
                for told in run.told
            ],
            "troubles": [_trouble(t) for t in (*findings.troubles, *run.troubles)],
            "waiting": list(findings.waiting),
            "not_looked_at": findings.unseen,
            "requests": {"sent": run.requests, "at_most": run.most},
        }
    )


def _reviews(looked: Looked) -> Iterator[dict[str, object]]:
    for outcome in looked.outcomes:
        yield {
            "pull": looked.number,
            "packet": looked.packet or None,
            **_outcome(outcome),
        }


def _outcome(outcome: Outcome) -> dict[str, object]:
    review = outcome.review
    return {
        "review": review.id,
        "account": review.account.id if review.account else None,
        "by": outcome.handle or None,
        "at": format_instant(review.submitted_at) if review.submitted_at else None,
        "head": review.head,
        "outcome": outcome.decision.value,
        "reasons": [
            {"name": r.name, "text": r.text, "hint": r.hint} for r in outcome.reasons
        ],
        "digest": outcome.digest or None,
        "risks_accepted": list(outcome.risks),
        "gaps": list(outcome.gaps),
    }


def _trouble(trouble: Trouble) -> dict[str, str]:
    error = trouble.error
    return {"about": trouble.about, "message": error.message, "hint": error.hint}
