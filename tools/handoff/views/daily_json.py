"""The daily summary as JSON, version 1: a list of entries per section."""

from handoff.evaluation.runs_on_record import last_evaluation
from handoff.evaluation.summary import Summary
from handoff.evaluation.summary_sections import Entry
from handoff.model.instant import format_instant
from handoff.views.escaping import json_text


def render(summary: Summary) -> str:
    """Write the same sections as the markdown, by name."""
    frame = summary.frame
    last = last_evaluation(frame)
    document: dict[str, object] = {
        "version": 1,
        "date": summary.day.isoformat(),
        "as_of": format_instant(frame.now),
        "rev": frame.rev,
        "policy": frame.policy.digest,
        "last_evaluation": format_instant(last) if last else None,
    }
    for section in summary.sections:
        document[section.name] = [_entry(entry) for entry in section.entries]
    return json_text(document)


def _entry(entry: Entry) -> dict[str, object]:
    return {
        "record": entry.record,
        "company": entry.company,
        "what": entry.what,
        "who": entry.who,
        "when": format_instant(entry.when) if entry.when else None,
    }
