"""Clock readings: table, JSON, and the page that explains one."""

import json
import re
from dataclasses import replace

import pytest

from handoff.evaluation.reading import Reading, State
from handoff.evaluation.report import Report
from handoff.views import sla_explain
from handoff.views.states import LOOKS
from handoff.views.style import Style
from handoff.views.width import display_width
from support import scenarios
from support.deals import KITES, KITES_PACKET, KITES_PATH, LOST, LOST_TEXT, OTTER
from support.drawn import clocks, clocks_document
from support.golden import assert_golden
from support.reports import (
    SAMPLE,
    WON,
    lead,
    path_of,
    policy_where,
    policy_with,
    report_of,
)

NOW = "2026-04-22T14:00:00+02:00"
REPORT = report_of(SAMPLE, NOW)
COMMIT = "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567"
SGR = re.compile(r"\x1b\[[0-9;]*m")


def plain(width: int) -> Style:
    return Style(colour=False, width=width, explain={})


def of_clock(report: Report, name: str, record: str = KITES) -> Reading:
    found = [r for r in report.readings if (r.clock.name, r.record) == (name, record)]
    assert len(found) == 1
    return found[0]


def explained(report: Report, name: str, record: str = KITES) -> str:
    return sla_explain.render(
        report, [of_clock(report, name, record)], plain(80), {}, "2026a"
    )


@pytest.mark.parametrize("width", [40, 80, 120])
def test_golden(width: int) -> None:
    text = clocks(REPORT, plain(width), show_all=False)
    assert_golden(f"sla_text_{width}.txt", text)
    table = text.partition("\n\n")[0].splitlines()
    assert all(display_width(line) <= width for line in table)


def test_all_golden() -> None:
    assert_golden("sla_text_all.txt", clocks(REPORT, plain(120), show_all=True))


def test_json_golden() -> None:
    won = replace(
        REPORT, readings=tuple(r for r in REPORT.readings if r.record == KITES)
    )
    text = clocks_document(won).replace(REPORT.policy.digest, "(digest)")
    assert_golden("sla_json.json", text)


def test_explain_golden() -> None:
    won = [r for r in REPORT.readings if r.record == KITES]
    places = sla_explain.places(REPORT, won)
    evidence = dict.fromkeys(places[1:], COMMIT)
    text = sla_explain.render(REPORT, won, plain(80), evidence, "2026a")
    digest = REPORT.policy.digest[:12]
    assert text.count(f"  policy        {digest}\n") == len(won)
    assert_golden("sla_explain.txt", text.replace(digest, "(digest)"))


def test_every_state_has_a_look() -> None:
    assert set(LOOKS) == set(State)
    assert [look.rank for look in LOOKS.values()] == list(range(1, 1 + len(State)))


def test_the_longest_overrun_comes_first() -> None:
    lines = clocks(REPORT, plain(120), show_all=False).splitlines()
    states = [line.split("  ")[0] for line in lines[:7]]
    assert states == [*["BREACHED"] * 3, "at risk", *["running"] * 2, ""]
    assert "overdue by 1 d 14 h" in lines[0]


def test_hidden_readings_are_counted() -> None:
    text = clocks(REPORT, plain(120), show_all=False)
    assert (
        "\n1 unknown, 2 met, 1 met late, 9 not applicable, 17 not started: --all"
        " shows them\n" in text
    )
    everything = clocks(REPORT, plain(200), show_all=True)
    assert "--all" not in everything
    table = everything.partition("\n\n")[0].splitlines()
    assert len(table) == len(REPORT.readings)


def test_nothing_to_show() -> None:
    report = report_of({path_of(LOST): LOST_TEXT}, NOW)
    text = clocks(report, plain(80), show_all=False)
    assert text.startswith("no clock is running\n9 not applicable: --all")


def test_colour_changes_nothing_but_colour() -> None:
    coloured = clocks(REPORT, replace(plain(80), colour=True), show_all=True)
    assert "\x1b[1;31mBREACHED\x1b[0m" in coloured
    assert SGR.sub("", coloured) == clocks(REPORT, plain(80), show_all=True)


