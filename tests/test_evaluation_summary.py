"""The daily summary: one rich day, and each section at its edges."""

from datetime import date, timedelta

import pytest

from handoff.evaluation.report import Report
from handoff.evaluation.summary import Summary
from handoff.evaluation.summary_sections import Entry
from handoff.views import daily_json, daily_markdown
from support.drawn import summed
from support.golden import assert_golden
from support.scenarios import (
    FOLDER,
    Told,
    instant_of,
    read_yaml,
    report_of,
    report_of_day,
)

RICH = read_yaml(FOLDER / "day.yaml")
END = "2026-04-22T23:59:59.999999+02:00"
NIGHT_BEFORE = "2026-04-21T23:59:59.999999+02:00"
DAY = date(2026, 4, 22)
WON_AGAIN = (
    "won: assessment, cycle 2; packet not filed yet; SOW not-sent, expected 2026-04-24"
)
NEXT = {"action": "Call", "owner": "dana-okafor", "due": "2026-04-22"}


@pytest.fixture(scope="module")
def rich() -> Summary:
    return summed(report_of_day(RICH, END), DAY)


def entries(summary: Summary, section: str) -> tuple[Entry, ...]:
    return next(s.entries for s in summary.sections if s.name == section)


def records(summary: Summary, section: str) -> list[str]:
    return [entry.record for entry in entries(summary, section)]


def whats(summary: Summary, section: str) -> list[tuple[str, str]]:
    found = entries(summary, section)
    return [(entry.record.rsplit("-", 3)[0], entry.what) for entry in found]


def told(told: Told, now: str, day: date = DAY) -> Summary:
    return summed(report_of(told, now), day)


def test_markdown(rich: Summary) -> None:
    assert_golden("daily_markdown.md", daily_markdown.render(rich))


def test_json(rich: Summary) -> None:
    digest = rich.frame.policy.digest
    text = daily_json.render(rich)
    assert digest in text
    assert_golden("daily_json.json", text.replace(digest, "(digest)"))


def test_completions(rich: Summary) -> None:
    assert whats(rich, "key_completions") == [
        ("amber-mill", "won: assessment; packet filed; SOW signed"),
        ("silver-reed", WON_AGAIN),
        ("zephyr-kites", "packet-acknowledged"),
        ("zephyr-kites", "kickoff-scheduled"),
    ]


def test_the_packet_of_an_earlier_win_is_not_that_of_the_next() -> None:
    again = {
        "after": "closed-won",
        "events": [
            {"reopened": "2026-04-22T09:00:00+02:00", "back_to": "closed-won"},
            {"closed-won": "2026-04-22T12:00:00+02:00"},
        ],
        "packets": [{"filed": "2026-04-21T13:00:00+02:00"}],
    }
    found = whats(told(again, END), "key_completions")
    assert found == [("zephyr-kites", WON_AGAIN)]
    first = told(again, NIGHT_BEFORE, date(2026, 4, 21))
    assert "packet filed" in whats(first, "key_completions")[0][1]


def test_new_breaches(rich: Summary) -> None:
    assert whats(rich, "new_breaches") == [
        ("hostile-name", "next-action went overdue"),
        ("zephyr-kites", "sow-sent went overdue"),
        ("silver-reed", "packet-filed went overdue"),
        ("silver-reed", "next-action went overdue"),
    ]
    assert [entry.when for entry in entries(rich, "new_breaches")] == [
        instant_of("2026-04-22T00:00:00+02:00"),
        instant_of("2026-04-22T12:00:00+02:00"),
        instant_of("2026-04-22T17:00:00+02:00"),
        instant_of("2026-04-22T17:00:00+02:00"),
    ]


def test_a_breach_that_was_cured_or_cancelled_is_still_one() -> None:
    cured = {
        "after": "closed-won",
        "packets": [{"filed": "2026-04-21T15:00:00+02:00"}],
    }
    day = date(2026, 4, 21)
    summary = told(cured, NIGHT_BEFORE, day)
    assert ("zephyr-kites", "packet-filed went overdue, done since") in whats(
        summary,
        "new_breaches",
    )
    lost = {"after": "closed-won", "events": [{"closed-lost": "2026-04-21T15:00:00Z"}]}
    summary = told(lost, NIGHT_BEFORE, day)
    assert ("zephyr-kites", "packet-filed went overdue, cancelled since") in whats(
        summary,
        "new_breaches",
    )


