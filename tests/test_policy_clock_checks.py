"""Clocks that could never do what they say are errors of policy, with the line."""

from pathlib import Path

import pytest

from handoff.model.diagnostic import Diagnostic
from handoff.policy.policy import load_policy
from handoff.repository.snapshot import MemorySnapshot

ROOT = Path(__file__).parents[1]
CLOCKS = "schemas/policy/clocks.yaml"
CALENDARS = "schemas/policy/calendars.yaml"
BEFORE = """\
enforced_from: 2026-01-01
clocks:
  - name: reply
    summary: A proposal gets an answer.
"""
START = "    start:\n      - event: proposal-sent\n"
STOP = "    stop: [objection-raised]\n"
CANCEL = "    cancel: [closed-lost]\n"
PAUSE = "    pause: [follow-up]\n"
TARGET = "    target:\n      within: 8h\n"
AFTER = "    calendar: business-hours\n    at_risk: 75\n    owner: deal-owner\n"
LADDER = "    ladder:\n      - before: 1h\n        to: deal-owner\n"
CLOCK = f"{BEFORE}{START}{STOP}{CANCEL}{PAUSE}{TARGET}{AFTER}{LADDER}"
ANOTHER = CLOCK.partition("clocks:\n")[2]


def found_in(path: str, text: str) -> tuple[Diagnostic, ...]:
    paths = (p for p in (ROOT / "schemas").rglob("*") if p.is_file())
    files = {p.relative_to(ROOT).as_posix(): p.read_bytes() for p in paths}
    assert path in files
    return load_policy(MemorySnapshot({**files, path: text.encode()}))[1]


def test_a_clock_as_it_should_be() -> None:
    assert found_in(CLOCKS, CLOCK) == ()


