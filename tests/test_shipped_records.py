"""The records this repository ships: accepted by its own rules, and rich enough.

They are evaluated as of a Friday afternoon on which something happens, so that every
stage, every state of a clock and every part of the daily summary can be looked at.
"""

import re
from datetime import date

import pytest

from handoff.evaluation.digest import packet_digest
from handoff.evaluation.reading import Reading, State
from handoff.evaluation.report import Report, evaluate
from handoff.evaluation.status import Status
from handoff.model.instant import day_of, parse_instant
from handoff.policy.facts import PACKET_ACKNOWLEDGED, PACKET_FILED, PACKET_RETURNED
from handoff.records.fact import Fact
from handoff.records.record import Packet
from handoff.records.register import load_register
from handoff.repository.snapshot import MemorySnapshot
from support.records import report, shipped, shipped_policy

TODAY = date(2026, 4, 24)
FILES = shipped("opportunities", "handoffs")
REPORT: Report = report(FILES)
FACTS = [fact for status in REPORT.statuses for fact in status.deal.facts]


def status(slug: str) -> Status:
    """Give the status of the shipped deal of a company."""
    (found,) = (s for s in REPORT.statuses if s.deal.opportunity.identity.slug == slug)
    return found


def readings(slug: str, clock: str) -> list[Reading]:
    """Give what a clock says about the shipped deal of a company."""
    deal = status(slug).id
    return [r for r in REPORT.readings if (r.record, r.clock.name) == (deal, clock)]


def facts(kind: str, day: date | None = None) -> list[Fact]:
    """Give the shipped facts of a kind, on any day or on one."""
    zone = shipped_policy().zone
    found = [fact for fact in FACTS if fact.kind == kind]
    moments = [(f, f.moment.instant) for f in found]
    return [f for f, at in moments if not day or (at and day_of(at, zone) == day)]


def test_records_are_clean_on_the_day() -> None:
    assert REPORT.verdict.diagnostics == ()
    assert len(REPORT.statuses) == len(REPORT.register.opportunities) == 18


def test_records_are_clean_later() -> None:
    now = parse_instant("2026-11-21T12:00:00+01:00")
    assert now
    policy = shipped_policy()
    snapshot = MemorySnapshot({path: text.encode() for path, text in FILES.items()})
    register = load_register(snapshot, policy)
    later = evaluate(register, policy, now, rev="memory", is_replay=False)
    assert later.verdict.diagnostics == ()


def test_every_stage_is_shown() -> None:
    shown = {status.stage.name for status in REPORT.statuses}
    assert shown == set(shipped_policy().pipeline.stages)


def test_every_state_of_a_clock_is_shown() -> None:
    assert {reading.state for reading in REPORT.readings} == set(State)


def test_every_clock_was_running_once() -> None:
    clocks = {clock.name for clock in shipped_policy().clocks}
    started = {r.clock.name for r in REPORT.readings if r.start}
    assert started == clocks


def test_days_opened_lie_in_the_window() -> None:
    days = [status.deal.opportunity.identity.day for status in REPORT.statuses]
    assert min(days) >= date(2026, 3, 2)
    assert max(days) <= TODAY


@pytest.mark.parametrize(
    "kind",
    ["closed-won", PACKET_FILED, PACKET_ACKNOWLEDGED, "kickoff-held", "closed-lost"],
)
def test_today_something_happens(kind: str) -> None:
    assert facts(kind, TODAY)


@pytest.mark.parametrize(
    "kind",
    [
        "objection-raised",
        "objection-resolved",
        "approval-refused",
        "owner-changed",
        "paused",
        "resumed",
        "promise-kept",
        "promise-broken",
        "scope-changed",
        "reopened",
        PACKET_RETURNED,
    ],
)
def test_events_worth_seeing_are_there(kind: str) -> None:
    assert facts(kind)


def test_something_was_recorded_late_today() -> None:
    zone = shipped_policy().zone
    late = [f for f in FACTS if f.field("recorded_late") and f.recorded_at]
    assert [day_of(f.recorded_at, zone) for f in late if f.recorded_at] == [TODAY]


def test_lost_deals_say_why() -> None:
    assert any(fact.field("competitor") for fact in facts("closed-lost"))
    assert any(fact.field("reactivation") for fact in facts("closed-lost"))


def test_dormant_deal_is_due_for_another_try() -> None:
    (fact,) = facts("went-dormant")
    assert str(fact.field("reactivation", "from")) <= TODAY.isoformat()
    assert str(fact.field("reactivation", "until")) >= TODAY.isoformat()


def test_reopened_deal_is_in_its_second_cycle() -> None:
    assert status("bellwether-foods").cycle == 2


def test_packets_wait_for_acknowledgement() -> None:
    (fresh,) = readings("harbour-lane-books", "packet-acknowledged")
    (overdue,) = readings("zornica-textiles", "packet-acknowledged")
    assert (fresh.state, fresh.is_breached) == (State.RUNNING, False)
    assert (overdue.state, overdue.is_breached) == (State.AT_RISK, True)
    assert overdue.breached_at
    assert day_of(overdue.breached_at, shipped_policy().zone) == TODAY


def test_returned_packet_was_answered_and_acknowledged() -> None:
    first, second = readings("juniper-instruments", "packet-acknowledged")
    assert first.stop
    assert first.stop.kind == PACKET_RETURNED
    assert second.stop
    assert second.stop.kind == PACKET_ACKNOWLEDGED
    assert second.stop.field("risks_accepted") == ["R1"]


def test_verbal_win_waits_for_its_signature() -> None:
    (sent,) = readings("cobalt-orchard", "sow-sent")
    (signed,) = readings("zornica-textiles", "sow-signed")
    assert (sent.state, signed.state) == (State.RUNNING, State.AT_RISK)


def test_follow_up_pauses_without_consent() -> None:
    (reading,) = readings("mirabel-sorting", "proposal-follow-up")
    assert reading.state is State.PAUSED


def test_next_action_is_overdue() -> None:
    assert status("kestrel-freight").is_overdue(REPORT.now)


@pytest.mark.parametrize("packet", REPORT.register.packets.values(), ids=lambda p: p.id)
def test_acknowledged_packets_carry_their_digest(packet: Packet) -> None:
    claim = packet.acknowledgement
    opportunity = REPORT.register.opportunities[packet.opportunity]
    if claim:
        assert claim.field("digest") == packet_digest(packet, opportunity)


@pytest.mark.parametrize("path", FILES)
def test_contacts_are_plainly_invented(path: str) -> None:
    text = FILES[path]
    addresses = re.findall(r"[\w.+-]+@([\w.-]+)", text)
    hosts = re.findall(r"https?://([^/\s]+)", text)
    assert all(host.endswith(".example") for host in (*addresses, *hosts))
    phones = re.findall(r"\b555-\d+", text)
    assert all(re.fullmatch(r"555-01\d\d", phone) for phone in phones)


def test_our_people_are_those_of_the_roster() -> None:
    handles = {fact.by for fact in FACTS}
    assert handles <= shipped_policy().roster.people.keys()
    assert len(handles) >= 4


def test_prose_differs_from_record_to_record() -> None:
    sections = [
        section.text
        for file in REPORT.register.files.values()
        if file.document
        for section in file.document.sections
    ]
    assert len(sections) == len(set(sections))
    assert all(len(text) >= 20 for text in sections)
