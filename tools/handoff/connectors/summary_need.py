"""The daily summary as something to be told, once for each date and channel."""

from handoff.connectors.need import Need
from handoff.connectors.notification import Kind
from handoff.evaluation.summary import Summary
from handoff.model.instant import last_of_day
from handoff.views.daily_post import summary_item


def summary_need(summary: Summary) -> Need:
    """Ask for a summary to be told to everybody."""
    end = last_of_day(summary.day, summary.frame.policy.zone)
    return Need(
        kind=Kind.SUMMARY,
        record="daily",
        path="",
        cycle=0,
        clock="summary",
        level=summary.day.isoformat(),
        due=end,
        at=end,
        tiers=(),
        say=lambda _: summary_item(summary),
    )
