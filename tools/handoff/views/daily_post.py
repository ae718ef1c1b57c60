"""The daily summary as a post: a line for each entry, under its section."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from handoff.evaluation.summary import Section, Summary
from handoff.evaluation.summary_sections import Entry
from handoff.views.daily_markdown import source_of
from handoff.views.post import Item
from handoff.views.words import instant


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
    yield from (f"• {_entry(entry, zone)}" for entry in section.entries)


def _entry(entry: Entry, zone: ZoneInfo) -> str:
    name = f"{entry.company} ({entry.record})" if entry.company else entry.record
    when = instant(entry.when, zone) if entry.when else ""
    return ", ".join(
        part for part in (f"{name}: {entry.what}", when, entry.who) if part
    )
