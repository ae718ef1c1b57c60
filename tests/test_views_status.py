"""Where deals stand: words for people, text, JSON."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.authoring import tasks
from handoff.evaluation.report import Report
from handoff.views import board_text, status_text, words
from handoff.views.cards import hand_of
from handoff.views.columns import Cell, align
from handoff.views.style import Style
from handoff.views.width import display_width
from support.deals import KITES, LOST, OTTER, TAKO
from support.drawn import listed, status_document
from support.golden import assert_golden
from support.reports import SAMPLE, WON_WITHOUT_PACKET, lead, path_of, report_of

NOW = "2026-04-22T14:00:00+02:00"
BERLIN = ZoneInfo("Europe/Berlin")
SGR = re.compile(r"\x1b\[[0-9;]*m")


def plain(width: int) -> Style:
    return Style(colour=False, width=width, explain={})


def _drawn(report: Report, style: Style, *, detailed: bool) -> str:
    if detailed:
        return status_text.render(report, style)
    return listed(report, style)


def only(report: Report, opportunity: str) -> Report:
    found = tuple(s for s in report.statuses if s.id == opportunity)
    assert found, opportunity
    return replace(report, statuses=found)


@pytest.mark.parametrize("width", [40, 80, 120])
def test_list_golden(width: int) -> None:
    text = listed(report_of(SAMPLE, NOW), plain(width))
    assert_golden(f"status_text_{width}.txt", text)
    rows = [line for line in text.splitlines() if line.startswith("  ")]
    assert all(display_width(row) <= width for row in rows if "/" not in row)


def test_detailed_golden() -> None:
    text = status_text.render(report_of(SAMPLE, NOW), plain(80))
    assert_golden("status_text_detailed.txt", text)


def test_json_golden() -> None:
    report = report_of(SAMPLE, NOW)
    text = status_document(report)
    assert_golden("status_json.json", text.replace(report.policy.digest, "(digest)"))


def test_the_list_is_in_order_of_stage_then_id() -> None:
    files = {
        **SAMPLE,
        **lead("amber-fox-2026-04-15", "Amber Fox"),
        **lead("zinc-owl-2026-04-01", "Zinc Owl"),
    }
    text = listed(report_of(files, NOW), plain(120))
    ids = [line.split()[0] for line in text.splitlines() if re.match(r"  [a-z]", line)]
    leads = ["amber-fox-2026-04-15", OTTER, "zinc-owl-2026-04-01"]
    assert ids[:6] == [*leads, TAKO, KITES, LOST]
    assert "lead (3)" in text


def test_what_is_missing_is_exact() -> None:
    report = only(report_of(SAMPLE, NOW), TAKO)
    text = status_text.render(report, plain(80))
    _, _, after = text.partition("  To reach `audit`, still missing:\n")
    assert after.startswith(
        "    - section `Audit evidence` is missing\n"
        "    - event `audit-completed`: The audit is done and its evidence "
        "is on record\n"
        "  Clocks:\n"
    )


def test_a_won_deal_needs_its_packet() -> None:
    report = report_of(WON_WITHOUT_PACKET, NOW)
    text = status_text.render(report, plain(80))
    assert (
        "To reach `handed-off`, still missing:\n    - a complete packet, filed" in text
    )


def test_an_overdue_action_is_marked_only_after_its_due_instant() -> None:
    files = lead(OTTER, "Marble Otter", due="2026-04-20")
    at_due = status_text.render(
        report_of(files, "2026-04-21T00:00:00+02:00"), plain(80)
    )
    after = status_text.render(report_of(files, "2026-04-21T00:00:01+02:00"), plain(80))
    assert "due 2026-04-20\n" in at_due
    assert "due now" in at_due
    assert "OVERDUE" not in at_due
    assert "OVERDUE 2026-04-20\n" in after
    assert "overdue by 1 s" in after


def test_what_is_on_hold_is_neither_due_nor_overdue() -> None:
    held = (
        "  - event: paused\n    at: 2026-04-15T10:00:00+02:00\n    by: rui-tanaka\n"
        "    what: proposal\n    reason: scope\n    next:\n"
        "      action: Ask again\n      owner: rui-tanaka\n      due: 2026-04-20\n---\n"
    )
    ((path, text),) = lead(OTTER, "Marble Otter").items()
    report = report_of({path: text.removesuffix("---\n") + held}, NOW)
    found = tasks.in_order([hand_of(report)], None)
    for shown in (
        status_text.render(report, plain(80)),
        listed(report, plain(80)),
        board_text.render(report.frame, [hand_of(report)], plain(80), limit=9),
        tasks.render_text(found, report.frame, plain(80)),
    ):
        assert "on hold" in shown
        assert "2026-04-20" not in shown
        assert "overdue" not in shown.lower()


def test_what_a_lapsed_consent_put_off_is_due_when_its_clock_says() -> None:
    ((path, text),) = lead(OTTER, "Marble Otter", due="2026-04-20").items()
    consent = (
        "contact:\n  name: Kim\n  consent: {status: given, basis: Form, "
        "since: 2026-04-18, lapsed_on: 2026-04-15}\nsource:"
    )
    report = report_of({path: text.replace("source:", consent, 1)}, NOW)
    shown = status_text.render(report, plain(80))
    assert "Call them back, by dana-okafor, due 2026-04-22 24:00 +02:00\n" in shown
    assert "  due 2026-04-22 24:00 +02:00  dana-okafor\n" in shown
    assert "overdue" not in shown.lower()


def test_a_due_instant_is_shown_in_the_zone_of_policy() -> None:
    files = lead(OTTER, "Marble Otter", due="2026-04-23T23:30:00Z")
    report = report_of(files, NOW)
    assert "due 2026-04-24 01:30 +02:00\n" in status_text.render(report, plain(80))
    assert "due 2026-04-24\n" in listed(report, plain(80))


def test_an_open_deal_without_next_action_is_marked() -> None:
    files = lead(OTTER, "Marble Otter")
    text = files[path_of(OTTER)]
    head, _, _ = text.partition("    next:\n")
    report = report_of({path_of(OTTER): head + "---\n"}, NOW)
    for detailed in (True, False):
        shown = _drawn(report, plain(80), detailed=detailed)
        assert "no next action" in shown
    document = json.loads(status_document(report))
    assert document["records"][0]["next"] is None


def test_a_closed_deal_has_no_next_stage_and_no_clock() -> None:
    report = only(report_of(SAMPLE, NOW), LOST)
    block = status_text.render(report, plain(80)).split("\n\n")[0]
    assert block.splitlines() == [
        "Paper Lantern & Söhne  paper-lantern-2026-02-09",
        "  closed-lost for 32 days, cycle 1, owner dana-okafor",
    ]


def test_json_says_how_exactly_the_entry_is_known() -> None:
    files = lead(OTTER, "Marble Otter")
    unknown = files[path_of(OTTER)].replace(
        "at: 2026-04-14T09:00:00+02:00", "on: unknown"
    )
    report = report_of({**SAMPLE, path_of(OTTER): unknown}, NOW)
    records = json.loads(status_document(report))["records"]
    entered = {record["id"]: record["entered_at"] for record in records}
    assert entered == {
        OTTER: None,
        LOST: "2026-03-20",
        TAKO: "2026-04-16T08:00:00Z",
        KITES: "2026-04-21T13:30:00Z",
    }
    assert list(entered) == sorted(entered)
    shown = listed(report, plain(120))
    assert "days unknown" in shown


def test_files_that_were_not_evaluated_are_named_then_counted() -> None:
    files = {path_of(f"drum-{n}-2026-04-20"): "no header\n" for n in range(12)}
    text = listed(report_of(files, NOW), plain(80))
    assert text.startswith(
        "0 deals, 0 open, as of 2026-04-22 14:00 +02:00\n12 files could"
    )
    assert text.count("opportunities/2026/04/drum-") == 10
    assert text.endswith("  … and 2 more\n")


def test_hostile_text_is_shown_as_escapes() -> None:
    files = lead(OTTER, '"Otter \\e[2J \\u202e ##[x]"')
    report = report_of(files, NOW)
    assert report.statuses or report.not_evaluated
    for detailed in (True, False):
        text = _drawn(report, plain(120), detailed=detailed)
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert "##[" not in text


def test_colour_changes_nothing_but_colour() -> None:
    report = report_of(SAMPLE, NOW)
    for detailed in (True, False):
        coloured = _drawn(report, replace(plain(80), colour=True), detailed=detailed)
        assert "\x1b[1;31mOVERDUE 2026-04-2" in coloured
        uncoloured = _drawn(report, plain(80), detailed=detailed)
        assert SGR.sub("", coloured) == uncoloured


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (0.5, "less than 1 s"),
        (30, "30 s"),
        (59.9, "59 s"),
        (2_700, "45 min"),
        (4_800, "1 h 20 min"),
        (7_200, "2 h"),
        (7_230, "2 h"),
        (97_200, "1 d 3 h"),
        (86_400 + 1_800, "1 d"),
        (86_400 * 1_234, "1,234 d"),
    ],
)
def test_duration(seconds: float, text: str) -> None:
    assert words.duration(timedelta(seconds=seconds)) == text


def test_working_time_has_no_days_and_all_units_are_exact() -> None:
    length = timedelta(days=2, hours=3, minutes=4, seconds=5)
    assert words.duration(length, units=4) == "2 d 3 h 4 min 5 s"
    assert words.duration(length, is_working=True) == "51 h 4 min"


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=9_000)))
@settings(deadline=None)
def test_a_duration_is_never_rounded_up_nor_to_nothing(length: timedelta) -> None:
    sizes = {"d": 86_400, "h": 3_600, "min": 60, "s": 1}
    text = words.duration(length)
    found = re.findall(r"([0-9,]+) (d|h|min|s)\b", text)
    shown = sum(int(number.replace(",", "")) * sizes[unit] for number, unit in found)
    assert (text == "0 s") == (length == timedelta(0))
    assert shown <= max(length.total_seconds(), 1)
    assert length.total_seconds() - shown < max(shown, 1)


@pytest.mark.parametrize(
    ("moment", "shown", "as_due"),
    [
        ("2026-04-22T13:30", "2026-04-22 15:30 +02:00", "2026-04-22 15:30 +02:00"),
        ("2026-04-21T22:00", "2026-04-22 00:00 +02:00", "2026-04-21 24:00 +02:00"),
        ("2026-01-01T08:00:05", "2026-01-01 09:00:05 +01:00", None),
        ("2026-10-25T00:30", "2026-10-25 02:30 +02:00", None),
        ("2026-10-25T01:30", "2026-10-25 02:30 +01:00", None),
    ],
)
def test_instants(moment: str, shown: str, as_due: str | None) -> None:
    instant = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert words.instant(instant, BERLIN) == shown
    assert words.due(instant, BERLIN) == (as_due or shown)


def test_columns_shrink_in_order_and_give_room_back() -> None:
    row = (Cell("alpha" * 4), Cell("beta" * 5), Cell("end"))
    shrink = ((0, 8), (1, 0), (0, 4))
    shown = [align([row], plain(width), shrink)[0] for width in (47, 40, 30, 12)]
    assert [display_width(line) for line in shown] == [47, 40, 25, 12]
    assert shown[2] == f"{'alpha' * 4}  end"
    assert shown[3] == "alphaa…  end"
