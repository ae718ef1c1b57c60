"""`handoff notify`: told once, whatever happens between intent, sending and receipt."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from support.cli import Ran, handoff, handoff_at
from support.deals import KITES_PACKET
from support.git import Repository
from support.local_server import Fault, Received, Reply
from support.notifying import SLACK, clone, desk
from support.reports import WON, WON_WITHOUT_PACKET
from support.slack import CHANNEL, TOKEN, Refusal, Workspace, workspace

BREACHED = "2026-04-22T13:45:00Z"
LATER = "2026-04-22T13:55:00Z"
NEXT_DAY = "2026-04-23T12:00:00Z"


@pytest.fixture
def slacks() -> Iterator[Workspace]:
    with workspace(priya="U0PRIYA") as made:
        yield made


def notify(
    at: Repository, slacks: Workspace | None, *args: str, now: str = BREACHED
) -> Ran:
    url = slacks.url if slacks else "http://127.0.0.1:9"
    env = {"HANDOFF_SLACK": TOKEN, "SLACK_API_URL": url}
    ran = handoff("notify", *args, at=at, now=now, env=env)
    assert TOKEN not in ran.out + ran.err
    return ran


def told(slacks: Workspace) -> dict[str, int]:
    return {place: len(listed) for place, listed in slacks.messages.items()}


def test_a_breach_raises_the_alarm(tmp_path: Path, slacks: Workspace) -> None:
    at = desk(tmp_path)
    ran = notify(at, slacks)
    assert (ran.code, ran.err) == (0, "")
    assert told(slacks) == {CHANNEL: 1, "DU0INES": 1, "DU0DANA": 1}
    (text,) = slacks.texts("DU0INES")
    assert "Zephyr Kites: packet-acknowledged is overdue by 15 min" in text
    assert "🟢 DEAL CLOSED — Zephyr Kites — assessment confirmed" in slacks.texts()[0]


def test_what_was_told_is_not_told_again(tmp_path: Path, slacks: Workspace) -> None:
    at = desk(tmp_path)
    notify(at, slacks)
    again = notify(clone(tmp_path, "other"), slacks, now=LATER)
    assert again.out == "nothing is due that has not been told\n"
    assert set(slacks.deliveries().values()) == {1}


def test_the_ladder_climbs_while_nobody_acknowledges(
    tmp_path: Path, slacks: Workspace
) -> None:
    at = desk(tmp_path)
    for hour in range(10, 24):
        assert notify(at, slacks, now=f"2026-04-22T{hour}:00:00Z").code == 0
    assert told(slacks)["DU0PRIYA"] == 1  # chief of staff, two hours after due
    assert told(slacks)["DU0OSKAR"] == 1  # ceo, six hours after due
    assert set(slacks.deliveries().values()) == {1}


def test_a_dry_run_sends_and_writes_nothing(tmp_path: Path, slacks: Workspace) -> None:
    at = desk(tmp_path)
    before = at.git("for-each-ref")
    ran = notify(at, slacks, "--dry-run")
    assert ran.code == 0
    assert "would send  direct/ines-moreau" in ran.out
    assert slacks.server.requests == []
    assert at.git("for-each-ref") == before


def test_one_channel_only(tmp_path: Path, slacks: Workspace) -> None:
    at = desk(tmp_path)
    assert notify(at, slacks, "--channel", "wins").code == 0
    assert told(slacks) == {CHANNEL: 1}


def test_an_unknown_channel_is_a_usage_error(tmp_path: Path) -> None:
    ran = notify(desk(tmp_path), None, "--channel", "winns")
    assert ran.code == 2
    assert "`winns` is not a channel of policy" in ran.err
    assert "Channels: direct, wins." in ran.err


def test_a_missing_secret_stops_its_channel_alone(tmp_path: Path) -> None:
    log = "  - {name: log, kind: file, path: out/log.jsonl}\nroutes:\n"
    both = SLACK.replace("routes:\n", log).replace("to: [direct]", "to: [direct, log]")
    at = desk(tmp_path, channels=both)
    ran = handoff("notify", at=at, now=BREACHED)
    assert ran.code == 1
    assert "needs the environment variable `HANDOFF_SLACK`" in ran.out
    lines = (at.root / "out/log.jsonl").read_text().splitlines()
    assert {json.loads(line)["recipient"] for line in lines} == {
        "log/ines-moreau",
        "log/dana-okafor",
    }


def test_json_tells_everything_but_the_text(tmp_path: Path, slacks: Workspace) -> None:
    ran = notify(desk(tmp_path), slacks, "--format", "json")
    data = json.loads(ran.out)
    assert data["version"] == 1
    assert data["now"] == BREACHED
    assert {m["outcome"] for m in data["messages"]} == {"delivered"}
    (ines,) = (m for m in data["messages"] if m["recipient"] == "direct/ines-moreau")
    assert [n["due"] for n in ines["notifications"]] == ["2026-04-22T13:30:00Z"]


def test_nobody_to_tell_is_said_and_exits_with_1(
    tmp_path: Path, slacks: Workspace
) -> None:
    ran = notify(desk(tmp_path, reached={}), slacks)
    assert ran.code == 1
    assert "NOBODY" in ran.out
    assert "no address, and no last_resort" in ran.out


@pytest.mark.parametrize(
    "fault", [Fault.BROKEN, Fault.RESET_BEFORE, Refusal("service_unavailable")]
)
def test_what_did_not_arrive_comes_with_a_later_run(
    tmp_path: Path, slacks: Workspace, fault: Fault | Refusal
) -> None:
    at = desk(tmp_path)
    slacks.lasting["chat.postMessage"] = fault
    assert notify(at, slacks).code == 1
    del slacks.lasting["chat.postMessage"]
    ran = notify(at, slacks, now=LATER)
    assert ran.code == 0, ran.out
    assert told(slacks) == {CHANNEL: 1, "DU0INES": 1, "DU0DANA": 1}
    assert not any("Possible repeat" in t for t in slacks.texts("DU0INES"))


@pytest.mark.parametrize("fault", [Fault.RESET_AFTER, Fault.HTML, Fault.CUT_JSON])
def test_a_lost_answer_is_looked_up_and_nothing_is_repeated(
    tmp_path: Path, slacks: Workspace, fault: Fault
) -> None:
    at = desk(tmp_path)
    slacks.lasting["chat.postMessage"] = fault
    assert notify(at, slacks).code == 0
    del slacks.lasting["chat.postMessage"]
    assert notify(at, slacks, now=LATER).out.startswith("nothing is due")
    assert set(slacks.deliveries().values()) == {1}


def test_where_nobody_can_look_alarms_are_repeated_and_news_are_not(
    tmp_path: Path, slacks: Workspace
) -> None:
    at = desk(tmp_path)
    slacks.lasting["chat.postMessage"] = Fault.RESET_AFTER
    slacks.lasting["conversations.history"] = Refusal("missing_scope")
    assert notify(at, slacks).code == 1
    del slacks.lasting["chat.postMessage"]
    soon = notify(at, slacks, now="2026-04-22T13:49:59Z")
    assert soon.out.startswith("nothing is due")  # another run may be about it
    ran = notify(at, slacks, now=LATER)
    assert ran.code == 1
    assert "good news is not repeated" in ran.out
    assert told(slacks) == {CHANNEL: 1, "DU0INES": 2, "DU0DANA": 2}
    first, second = slacks.texts("DU0INES")
    assert "Possible repeat" not in first
    assert "Possible repeat: an earlier attempt may have reached you." in second
    assert notify(at, slacks, now=NEXT_DAY).code in {0, 1}
    assert told(slacks)[CHANNEL] == 1


def test_a_channel_that_refuses_does_not_stop_the_others(
    tmp_path: Path, slacks: Workspace
) -> None:
    at = desk(tmp_path)
    slacks.fail("chat.postMessage", Refusal("is_archived"))
    ran = notify(at, slacks)
    assert ran.code == 1
    assert "FAILED" in ran.out
    assert "the channel is archived" in ran.out
    assert told(slacks) == {"DU0INES": 1, "DU0DANA": 1}
    again = notify(at, slacks, now=LATER)
    assert again.code == 1  # it stays in sight
    assert "the channel is archived" in again.out
    assert len(slacks.calls("chat.postMessage")) == 3
    assert notify(at, slacks, "--retry-failed", now=LATER).code == 0
    assert told(slacks)[CHANNEL] == 1


def test_two_runs_at_once_tell_everything_once(
    tmp_path: Path, slacks: Workspace
) -> None:
    desk(tmp_path)
    clones = [clone(tmp_path, f"clone-{n}") for n in range(3)]
    env = {"HANDOFF_SLACK": TOKEN, "SLACK_API_URL": slacks.url}
    with ThreadPoolExecutor(3) as pool:
        runs = [
            pool.submit(handoff_at, BREACHED, "notify", at=at, env=env) for at in clones
        ]
    assert [run.result().code for run in runs] == [0, 0, 0], [r.result() for r in runs]
    assert told(slacks) == {CHANNEL: 1, "DU0INES": 1, "DU0DANA": 1}
    assert set(slacks.deliveries().values()) == {1}


def test_a_packet_withdrawn_meanwhile_is_not_complained_about(
    tmp_path: Path, slacks: Workspace
) -> None:
    at = desk(tmp_path)
    respond = slacks.server.respond

    def withdrawing(request: Received) -> Reply:
        """Take the packet back while the first message is on its way."""
        (at.root / KITES_PACKET).unlink(missing_ok=True)
        return respond(request)

    slacks.server.respond = withdrawing
    ran = notify(at, slacks)
    assert "it is no longer due" in ran.out
    assert "DU0INES" not in slacks.messages


def filed_on_a_branch(folder: Path) -> tuple[Repository, Repository]:
    """Give the desk, and the clone of the author of a packet that is not merged."""
    at = desk(folder, WON_WITHOUT_PACKET)
    author = clone(folder, "author")
    author.branch("handoff/zephyr-kites")
    author.write(KITES_PACKET, WON[KITES_PACKET])
    author.commit("File the packet", at="2026-04-21T13:30:00Z")
    author.git("push", "--quiet", "origin", "handoff/zephyr-kites")
    author.switch("main")
    return at, author


def test_a_packet_on_an_open_branch_is_not_forgotten(
    tmp_path: Path, slacks: Workspace
) -> None:
    at, _ = filed_on_a_branch(tmp_path)
    assert notify(at, slacks).code == 0
    (text,) = slacks.texts("DU0INES")
    assert "Zephyr Kites: packet-acknowledged is overdue by 15 min" in text


def test_an_acknowledgement_on_main_stops_what_is_on_its_way(
    tmp_path: Path, slacks: Workspace
) -> None:
    at = desk(tmp_path)
    other, respond = clone(tmp_path, "other"), slacks.server.respond

    def acknowledging(request: Received) -> Reply:
        """Take the packet back on main while the first message is on its way."""
        if (other.root / KITES_PACKET).exists():
            (other.root / KITES_PACKET).unlink()
            other.commit("Take it back", at="2026-04-22T13:45:00Z")
            other.git("push", "--quiet", "origin", "main")
        return respond(request)

    slacks.server.respond = acknowledging
    ran = notify(at, slacks)
    assert "it is no longer due" in ran.out
    assert "DU0INES" not in slacks.messages


def test_what_waits_on_a_branch_is_told_though_main_moves(
    tmp_path: Path, slacks: Workspace
) -> None:
    at, author = filed_on_a_branch(tmp_path)
    respond = slacks.server.respond

    def moving(request: Received) -> Reply:
        """Put something else on main while the first message is on its way."""
        if not (author.root / "NOTES.md").exists():
            author.write("NOTES.md", "Nothing about this deal.\n")
            author.commit("Take notes", at="2026-04-22T13:45:00Z")
            author.git("push", "--quiet", "origin", "main")
        return respond(request)

    slacks.server.respond = moving
    ran = notify(at, slacks)
    assert ran.code == 0, ran.out
    assert "no longer due" not in ran.out
    (text,) = slacks.texts("DU0INES")
    assert "Zephyr Kites: packet-acknowledged is overdue by 15 min" in text


def test_a_main_that_lost_what_was_judged_stops_everything(
    tmp_path: Path, slacks: Workspace
) -> None:
    at = desk(tmp_path)
    assert notify(at, slacks).code == 0
    at.git("commit", "--quiet", "--amend", "--message", "Another past")
    at.git("push", "--quiet", "--force", "origin", "main")
    ran = notify(at, slacks, now=NEXT_DAY)
    assert ran.code == 3
    assert "history was rewritten" in ran.err
    assert set(slacks.deliveries().values()) == {1}
    assert "DU0OSKAR" not in slacks.messages


def test_a_channel_that_cannot_be_used_fails_alone(tmp_path: Path) -> None:
    channels = """\
since: 2026-04-01
channels:
  - {name: flows, kind: webhook, url_from: HOOK_URL, secret_from: HOOK_SECRET}
  - {name: log, kind: file, path: out/log.jsonl}
routes:
  - what: [announcement]
    to: [flows, log]
"""
    at = desk(tmp_path, channels=channels)
    env = {"HOOK_URL": "http://hooks.example/secret-path", "HOOK_SECRET": "c2VjcmV0"}
    ran = handoff("notify", at=at, now=BREACHED, env=env)
    assert ran.code == 1
    assert "later  flows" in ran.out
    assert "the address of `hooks.example` cannot be used" in ran.out
    assert "secret-path" not in ran.out + ran.err
    assert (at.root / "out/log.jsonl").exists()