def test_open_breaches_are_those_of_earlier_days(rich: Summary) -> None:
    assert whats(rich, "open_breaches") == [
        ("old-harbour", "packet-filed is overdue"),
    ]
    next_day = summed(report_of_day(RICH, END), DAY + timedelta(days=1))
    assert ("hostile-name", "next-action is overdue") in whats(
        next_day,
        "open_breaches",
    )


def test_at_risk_is_not_yet_late(rich: Summary) -> None:
    assert whats(rich, "at_risk") == [("amber-mill", "packet-acknowledged is due")]
    due = entries(rich, "at_risk")[0].when
    assert due == instant_of("2026-04-23T05:30:00+02:00")


def test_escalations_of_the_date_that_still_stand(rich: Summary) -> None:
    found = entries(rich, "escalations")
    assert [(e.record.rsplit("-", 3)[0], e.what, e.who) for e in found] == [
        ("silver-reed", "packet-filed goes to deal-owner", "dana-okafor"),
        ("silver-reed", "packet-filed goes to chief-of-staff", "priya-venkat"),
        ("zephyr-kites", "sow-sent goes to deal-owner", "dana-okafor"),
    ]
    done = {"after": "closed-won", "packets": [{"filed": "2026-04-21T15:00:00+02:00"}]}
    summary = told(done, NIGHT_BEFORE, date(2026, 4, 21))
    assert not entries(summary, "escalations")


def test_the_ladder_of_an_acknowledgement() -> None:
    deal = {"after": "closed-won", "packets": [{"filed": "2026-04-21T13:00:00+02:00"}]}
    summary = told(deal, "2026-04-22T19:00:00+02:00")
    rungs = [
        (e.who, e.when)
        for e in entries(summary, "escalations")
        if e.what.startswith("packet-acknowledged")
    ]
    assert rungs == [
        ("dana-okafor", instant_of("2026-04-22T13:00:00+02:00")),
        ("priya-venkat", instant_of("2026-04-22T15:00:00+02:00")),
        ("oskar-feld", instant_of("2026-04-22T19:00:00+02:00")),
    ]


def test_waiting_says_on_whom(rich: Summary) -> None:
    found = {(e.who, e.record.rsplit("-", 3)[0]) for e in entries(rich, "waiting")}
    assert ("ines-moreau", "amber-mill") in found
    assert ("dana-okafor", "silver-reed") in found
    assert not {"paper-lantern", "tall-grass"} & {name for _, name in found}


def test_on_hold_names_both_pauses_and_no_resumed_one(rich: Summary) -> None:
    assert [(e.what, e.when) for e in entries(rich, "pauses")] == [
        ("follow-up put on hold", instant_of("2026-04-16T09:00:00+02:00")),
        ("proposal put on hold", instant_of("2026-04-15T09:00:00+02:00")),
    ]
    resumed = {
        "after": "proposal-sent",
        "events": [
            {"paused": "2026-04-10T09:00:00+02:00"},
            {"resumed": "2026-04-11T09:00:00+02:00"},
        ],
    }
    assert not entries(told(resumed, END), "pauses")


def test_overdue_next_actions_from_the_end_of_their_day(rich: Summary) -> None:
    assert records(rich, "overdue_next_actions") == [
        "hostile-name-2026-04-13",
        "silver-reed-2026-03-02",
    ]
    deal = {"events": [{"opened": "2026-04-20T09:00:00+02:00", "next": NEXT}]}
    assert not entries(told(deal, END), "overdue_next_actions")
    late = told(deal, "2026-04-23T00:00:00.000001+02:00", date(2026, 4, 23))
    assert records(late, "overdue_next_actions") == ["zephyr-kites-2026-03-02"]


def test_without_next_action(rich: Summary) -> None:
    assert records(rich, "without_next_action") == ["copper-finch-2026-04-13"]


def test_losses_with_their_reasons(rich: Summary) -> None:
    assert whats(rich, "losses") == [
        ("paper-lantern", "closed-lost: competitor; Glass Lantern"),
    ]
    assert entries(rich, "losses")[0].when is None
    yesterday = summed(report_of_day(RICH, END), DAY - timedelta(days=1))
    assert not entries(yesterday, "losses")