def test_json_gives_utc_instants_and_whole_seconds() -> None:
    document = json.loads(clocks_document(REPORT))
    assert (document["version"], document["as_of"]) == (1, "2026-04-22T12:00:00Z")
    readings = {(r["record"], r["clock"]): r for r in document["readings"]}
    assert len(readings) == len(REPORT.readings)
    late = readings[KITES, "packet-filed"]
    assert late["started"] == "2026-04-21T10:00:00Z"
    assert late["breached_at"] == late["due"] == "2026-04-21T12:00:00Z"
    assert (late["state"], late["breached"]) == ("met-late", True)
    assert (late["elapsed_seconds"], late["overrun_seconds"]) == (12_600, 5_400)
    assert late["remaining_seconds"] is None
    waiting = readings[KITES, "packet-acknowledged"]
    assert (waiting["target_seconds"], waiting["remaining_seconds"]) == (86_400, 5_400)
    idle = readings[OTTER, "sow-sent"]
    assert (idle["started"], idle["breached"], idle["due"]) == (None, False, None)


def test_places_are_where_facts_stand_in_the_files() -> None:
    reading = of_clock(REPORT, "packet-filed")
    places = sla_explain.places(REPORT, [reading, reading])
    lines = [SAMPLE[path].splitlines()[line - 1].strip() for path, line in places]
    assert [path for path, _ in places] == [KITES_PATH, KITES_PACKET]
    assert lines == ["- event: closed-won", "by: dana-okafor"]


def test_explain_shows_a_pause_and_what_it_did() -> None:
    text = explained(REPORT, "proposal-follow-up")
    assert "  original due  2026-04-14 24:00 +02:00\n" in text
    assert "  due           2026-04-17 24:00 +02:00\n" in text
    assert (
        "  on hold       2026-04-10 12:00 +02:00 to 2026-04-13 12:00 +02:00\n" in text
    )


def test_a_pause_from_before_the_start_is_not_shown() -> None:
    assert of_clock(REPORT, "next-action").pauses == ()
    assert "on hold" not in explained(REPORT, "next-action")


def test_a_clock_on_hold_has_no_due_instant() -> None:
    report = report_of({KITES_PATH: WON[KITES_PATH]}, "2026-04-11T10:00:00+02:00")
    reading = of_clock(report, "proposal-decision")
    assert (reading.state, reading.due) == (State.PAUSED, None)
    table = clocks(report, plain(120), show_all=False)
    row = next(line for line in table.splitlines() if "proposal-decision" in line)
    assert re.fullmatch(r"paused +proposal-decision +14 d 12 h left +dana-okafor", row)
    shown = explained(report, "proposal-decision")
    assert "  original due  2026-04-24 24:00 +02:00\n" in shown
    assert "  due           not while on hold\n" in shown
    assert "  on hold       since 2026-04-10 12:00 +02:00\n" in shown


def test_explain_names_the_field_that_counts() -> None:
    text = WON[KITES_PATH].replace(
        "    commitment: verbal\n",
        "    commitment: verbal\n    committed_at: 2026-04-21T13:00:00+02:00\n",
    )
    report = report_of({**WON, KITES_PATH: text}, NOW)
    shown = explained(report, "sow-sent")
    assert "  started       2026-04-21 13:00 +02:00, from `committed_at`\n" in shown
    assert "claimed for 2026-04-21 12:00 +02:00\n" in shown


def test_explain_says_that_a_start_is_known_only_to_the_day() -> None:
    text = WON[KITES_PATH].replace(
        "  - event: closed-won\n    at: 2026-04-21T12:00:00+02:00",
        "  - event: closed-won\n    on: 2026-04-21",
    )
    shown = explained(report_of({**WON, KITES_PATH: text}, NOW), "sow-signed")
    assert "state         unknown, the start is known only to the day\n" in shown
    assert "claimed for the day 2026-04-21\n" in shown
    assert "  stopped       not known\n" in shown


def test_explain_shows_the_shorter_promise() -> None:
    signed = "  - {event: sow-signed, at: 2026-04-22T09:00:00+02:00, by: dana-okafor}\n"
    text = WON[KITES_PATH].replace("---\n\n## Disc", f"{signed}---\n\n## Disc")
    shown = explained(report_of({**WON, KITES_PATH: text}, NOW), "delivery-window")
    assert (
        "  target        28 d on calendar `always`, by `delivery_window.days_at_most` "
        "of the packet (policy: 30 d)\n" in shown
    )


