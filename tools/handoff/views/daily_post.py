"""The daily summary as a post: a line for each entry, under its section."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from handoff.evaluation.summary import Section, Summary
from handoff.evaluation.summary_sections import Entry
from handoff.views.daily_markdown import aside_of, source_of
from handoff.views.post import Item


def summary_item(summary: Summary) -> Item:
    """Write the summary; sections with nothing to say are left out but the first."""
    zone = summary.frame.policy.zone
    lines = [
        line
        for section in summary.sections
        if section.entries or section == summary.sections[0]
        for line in _section(section, zone)
    ]
    return Item(
        f"Daily summary, {summary.day.isoformat()}",
        (*lines, *source_of(summary)),
    )


def _section(section: Section, zone: ZoneInfo) -> Iterator[str]:
    yield f"{section.title}:" if section.entries else f"{section.title}: nothing."
    yield from (f"• {_entry(entry, section, zone)}" for entry in section.entries)


def _entry(entry: Entry, section: Section, zone: ZoneInfo) -> str:
    name = f"{entry.company} ({entry.record})" if entry.company else entry.record
    return f"{name}: {entry.what} {aside_of(entry, section, zone)}".rstrip()
