"""The daily summary as markdown, for people."""

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

from handoff.evaluation.report import Frame
from handoff.evaluation.runs_on_record import last_evaluation
from handoff.evaluation.summary import Section, Summary
from handoff.evaluation.summary_sections import Entry
from handoff.views.escaping import markdown
from handoff.views.words import due, duration, instant

_COMMIT_SHOWN = 12
_EXPECTED = timedelta(hours=3)
"""The longest silence of runs that leave a mark every hour."""
_NOTHING = "Nothing."
_DUE = frozenset(
    {"new_breaches", "open_breaches", "at_risk", "waiting", "overdue_next_actions"}
)
"""Sections whose instants are those by which something was, or is, due."""


def render(summary: Summary) -> str:
    """Write the summary; sections with nothing to say are named in one line."""
    frame = summary.frame
    zone = frame.policy.zone
    lines = [f"# Daily summary, {summary.day.isoformat()}", ""]
    for section in summary.sections:
        if section.entries or section == summary.sections[0]:
            lines += [*_section(section, zone), ""]
    quiet = [s.title.split(",")[0] for s in summary.sections[1:] if not s.entries]
    if quiet:
        lines += [f"Nothing to report: {', '.join(quiet).lower()}.", ""]
    lines += [markdown(line) for line in source_of(summary)]
    return "\n".join(lines) + "\n"


def _section(section: Section, zone: ZoneInfo) -> Iterator[str]:
    yield f"## {section.title}"
    yield ""
    yield from (f"- {_entry(entry, section, zone)}" for entry in section.entries)
    if not section.entries:
        yield _NOTHING


def _entry(entry: Entry, section: Section, zone: ZoneInfo) -> str:
    record = markdown(entry.record)
    name = f"**{markdown(entry.company)}** ({record})" if entry.company else record
    said = f"{name}: {markdown(entry.what)}"
    return f"{said} {markdown(aside_of(entry, section, zone))}".rstrip()


def aside_of(entry: Entry, section: Section, zone: ZoneInfo) -> str:
    """Write when and by whom, in brackets; empty if neither is known."""
    write = due if section.name in _DUE else instant
    when = write(entry.when, zone) if entry.when else ""
    said = ", ".join(part for part in (when, entry.who) if part)
    return f"({said})" if said else ""


def source_of(summary: Summary) -> tuple[str, ...]:
    """Say what the summary rests on: its instant, its commit, the last run."""
    frame = summary.frame
    source = frame.rev if len(frame.rev) <= _COMMIT_SHOWN else frame.rev[:12]
    computed = instant(frame.now, frame.policy.zone)
    return (f"Computed for {computed} from {source}.", *_last_run(frame))


def _last_run(frame: Frame) -> Iterator[str]:
    """Say when clocks were last evaluated by a run, where such runs are expected."""
    last = last_evaluation(frame)
    if last is None:
        if frame.policy.channels.channels:
            yield "No run of `handoff notify` is on record: look at its schedule."
        return
    silence = frame.now - last
    is_late = silence > _EXPECTED
    more = f", {duration(silence)} before: look at its schedule" if is_late else ""
    yield f"Last run on record: {instant(last, frame.policy.zone)}{more}."