def test_the_whole_language_of_a_clock() -> None:
    text = CLOCK.replace(
        START,
        "    since: 2026-02-01\n    until: 2026-12-31\n    shadow: true\n"
        "    condition:\n      service: [assessment, audit]\n      urgency: [high]\n"
        "      contact.consent.status: [given]\n"
        "    start:\n      - all:\n          - event: proposal-sent\n"
        "          - event: approval-given\n            when: {subject: contract}\n"
        "      - event: packet-filed\n        having: by\n        latest_of: [at]\n",
    )
    text = text.replace(PAUSE, f"{PAUSE}    pause_reasons: [timing, consent]\n")
    text = text.replace(LADDER, f"{LADDER}      - after: 0m\n        to: ceo\n")
    text = text.replace("75\n", "75\n    thresholds: {half: 50, last-call: 95}\n")
    assert found_in(CLOCKS, text) == ()


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        (
            "event: proposal-sent",
            "event: proposal-send",
            "      - event: proposal-send",
            "`proposal-send` is not the name of an event",
        ),
        (
            START,
            "    start:\n      - when: {service: x}\n",
            "      - when: {service: x}",
            "a start names either one `event`, or `all` of several",
        ),
        (
            STOP,
            "    stop: [proposal-sent]\n",
            "      - event: proposal-sent",
            "`proposal-sent` starts the clock and stops it as well",
        ),
        (
            CANCEL,
            "    cancel: [proposal-sent]\n",
            "      - event: proposal-sent",
            "`proposal-sent` starts the clock and cancels it as well",
        ),
        (
            START,
            f"{START}        when: {{probability: '1', mood: good}}\n",
            "        when: {probability: '1', mood: good}",
            "proposal-sent has no field `mood`",
        ),
        (
            START,
            "    start:\n      - event: closed-won\n        when: {commitment: oral}\n",
            "        when: {commitment: oral}",
            "`commitment` of closed-won is never `oral`",
        ),
        (
            START,
            f"{START}        having: nexd\n",
            "        having: nexd",
            "proposal-sent has no field `nexd`",
        ),
        (
            START,
            f"{START}        latest_of: [at, committed_at]\n",
            "        latest_of: [at, committed_at]",
            "proposal-sent has no field `committed_at`",
        ),
        (
            START,
            f"{START}        latest_of: [at, note]\n",
            "        latest_of: [at, note]",
            "`note` of proposal-sent is not an instant",
        ),
        (
            "      within: 8h\n",
            "      due: [probability]\n",
            "      due: [probability]",
            "`probability` of proposal-sent is not a date",
        ),
        (
            START,
            "    start:\n      - event: paused\n",
            "      - event: paused",
            "the pause that starts the clock also holds it, so it never runs",
        ),
        (
            PAUSE,
            "    pause_reasons: [timing]\n",
            "    pause_reasons: [timing]",
            "`pause_reasons` says for what reasons, and no `pause` says which",
        ),
        (
            PAUSE,
            f"{PAUSE}    pause_reasons: [weather]\n",
            "    pause_reasons: [weather]",
            "`reason` of paused is never `weather`",
        ),
        (
            "      within: 8h\n",
            "      within: 8h\n      due: [next, due]\n",
            "      within: 8h",
            "a target is either a time (`within`) or a date of the start (`due`)",
        ),
        (
            "      within: 8h\n",
            "      due: [follow_up_at]\n",
            "      due: [follow_up_at]",
            "proposal-sent has no field `follow_up_at`",
        ),
        (
            "      within: 8h\n",
            "      within: 8h\n      shortened_by: [window]\n",
            "      shortened_by: [window]",
            "a packet has no field `window`",
        ),
        (
            LADDER,
            f"{LADDER}      - before: 2h\n        to: ceo\n",
            "      - before: 2h",
            "the ladder is out of order: this step comes before the one above",
        ),
        (
            "      - before: 1h\n",
            "      - before: 1h\n        after: 1h\n",
            "      - before: 1h",
            "a step of the ladder is either `before` or `after` it is due",
        ),
        (
            "        to: deal-owner",
            "        to: boss",
            "        to: boss",
            "`boss` is not the name of a role",
        ),
        (
            "calendar: business-hours",
            "calendar: bussiness-hours",
            "    calendar: bussiness-hours",
            "`bussiness-hours` is not the name of a calendar",
        ),
        (
            START,
            f"    condition: {{urgency: [huge]}}\n{START}",
            "    condition: {urgency: [huge]}",
            "`urgency` of an opportunity is never `huge`",
        ),
        (
            START,
            f"    condition: {{colour: [red]}}\n{START}",
            "    condition: {colour: [red]}",
            "an opportunity has no field `colour`",
        ),
        (
            START,
            f"    since: 2026-06-01\n    until: 2026-05-31\n{START}",
            "    until: 2026-05-31",
            "the version ends on 2026-05-31, before it begins on 2026-06-01",
        ),
        (
            START,
            f"    until: 2025-12-31\n{START}",
            "    until: 2025-12-31",
            "no start falls under it: policy is enforced from 2026-01-01 on",
        ),
        (
            LADDER,
            f"{LADDER}{ANOTHER}",
            "  - name: reply",
            "two versions of `reply` hold on the same days",
        ),
        (
            LADDER,
            f"    until: 2026-05-31\n{ANOTHER}    since: 2026-05-31\n",
            "  - name: reply",
            "two versions of `reply` hold on the same days",
        ),
    ],
)
def test_what_can_never_happen(old: str, new: str, line: str, message: str) -> None:
    assert old in CLOCK
    (found,) = found_in(CLOCKS, CLOCK.replace(old, new, 1))
    assert (found.source, found.message) == (line, message)
    assert found.hint
    assert found.path == CLOCKS


def test_versions_that_follow_each_other() -> None:
    text = f"{CLOCK}    until: 2026-05-31\n{ANOTHER}    since: 2026-06-01\n"
    assert found_in(CLOCKS, text) == ()


@pytest.mark.parametrize(
    ("week", "rest", "message"),
    [
        ("{}", "", "calendar `shop` never opens, so no clock on it could end"),
        (
            "{monday: []}",
            "",
            "calendar `shop` never opens, so no clock on it could end",
        ),
        (
            "{monday: [09:00-12:00]}",
            "    closed:\n      - {on: 2026-12-31, until: 2026-12-24}\n",
            "closed until 2026-12-24, which is before 2026-12-31",
        ),
    ],
)
def test_calendars(week: str, rest: str, message: str) -> None:
    text = (ROOT / CALENDARS).read_text(encoding="utf-8")
    shop = f"  - name: shop\n    zone: Europe/Berlin\n    week: {week}\n{rest}"
    (found,) = found_in(CALENDARS, f"{text}{shop}")
    assert found.message == message
