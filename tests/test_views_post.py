"""Posts: what is said of a deal, and that no channel obeys what people typed."""

from datetime import date

import pytest

from handoff.evaluation.deal import Deal
from handoff.records.record import Packet
from handoff.views import post_markdown, post_slack
from handoff.views.announcement import announcement
from handoff.views.handover import coordination, digest
from handoff.views.post import Item, Post, post_of, render_text
from support.deals import KITES_PACKET
from support.messages import HOSTILE
from support.notifying import policy_with, report_at
from support.reports import WON

NOW = "2026-04-22T08:00:00Z"


def deal_of() -> tuple[Deal, Packet]:
    deal = report_at(NOW).statuses[0].deal
    return deal, deal.packets[0]


def test_a_digest_names_owner_steps_risks_and_contacts() -> None:
    deal, packet = deal_of()
    item = digest(deal, packet, policy_with(), "ines-moreau", date(2026, 4, 22))
    assert item.heading == "Zephyr Kites: handed over to Ines Moreau"
    assert item.lines == (
        "Accountable: Ines Moreau.",
        "First 30 days:",
        "• 2026-05-15 Draft findings sent, Ines Moreau",
        "Open risks:",
        "• high: Data owner is on leave in May, Dana Okafor",
        "When it gets stuck:",
        "• Mina Castellanos, +1 555 0100",
    )
    assert item.link.endswith(KITES_PACKET)


def test_steps_after_the_first_30_days_are_left_out() -> None:
    files = {**WON, KITES_PACKET: WON[KITES_PACKET].replace("05-15", "06-15")}
    deal = report_at(NOW, files).statuses[0].deal
    item = digest(deal, deal.packets[0], policy_with(), "x", date(2026, 4, 22))
    assert "First 30 days: none." in item.lines


def test_a_note_says_which_packet_waits_until_when() -> None:
    deal, packet = deal_of()
    item = coordination(deal, packet, policy_with(), "tomorrow")
    assert item.lines == (
        f"Packet: {KITES_PACKET}",
        "Filed by Dana Okafor.",
        "Acknowledge it by tomorrow, or give it back with its gaps.",
        "Delivery is to start on 2026-05-04.",
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "status: verbal",
            "status: signed\n  signed_on: 2026-04-22",
            "signed 2026-04-22",
        ),
        ("status: verbal", "status: verbal", "pending, expected 2026-04-24"),
    ],
)
def test_an_announcement_says_how_far_the_contract_is(
    old: str, new: str, said: str
) -> None:
    packet = WON[KITES_PACKET].replace(old, new)
    if "signed_on" in new:
        packet = packet.replace("  expected_on: 2026-04-24\n", "")
    deal = report_at(NOW, {**WON, KITES_PACKET: packet}).statuses[0].deal
    won = next(fact for fact in deal.facts if fact.kind == "closed-won")
    assert announcement(deal, won, policy_with(), None).lines[1] == f"SOW: {said}"


def test_no_channel_obeys_what_people_typed() -> None:
    post = Post(HOSTILE, (Item(HOSTILE, (HOSTILE,)),), (HOSTILE,))
    text, page = render_text(post), post_markdown.render(post)
    for rendered in (text, page):
        assert "\x1b" not in rendered
        assert "\u202e" not in rendered
        assert "\n# x" not in rendered
    assert "<!channel>" not in page
    slacked = post_slack.render(post)
    assert "<" not in slacked.text
    assert "\x1b" not in str(slacked.blocks)
    assert "mrkdwn" not in str(slacked.blocks)


def test_one_item_is_its_own_title() -> None:
    item = Item("Zephyr Kites: overdue", ("Due now.",), "https://forge.example/a")
    single = post_of((item,), "2 things", short_above=5)
    assert render_text(single) == (
        "Zephyr Kites: overdue\n\nDue now.\nhttps://forge.example/a\n"
    )
    many = post_of((item,) * 3, "3 things", short_above=2)
    assert many.title == "3 things"
    assert [i.lines for i in many.items] == [(), (), ()]