def test_explain_says_what_cancelled_a_clock() -> None:
    lost = (
        "  - event: closed-lost\n    at: 2026-04-22T19:00:00+02:00\n"
        "    by: dana-okafor\n    reason: timing\n"
    )
    text = WON[KITES_PATH].replace("---\n\n## Disc", f"{lost}---\n\n## Disc")
    report = report_of({**WON, KITES_PATH: text}, "2026-04-23T09:00:00+02:00")
    shown = explained(report, "packet-acknowledged")
    assert "  state         cancelled, closed-lost, 3 h 30 min late\n" in shown
    assert "  cancelled     2026-04-22 19:00 +02:00\n" in shown
    assert "  overrun       3 h 30 min, frozen at the stop\n" in shown


def test_explain_counts_working_time_window_by_window() -> None:
    always = "within: 24h\n    calendar: always\n    at_risk: 75\n    owner: receiver"
    policy = policy_where(always, always.replace("always", "business-hours"))
    report = report_of(WON, "2026-04-22T10:30:00+02:00", policy)
    shown = explained(report, "packet-acknowledged")
    assert "  target        24 h on calendar `business-hours`\n" in shown
    counted = [line.split("  ")[-2:] for line in shown.splitlines() if "in all" in line]
    assert [total for _, total in counted] == ["in all 2 h 30 min", "in all 4 h"]
    table = clocks(report, plain(120), show_all=False)
    assert "20 h left" in table


def test_hostile_text_is_shown_as_escapes() -> None:
    files = lead(OTTER, '"Otter ##[x] é"')
    report = report_of(files, NOW)
    hostile = replace(
        of_clock(report, "next-action", OTTER), owner="a\x1b[2J\u202e##[x]"
    )
    report = replace(report, readings=(hostile,))
    text = clocks(report, plain(80), show_all=True)
    text += sla_explain.render(report, report.readings, plain(80), {}, "2026a")
    assert "##[" not in text
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_the_page_names_every_ground_and_what_makes_it_doubtful() -> None:
    both = (
        "    start:\n      - all:\n          - event: proposal-sent\n"
        "          - event: closed-won\n"
    )
    shipped = (
        "    start:\n      - event: closed-won\n        when:\n"
        "          commitment: verbal\n        latest_of: [at, committed_at]\n"
        "    stop: [sow-signed]\n"
    )
    stop = "    since: 2026-01-01\n    shadow: true\n    stop: [sow-signed]\n"
    policy = policy_where(shipped, f"{both}{stop}")
    report = report_of(WON, NOW, policy)
    (reading,) = [r for r in report.shadow if r.clock.name == "sow-signed"]
    page = sla_explain.render(report, [reading], plain(80), {}, "2026a")
    started = page.partition("started")[2].partition("stopped")[0]
    assert started.count(f"{KITES_PATH}:") == 2
    assert "`proposal-sent` by dana-okafor" in started
    assert "`closed-won` by dana-okafor" in started
    assert "version       of the clock in force for starts since 2026-01-01" in page
    assert "shadow        policy tries this clock out" in page
    assert page.endswith("by the zone rules 2026a\n")


def test_a_stop_that_no_forge_saw_is_provisional() -> None:
    page = explained(REPORT, "packet-filed")
    assert "provisional" not in page
    told = {
        "after": "closed-won",
        "packets": [
            {
                "filed": "2026-04-21T13:00:00+02:00",
                "acknowledgement": {"at": "2026-04-22T09:00:00+02:00"},
            }
        ],
    }
    report = scenarios.report_of(told, NOW)
    (reading,) = [r for r in report.readings if r.clock.name == "packet-acknowledged"]
    assert reading.is_provisional
    page = sla_explain.render(report, [reading], plain(80), {}, "2026a")
    assert "provisional   the record claims the stop, and no forge saw it" in page


def test_a_day_that_was_closed_too_late_is_named() -> None:
    bridge = "closed: [{on: 2026-04-21, known_from: 2026-04-24}]\n    week:\n"
    policy = policy_with(
        ("clocks", "48h\n    calendar: always", "48h\n    calendar: business-hours"),
        ("calendars", "week:\n", bridge),
    )
    then, now = "2026-04-23T14:00:00+02:00", "2026-04-24T14:00:00+02:00"
    before, after = (
        explained(report_of(SAMPLE, at, policy=policy), "sow-signed")
        for at in (then, now)
    )
    assert "  open then     2026-04-21, which policy closed only later\n" in before
    assert "running, 31 h left" in before
    assert "open then" not in after
    assert "running, 28 h left" in after