@pytest.mark.parametrize(
    ("day", "is_due"),
    [
        (date(2026, 4, 21), False),
        (date(2026, 4, 22), True),
        (date(2026, 5, 10), True),
        (date(2026, 5, 11), False),
    ],
)
def test_reactivations_due(*, day: date, is_due: bool) -> None:
    summary = summed(report_of_day(RICH, f"{day}T12:00:00+02:00"), day)
    assert bool(records(summary, "reactivations_due")) == is_due


@pytest.mark.parametrize(
    ("until", "what"),
    [
        ("2026-04-22", "try again until 2026-05-10"),
        ("2026-04-21", "no consent to try again until 2026-05-10"),
    ],
)
def test_trying_again_needs_consent(until: str, what: str) -> None:
    consent = {"status": "given", "basis": "Form", "since": "2026-02-09"}
    contact = {"name": "Kim", "consent": {**consent, "until": until}}
    deal = {
        "id": "tall-grass-2026-02-09",
        "header": {"company": "Tall Grass", "contact": contact},
        "events": [
            {"opened": "2026-02-09T09:00:00+01:00"},
            {
                "went-dormant": "2026-02-20T09:00:00+01:00",
                "reactivation": {"from": "2026-04-22", "until": "2026-05-10"},
            },
        ],
    }
    summary = told(deal, f"{DAY}T12:00:00+02:00")
    assert [e.what for e in entries(summary, "reactivations_due")] == [what]


def test_waivers_used_are_listed_once(rich: Summary) -> None:
    found = entries(rich, "waivers_used")
    assert [(e.record, e.what, e.who) for e in found] == [
        (
            "copper-finch-2026-04-13",
            (
                "premature-field until 2026-04-22: The price was published with the "
                "tender (approved by priya-venkat)"
            ),
            "dana-okafor",
        ),
    ]
    after = summed(report_of_day(RICH, "2026-04-23T12:00:00+02:00"), DAY)
    assert not entries(after, "waivers_used")


def test_recorded_late_on_the_day_it_was_recorded(rich: Summary) -> None:
    assert whats(rich, "recorded_late") == [
        ("old-harbour", "sow-signed was recorded late: The letter came today"),
    ]
    before = summed(report_of_day(RICH, END), date(2026, 4, 21))
    assert not entries(before, "recorded_late")


def test_recorded_late_where_only_the_day_is_known() -> None:
    event = {"closed-lost": "2026-04-22", "recorded_late": "Forgotten"}
    deal = {"after": "opened", "events": [event]}
    assert len(entries(told(deal, END), "recorded_late")) == 1
    assert not entries(told(deal, END, date(2026, 4, 23)), "recorded_late")


def test_not_evaluated(rich: Summary) -> None:
    broken = "opportunities/2026/04/broken-drum-2026-04-20.md"
    assert records(rich, "not_evaluated") == [broken]
    assert not entries(told({"after": "opened"}, END), "not_evaluated")


@pytest.mark.parametrize(
    ("at", "day"),
    [
        ("2026-04-21T21:59:59.999999Z", date(2026, 4, 21)),
        ("2026-04-21T22:00:00Z", date(2026, 4, 22)),
        ("2026-04-22T23:59:59.999999+02:00", date(2026, 4, 22)),
        ("2026-04-23T00:00:00+02:00", date(2026, 4, 23)),
        ("2026-04-22T08:00:00+14:00", date(2026, 4, 21)),
    ],
)
def test_days_begin_in_the_policy_zone(at: str, day: date) -> None:
    lost = {"after": "opened", "events": [{"closed-lost": at}]}
    report = report_of(lost, "2026-04-24T12:00:00+02:00")
    days = [date(2026, 4, d) for d in (20, 21, 22, 23)]
    assert [d for d in days if _lost_on(report, d)] == [day]


def _lost_on(report: Report, day: date) -> bool:
    return bool(entries(summed(report, day), "losses"))


def test_hostile_names_stay_names(rich: Summary) -> None:
    text = daily_markdown.render(rich)
    line = next(line for line in text.splitlines() if "hostile-name" in line)
    assert "\\*Bold\\* \\[click\\]" in line
    for active in ("[click](", "<b>", "@everyone", " #12", "`x`"):
        assert active not in line


def test_sections_are_the_same_in_both_views(rich: Summary) -> None:
    text = daily_markdown.render(rich)
    for section in rich.sections:
        assert f'"{section.name}"' in daily_json.render(rich)
        quiet = text.rsplit("Nothing to report", 1)[-1]
        is_quiet = section.title.lower().split(",")[0] in quiet
        assert f"## {section.title}" in text or is_quiet
