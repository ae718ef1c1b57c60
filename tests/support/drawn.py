"""Views of a report that holds all deals, drawn as the commands draw them."""

from datetime import date

from handoff.evaluation.report import Report
from handoff.evaluation.summary import Summary, summarise
from handoff.evaluation.summary_sections import entries_of
from handoff.views import board_text, sla_json, sla_text, status_json, status_list
from handoff.views.cards import hand_of
from handoff.views.style import Style


def board(report: Report, style: Style, *, limit: int) -> str:
    """Draw the board."""
    return board_text.render(report.frame, [hand_of(report)], style, limit=limit)


def listed(report: Report, style: Style) -> str:
    """Draw the list of all deals."""
    return status_list.render(report.frame, [hand_of(report)], style)


def status_document(report: Report) -> str:
    """Write where deals stand, as JSON."""
    return "".join(status_json.render(report.frame, [hand_of(report)]))


def clocks(report: Report, style: Style, *, show_all: bool) -> str:
    """Draw the table of readings."""
    share = sla_text.share_of(report, show_all=show_all)
    return sla_text.render(report.frame, [share], style)


def clocks_document(report: Report) -> str:
    """Write readings as JSON."""
    return "".join(sla_json.render(report.frame, [sla_json.share_of(report)]))


def summed(report: Report, day: date) -> Summary:
    """Sum up a date."""
    return summarise(report.frame, day, [entries_of(report, day)])
