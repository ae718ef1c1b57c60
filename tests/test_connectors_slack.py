"""Slack: every way in which a post can end, and what is known of it afterwards."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from handoff.connectors import slack
from handoff.connectors.carrier import Fate, Outcome, Surroundings
from handoff.connectors.http import Answer, Request, send
from handoff.connectors.notification import Kind, Message, Notification, Recipient
from handoff.connectors.retrying import Pace
from handoff.policy.channels import Channel
from handoff.views.post import Item, Post
from support.local_server import Fault
from support.slack import CHANNEL, TOKEN, Refusal, Slow, Workspace, fields, workspace
from support.slack_spec import SPEC, faults_of

NOW = datetime(2026, 4, 22, 12, tzinfo=UTC)
DAY = NOW.date()
ROOM = Channel("wins", "slack", CHANNEL, DAY, {"token_from": "HANDOFF_SLACK"})
DIRECT = Channel("direct", "slack", "", DAY, {"token_from": "HANDOFF_SLACK"})
ADDRESSES = {
    "priya-venkat": {"slack": "U0PRIYA"},
    "oskar-feld": {"email": "oskar@handoff.example"},
    "nobody-there": {"email": "gone@handoff.example"},
}
POST = Post("Marble Otter: overdue", (Item("", ("Say <!channel> & `hi`",)),))


@pytest.fixture
def slacks() -> Iterator[Workspace]:
    """Give a workspace, and see that all it was asked is what Slack describes."""
    with workspace(oskar="U0OSKAR") as made:
        yield made
    if SPEC.exists():
        assert [fault for r in made.server.requests for fault in faults_of(r)] == []


def message(
    channel: Channel = ROOM, person: str = "", post: Post = POST, key: str = "k1"
) -> Message:
    recipient = Recipient(channel, person)
    item = post.items[0]
    told = Notification(
        Kind.BREACH, "d", "", 1, "c", "breach", recipient, NOW, NOW, item
    )
    return Message(key, recipient, (told,), post)


def carrier(
    slacks: Workspace, channel: Channel = ROOM, token: str = TOKEN
) -> slack.Slack:
    waited: list[float] = []

    def sending(request: Request) -> Answer:
        return send(request, timeout=0.5, max_bytes=1_000_000)

    surroundings = Surroundings(
        variables={"HANDOFF_SLACK": token},
        addresses=ADDRESSES,
        send=sending,
        pace=Pace(lambda: NOW, waited.append, lambda: 0.0),
        root=Path(),
        echo=print,
        slack_url=slacks.url,
    )
    return slack.connect(channel, surroundings)


def deliver(slacks: Workspace, token: str = TOKEN) -> Outcome:
    return carrier(slacks, token=token).deliver(message())


def test_the_description_is_beside_us() -> None:
    if not SPEC.exists():
        pytest.skip("Slack's description of its methods is not beside us")
    assert SPEC.stat().st_size


def test_a_post_arrives_with_its_key(slacks: Workspace) -> None:
    outcome = deliver(slacks)
    assert outcome.fate is Fate.DELIVERED
    assert outcome.evidence["channel"] == CHANNEL
    assert slacks.deliveries() == {"k1": 1}
    (request,) = slacks.calls("chat.postMessage")
    given = fields(request)
    assert "link_names" not in given
    assert "parse" not in given
    assert given["text"] == "Marble Otter: overdue"


def test_what_people_typed_is_no_markup(slacks: Workspace) -> None:
    title = "<!channel> & <https://evil.example|bank> *bold* @here"
    carrier(slacks).deliver(message(post=Post(title, (Item(title, (title,)),))))
    (posted,) = slacks.posted()
    assert "<" not in posted["text"]
    assert "&lt;!channel&gt; &amp; " in posted["text"]
    texts = [b["text"] for b in posted["blocks"] if "text" in b]
    assert {t["type"] for t in texts} == {"plain_text"}


@pytest.mark.parametrize(
    ("person", "place"), [("priya-venkat", "DU0PRIYA"), ("oskar-feld", "DU0OSKAR")]
)
def test_people_are_written_to_directly(
    slacks: Workspace, person: str, place: str
) -> None:
    outcome = carrier(slacks, DIRECT).deliver(message(DIRECT, person))
    assert outcome.fate is Fate.DELIVERED
    assert list(slacks.messages) == [place]


def test_nobody_with_this_address_is_a_failure(slacks: Workspace) -> None:
    outcome = carrier(slacks, DIRECT).deliver(message(DIRECT, "nobody-there"))
    assert outcome == Outcome(Fate.FAILED, "nobody in Slack has this address")
    assert not slacks.posted()


@pytest.mark.parametrize(
    ("fault", "fate", "times"),
    [
        (Fault.BROKEN, Fate.UNKNOWN, 0),
        (Fault.RESET_BEFORE, Fate.UNKNOWN, 0),
        (Fault.RESET_AFTER, Fate.UNKNOWN, 1),
        (Fault.HALF, Fate.UNKNOWN, 1),
        (Fault.CUT_JSON, Fate.UNKNOWN, 1),
        (Fault.HTML, Fate.UNKNOWN, 1),
        (Fault.ENDLESS, Fate.UNKNOWN, 1),
        (Fault.REDIRECT, Fate.FAILED, 1),
        (Slow(1.0), Fate.UNKNOWN, 1),
        (Slow(1.0, is_done=False), Fate.UNKNOWN, 1),
        (Refusal("internal_error"), Fate.UNKNOWN, 0),
        (Refusal("is_archived"), Fate.FAILED, 0),
        (Refusal("something_new"), Fate.FAILED, 0),
        (Refusal("service_unavailable"), Fate.LATER, 0),
    ],
)
def test_a_post_is_tried_once_and_judged(
    slacks: Workspace, fault: Fault | Slow | Refusal, fate: Fate, times: int
) -> None:
    slacks.fail("chat.postMessage", fault)
    assert deliver(slacks).fate is fate
    assert len(slacks.calls("chat.postMessage")) == 1
    if isinstance(fault, Slow):
        with slacks.server.lock:  # until it is done
            pass
    assert slacks.deliveries()["k1"] == times


def test_a_limit_is_obeyed_and_no_loss(slacks: Workspace) -> None:
    slacks.fail("chat.postMessage", Fault.LIMITED, Fault.LIMITED)
    assert deliver(slacks).fate is Fate.DELIVERED
    assert slacks.deliveries() == {"k1": 1}
    assert len(slacks.calls("chat.postMessage")) == 3


def test_a_limit_without_end_is_left_for_the_next_run(slacks: Workspace) -> None:
    slacks.lasting["chat.postMessage"] = Fault.LIMITED
    assert deliver(slacks).fate is Fate.LATER
    assert len(slacks.calls("chat.postMessage")) <= 4


def test_trouble_before_the_post_leaves_nothing_unknown(slacks: Workspace) -> None:
    for fault in (Fault.BROKEN, Fault.RESET_AFTER, Fault.HTML):
        slacks.lasting["users.lookupByEmail"] = fault
        outcome = carrier(slacks, DIRECT).deliver(message(DIRECT, "oskar-feld"))
        assert outcome.fate is Fate.LATER
    assert not slacks.posted()


def test_a_missing_scope_is_named(slacks: Workspace) -> None:
    refusal = Refusal("missing_scope", {"needed": "chat:write", "provided": "x"})
    slacks.fail("chat.postMessage", refusal)
    assert deliver(slacks).detail == "the bot lacks the scope `chat:write`"
    hostile = Refusal("missing_scope", {"needed": "\x1b[2J::error::"})
    slacks.fail("chat.postMessage", hostile)
    assert deliver(slacks).detail == "the bot lacks the scope"


def test_a_wrong_token_is_never_shown(
    slacks: Workspace, capfd: pytest.CaptureFixture[str]
) -> None:
    outcome = deliver(slacks, f"another-{TOKEN}")
    assert outcome == Outcome(Fate.FAILED, "the token is not valid")
    slacks.fail("chat.postMessage", Fault.HTML)
    outcome = deliver(slacks)
    assert "-token" not in f"{outcome}{carrier(slacks)}"
    assert capfd.readouterr() == ("", "")


def test_nobody_listening_is_for_later(slacks: Workspace) -> None:
    closed = replace(slacks, server=replace(slacks.server, url="http://127.0.0.1:9"))
    assert deliver(closed).fate is Fate.LATER


def test_a_message_is_found_by_its_key(slacks: Workspace) -> None:
    for number in range(7):
        carrier(slacks).deliver(message(key=f"k{number}"))
    since = NOW - timedelta(days=1)
    found = [carrier(slacks).find(message(key=f"k{n}"), since) for n in (0, 6, 9)]
    assert found == [True, True, False]
    assert len(slacks.calls("conversations.history")) > 3  # pages were turned


@pytest.mark.parametrize("fault", [Refusal("missing_scope"), Fault.HTML, Fault.BROKEN])
def test_a_history_that_cannot_be_read_says_nothing(
    slacks: Workspace, fault: Fault | Refusal
) -> None:
    deliver(slacks)
    slacks.lasting["conversations.history"] = fault
    assert carrier(slacks).find(message(), NOW) is None


def test_a_history_without_end_is_given_up(slacks: Workspace) -> None:
    for number in range(50):
        carrier(slacks).deliver(message(key=f"k{number}"))
    assert carrier(slacks).find(message(key="none"), NOW) is None


def test_limits_of_slack_are_kept_and_cuts_are_shown(slacks: Workspace) -> None:
    long = "x" * 50_000
    items = tuple(Item(f"{n}", (long,), "https://forge.example/a") for n in range(99))
    carrier(slacks).deliver(message(post=Post(long, items, ("note",))))
    (posted,) = slacks.posted()
    blocks = posted["blocks"]
    assert len(posted["text"]) <= 40_000
    assert len(blocks) <= 50
    assert len(json.dumps(blocks)) <= 13_000
    assert len(blocks[0]["text"]["text"]) <= 150
    assert all(len(b["text"]["text"]) <= 3_000 for b in blocks if "text" in b)
    assert "50,000 characters, cut here" in slacks.texts()[0]
    assert "more lines not shown here" in slacks.texts()[0]


def test_many_short_items_fit_in_fifty_blocks(slacks: Workspace) -> None:
    items = tuple(Item(f"item {n}") for n in range(60))
    carrier(slacks).deliver(message(post=Post("Many", items)))
    (posted,) = slacks.posted()
    assert len(posted["blocks"]) == 50
    assert "12 more lines not shown here" in slacks.texts()[0]


def test_a_long_item_is_parted_between_its_lines(slacks: Workspace) -> None:
    lines = tuple(f"{number} {'x' * 500}" for number in range(12))
    carrier(slacks).deliver(message(post=Post("Long", (Item("", lines),))))
    (posted,) = slacks.posted()
    texts = [block["text"]["text"] for block in posted["blocks"][1:]]
    assert len(texts) == 3
    assert "\n".join(texts).split("\n") == list(lines)
