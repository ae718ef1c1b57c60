"""For how long a report stands: every instant at which something turns is named."""

from datetime import datetime, timedelta

from handoff.evaluation.report import Report, evaluate
from handoff.evaluation.stretch import stretch_of
from handoff.policy.policy import Policy
from handoff.records.register import load_register
from handoff.repository.snapshot import MemorySnapshot
from support.deals import KITES_PATH, KITES_TEXT
from support.reports import policy_with, shipped_policy

_TICK = datetime.resolution


def _report(now: datetime, policy: Policy, text: str) -> Report:
    snapshot = MemorySnapshot({KITES_PATH: text.encode()})
    register = load_register(snapshot, policy)
    return evaluate(register, policy, now, rev="x", is_replay=True)


def _turns(policy: Policy, text: str, now: datetime, end: datetime) -> list[datetime]:
    """Walk from turn to turn."""
    turns: list[datetime] = []
    while (stretch := stretch_of(_report(now, policy, text))) and stretch.until < end:
        assert stretch.start <= now < stretch.until
        now = stretch.until
        turns.append(now)
    return turns


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}+00:00")


_SINCE, _END = _utc("04-21T10:00"), _utc("09-01T00:00")


def test_every_share_due_instant_and_step_of_a_clock_is_a_turn() -> None:
    turns = _turns(shipped_policy(), KITES_TEXT, _SINCE, _END)
    filed = ["04-21T11:30", "04-21T12:00", "04-21T14:00"]  # 75 % of 2 h, due, a step
    sow = ["04-22T04:00", "04-22T10:00"]  # 75 % of 24 h, due
    assert {_utc(text) for text in (*filed, *sow)} <= {*turns}
    assert (
        _utc("04-21T12:00") + _TICK in turns
    )  # who stops at the due instant is in time


def test_consent_ends_with_its_day_in_the_zone_of_policy() -> None:
    given = "{status: given, basis: Asked, since: 2026-03-02, until: 2026-05-10}"
    text = KITES_TEXT.replace("budget_signal", f"  consent: {given}\nbudget_signal", 1)
    assert _utc("05-10T22:00") in _turns(shipped_policy(), text, _SINCE, _END)
    assert _utc("05-10T22:00") not in _turns(shipped_policy(), KITES_TEXT, _SINCE, _END)


_SINCE_2026 = "\n        since: 2026-01-01"
_EDITS = (
    ("people", f"- role: ceo{_SINCE_2026}", "- role: ceo\n        since: 2026-05-09"),
    (
        "people",
        f"chief-of-staff{_SINCE_2026}",
        f"chief-of-staff{_SINCE_2026}\n        until: 2026-06-10",
    ),
    (
        "clocks",
        "- name: packet-filed\n",
        "- name: packet-filed\n    until: 2026-07-03\n",
    ),
    ("clocks", "48h\n    calendar: always", "48h\n    calendar: business-hours"),
    ("clocks", "- name: sow-sent\n", "- name: sow-sent\n    since: 2026-08-01\n"),
    (
        "calendars",
        "    week:\n",
        "    closed: [{on: 2026-04-23, known_from: 2026-07-06}]\n    week:\n",
    ),
)


def test_days_that_policy_names_are_turns() -> None:
    turns = _turns(policy_with(*_EDITS), KITES_TEXT, _SINCE, _END)
    days = ("05-08T22:00", "06-10T22:00", "07-03T22:00", "07-05T22:00", "07-31T22:00")
    assert {_utc(text) for text in days} <= {*turns}


def test_what_is_over_stands_for_ever() -> None:
    stretch = stretch_of(_report(_END, shipped_policy(), KITES_TEXT))
    assert stretch
    assert stretch.end is None
    assert stretch.start == _utc("04-23T10:00") + _TICK  # the last due instant


def test_what_is_still_to_come_lets_nothing_stand() -> None:
    before = _SINCE - timedelta(hours=1)
    assert stretch_of(_report(before, shipped_policy(), KITES_TEXT)) is None
