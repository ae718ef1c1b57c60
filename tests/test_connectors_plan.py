"""The plan: who is to be told what, computed from report and ledger alone."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest

from handoff.connectors.notification import Message, Notification
from handoff.connectors.plan import SETTLE, Plan, dues_of, plan
from handoff.evaluation.report import Report
from handoff.model.entry import Entry, EntryKind
from handoff.model.instant import format_instant, parse_instant
from handoff.policy.policy import Policy
from handoff.repository.ledger import EMPTY, Ledger
from support.deals import KITES, KITES_PACKET, KITES_PATH
from support.notifying import FILE, REACHED, SLACK, policy_with, report_at
from support.reports import WON, WON_WITHOUT_PACKET

FILED = "2026-04-21T13:45:00Z"
AT_RISK = "2026-04-22T08:00:00Z"
BREACHED = "2026-04-22T13:45:00Z"
CHIEF = "2026-04-22T15:30:00Z"
CEO = "2026-04-22T19:30:00Z"


def plan_of(report: Report, ledger: Ledger, *, retry_failed: bool = False) -> Plan:
    dues = dues_of(report, ledger, retry_failed=retry_failed)
    return plan(report.frame, ledger, dues)


def planned(
    now: str, ledger: Ledger = EMPTY, policy: Policy | None = None, **files: str
) -> Plan:
    return plan_of(report_at(now, {**WON, **files}, policy or policy_with()), ledger)


def told(made: Plan) -> dict[str, list[str]]:
    """List what each recipient is told, as `clock level`."""
    found: dict[str, list[str]] = {}
    for message in made.messages:
        parts = [f"{n.clock} {n.level}" for n in message.notifications]
        found.setdefault(str(message.recipient), []).append(", ".join(sorted(parts)))
    return found


def sent(made: Plan, kind: EntryKind = EntryKind.RECEIPT) -> Ledger:
    """Give the ledger after everything planned was sent, or only intended."""
    return Ledger(dict(_entries(made.messages, kind)), (), "tip")


def _entries(
    messages: Iterable[Message], kind: EntryKind
) -> Iterable[tuple[tuple[EntryKind, str], Entry]]:
    now = parse_instant(BREACHED)
    assert now
    for message in messages:
        for n in message.notifications:
            key = f"{n.key}|1" if kind is EntryKind.INTENT else n.key
            yield (kind, key), Entry(kind, key, n.body(message.id, now))


def the(made: Plan, recipient: str, level: str) -> Notification:
    found = [
        n
        for message in made.messages
        for n in message.notifications
        if str(n.recipient) == recipient and n.level == level
    ]
    assert len(found) == 1, told(made)
    return found[0]


def test_a_filed_packet_is_announced_and_its_receiver_told() -> None:
    made = planned(FILED)
    assert told(made) == {
        "wins": ["deal-announced announcement"],
        "direct/ines-moreau": ["packet-acknowledged coordination"],
    }
    (post,) = (m.post for m in made.messages if str(m.recipient) == "wins")
    assert post.title == "🟢 DEAL CLOSED — Zephyr Kites — assessment confirmed"
    assert post.items[0].lines == (
        "Handoff packet: filed → customer-success",
        "SOW: pending, expected 2026-04-24",
    )
    assert post.items[0].link.endswith(f"/opportunities/2026/03/{KITES}.md")


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-04-21T11:29:59Z", []),
        ("2026-04-21T11:30:00Z", ["deal-announced announcement"]),
    ],
)
def test_a_win_without_packet_is_announced_before_its_clock_runs_out(
    now: str, expected: list[str]
) -> None:
    made = plan_of(report_at(now, WON_WITHOUT_PACKET), EMPTY)
    assert told(made).get("wins", []) == expected
    posts = [m.post.items[0].lines[0] for m in made.messages]
    assert posts[:1] == [
        "Handoff packet: not filed yet, due 2026-04-21 14:00 +02:00" for _ in expected
    ]


def test_what_the_ledger_holds_is_not_told_again() -> None:
    first = planned(AT_RISK)
    assert first.messages
    assert planned(AT_RISK, sent(first)).messages == ()
    later = planned("2026-04-22T09:00:00Z", sent(first))
    assert told(later) == {}  # no nagging


def test_a_clock_climbs_its_ladder_step_by_step() -> None:
    ledger = EMPTY
    climbed = []
    for now in (FILED, AT_RISK, BREACHED, CHIEF, CEO, "2026-04-25T00:00:00Z"):
        made = planned(now, ledger)
        climbed.append(
            sorted(
                f"{n.recipient} {n.level}"
                for m in made.messages
                for n in m.notifications
                if n.clock == "packet-acknowledged"
            )
        )
        ledger = Ledger({**ledger.entries, **sent(made).entries}, (), "tip")
    assert climbed == [
        ["direct/ines-moreau coordination"],
        ["direct/ines-moreau at-risk"],
        ["direct/dana-okafor 1-deal-owner", "direct/ines-moreau breach"],
        ["direct/priya-venkat 2-chief-of-staff"],
        ["direct/oskar-feld 3-ceo"],
        [],
    ]


def test_each_named_share_of_the_time_is_told_once() -> None:
    receiver = "within: 24h\n    calendar: always\n    at_risk: 75\n    owner: receiver"
    named = receiver.replace("at_risk: 75", "at_risk: 75\n    thresholds: {half: 50}")
    policy = policy_with(clocks=(receiver, named))
    told_at = {}
    ledger = EMPTY
    for hour in (1, 2, 7, 8):
        now = f"2026-04-22T0{hour}:30:00Z"
        made = planned(now, ledger, policy)
        levels = [n.level for m in made.messages for n in m.notifications]
        told_at[hour] = [level for level in levels if level in {"half", "at-risk"}]
        ledger = Ledger({**ledger.entries, **sent(made).entries}, (), "tip")
    assert told_at[1] == ["half"]
    assert told_at[2] == []
    assert "at-risk" in told_at[7]


def test_after_downtime_everybody_gets_one_message() -> None:
    made = planned("2026-04-23T12:00:00Z")
    direct = {r: said for r, said in told(made).items() if r != "wins"}
    steps = ["packet-acknowledged", "sow-sent", "sow-signed"]
    assert direct == {
        "direct/dana-okafor": [
            ", ".join(["next-action breach", *(f"{s} 1-deal-owner" for s in steps)])
        ],
        "direct/ines-moreau": ["packet-acknowledged breach, sow-signed breach"],
        "direct/priya-venkat": ["packet-acknowledged 2-chief-of-staff"],
        "direct/oskar-feld": ["packet-acknowledged 3-ceo"],
    }
    ceo = the(made, "direct/oskar-feld", "3-ceo")
    late = (
        "To be told from 2026-04-22 21:30 +02:00 on, noticed 2026-04-23 14:00 +02:00."
    )
    assert late in ceo.item.lines


def test_lower_levels_of_one_recipient_are_covered_by_the_highest() -> None:
    made = planned("2026-04-23T12:00:00Z")
    step = next(
        n
        for m in made.messages
        for n in m.notifications
        if (n.clock, n.level) == ("sow-sent", "1-deal-owner")
    )
    assert [key.split("|")[3] for key in step.covers] == ["breach"]
    # Once the higher level is told, the lower one does not come after it.
    assert not planned("2026-04-23T12:00:00Z", sent(made)).messages


def test_a_new_due_instant_is_told_anew() -> None:
    made = planned("2026-04-22T10:30:00Z")
    assert (
        "next-action breach, sow-sent 1-deal-owner" in told(made)["direct/dana-okafor"]
    )
    moved = WON[KITES_PATH].replace(
        "due: 2026-04-22T12:00:00+02:00", "due: 2026-04-22T12:15:00+02:00"
    )
    again = plan_of(
        report_at("2026-04-22T10:30:00Z", {**WON, KITES_PATH: moved}), sent(made)
    )
    assert told(again) == {"direct/dana-okafor": ["next-action breach"]}


def test_what_was_cured_is_not_told() -> None:
    filed = "  at: 2026-04-21T15:30:00+02:00\n"
    returned = "  at: 2026-04-22T17:00:00+02:00\n    gaps: [No access]\n"
    packet = WON[KITES_PACKET].replace(
        filed, f"{filed}returns:\n  - by: ines-moreau\n  {returned}"
    )
    files = {KITES_PACKET: packet}
    made = plan_of(report_at("2026-04-22T15:05:00Z", {**WON, **files}), EMPTY)
    assert "direct/ines-moreau" not in told(made)


def test_nothing_before_the_first_day_is_told() -> None:
    late = policy_with(SLACK.replace("since: 2026-04-01", "since: 2026-04-22"))
    made = planned(BREACHED, policy=late)
    assert "wins" not in told(made)  # won and filed the day before
    assert told(made)["direct/ines-moreau"] == ["packet-acknowledged breach"]
    tomorrow = policy_with(SLACK.replace("since: 2026-04-01", "since: 2026-04-23"))
    assert planned(BREACHED, policy=tomorrow) == Plan((), (), (), (), frozenset())


def test_without_channels_nothing_is_planned() -> None:
    empty = policy_with("since: 2026-04-01\nchannels: []\nroutes: []\n")
    assert planned(CEO, policy=empty) == Plan((), (), (), (), frozenset())


def test_who_cannot_be_reached_is_replaced_by_the_next_one_up() -> None:
    reached = {h: line for h, line in REACHED.items() if h != "priya-venkat"}
    made = planned(CHIEF, policy=policy_with(SLACK, reached))
    step = the(made, "direct/oskar-feld", "2-chief-of-staff")
    assert any("Meant for priya-venkat" in line for line in step.item.lines)


def test_where_nobody_can_be_reached_the_last_resort_is_told() -> None:
    made = planned(CHIEF, policy=policy_with(SLACK, {}))
    assert {u.meant for u in made.unreached} >= {("priya-venkat", "oskar-feld")}
    resort = policy_with(f"{SLACK}last_resort: wins\n", {})
    made = planned(CHIEF, policy=resort)
    assert made.unreached == ()
    assert any("2-chief-of-staff" in line for line in told(made)["wins"])


def test_quiet_hours_hold_what_is_direct_and_nothing_else() -> None:
    quiet = f"{SLACK}quiet_hours:\n  hours: 20:00-07:30\n  except: [escalation]\n"
    night = "2026-04-22T19:30:00Z"
    made = planned(night, policy=policy_with(quiet))
    assert "wins" in told(made)
    levels = {n.level for m in made.messages for n in m.notifications}
    assert "3-ceo" in levels
    assert "breach" not in levels
    assert {format_instant(h.until) for h in made.held} == {"2026-04-23T05:30:00Z"}
    zoned = {**REACHED, "ines-moreau": "slack: U0INES\nzone: America/New_York"}
    made = planned(night, policy=policy_with(quiet, zoned))
    afternoon = ["packet-acknowledged breach"]
    assert told(made)["direct/ines-moreau"] == afternoon  # by their own clock


def test_more_than_a_few_items_become_a_list() -> None:
    few = policy_with(f"{SLACK}digest_above: 3\n")
    made = planned("2026-04-23T12:00:00Z", policy=few)
    (post,) = (m.post for m in made.messages if m.recipient.person == "dana-okafor")
    assert len(post.items) == 4
    assert all(item.lines == () for item in post.items)
    assert post.title == "4 things wait for you"


def test_an_attempt_under_way_is_left_alone_and_then_taken_up() -> None:
    first = planned(BREACHED)
    ledger = sent(first, EntryKind.INTENT)
    since = parse_instant(BREACHED)
    assert since
    for wait, is_open in ((SETTLE - timedelta(seconds=1), []), (SETTLE, [True] * 3)):
        made = planned(format_instant(since + wait), ledger)
        assert [m.is_open for m in made.messages] == is_open
    assert {m.id for m in made.messages} == {m.id for m in first.messages}


def test_a_refusal_for_good_is_kept_until_the_settings_change() -> None:
    first = planned(BREACHED)
    step = the(first, "direct/ines-moreau", "breach")
    ledger = _refused(first, step)
    made = planned(CHIEF, ledger)
    assert [(f.notification.key, f.detail) for f in made.failed] == [
        (step.key, "the token is not valid")
    ]
    # The next one up is told in place of who could not be.
    instead = "packet-acknowledged|breach|direct/dana-okafor"
    assert any(instead in key for key in made.due)
    other = SLACK.replace("HANDOFF_SLACK}\nroutes", "HANDOFF_OTHER}\nroutes")
    again = planned(CHIEF, ledger, policy_with(other))
    assert again.failed == ()
    assert "packet-acknowledged breach" in told(again)["direct/ines-moreau"]
    forced = plan_of(report_at(CHIEF), ledger, retry_failed=True)
    assert forced.failed == ()


def _refused(first: Plan, step: Notification) -> Ledger:
    intents = sent(first, EntryKind.INTENT).entries
    key = f"{step.key}|1"
    body = {
        "fate": "failed",
        "detail": "the token is not valid",
        "settings": step.recipient.channel.digest,
    }
    failure = Entry(EntryKind.FAILURE, key, body)
    return Ledger({**intents, (EntryKind.FAILURE, key): failure}, (), "tip")


def test_a_shared_channel_says_whom_it_is_for() -> None:
    made = planned(BREACHED, policy=policy_with(FILE))
    message = next(m for m in made.messages if m.recipient.person == "ines-moreau")
    assert message.post.notes == ("For Ines Moreau.",)


def test_ids_depend_on_what_is_told_alone() -> None:
    ids = {m.id for m in planned(BREACHED).messages}
    assert ids == {m.id for m in planned("2026-04-22T14:00:00Z").messages}
    (one,) = (
        m for m in planned(BREACHED).messages if m.recipient.person == "ines-moreau"
    )
    assert one.only(()).notifications == ()
    assert replace(one, is_repeat=True).id == one.id


@pytest.mark.parametrize("now", [FILED, AT_RISK, BREACHED, CHIEF, CEO])
def test_a_plan_is_the_same_every_time(now: str) -> None:
    def shown(made: Plan) -> list[object]:
        return [(m.id, str(m.recipient), m.post) for m in made.messages]

    assert shown(planned(now)) == shown(planned(now))
