"""One deal from form to acknowledged packet, and one that nobody acknowledges.

The shipped workflows, real git remotes, a local forge and a local Slack. Times are of
21 and 22 April 2026, on the forge's clock (UTC); policy's zone is two hours ahead.
"""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from support.actions import Job, Runner
from support.cli import ROOT, handoff, records
from support.deals import KITES, KITES_PACKET, KITES_PATH, KITES_TEXT
from support.forge import PullState
from support.front_desk import COMPLETE, HANDOFF, INES, Desk, desk_over, filled
from support.slack import CHANNEL, TOKEN, Workspace, workspace

AMBER = KITES.replace("zephyr", "amber")
AMBER_PATH = KITES_PATH.replace("zephyr", "amber")
AMBER_TEXT = KITES_TEXT.replace("Zephyr", "Amber").replace("zephyr", "amber")
PAGE = ROOT / "docs" / "desk.md"
CHANNELS = """\
since: 2026-04-01
channels:
  - {name: wins, kind: slack, to: C0DEALS01, token_from: HANDOFF_SLACK_TOKEN}
  - {name: direct, kind: slack, token_from: HANDOFF_SLACK_TOKEN}
routes:
  - what: [announcement, digest, summary]
    to: [wins]
  - what: [at-risk, breach, escalation, coordination]
    to: [direct]
"""
SLACK_IDS = {
    "dana-okafor": "U0DANA",
    "ines-moreau": "U0INES",
    "priya-venkat": "U0PRIYA",
    "oskar-feld": "U0OSKAR",
}


@dataclass
class Story:
    """Everything that takes part in it."""

    desk: Desk
    runner: Runner
    slack: Workspace

    def job(self, workflow: str, at: str) -> Job:
        """Let a workflow run on main by its timer."""
        done = self.runner.run(workflow, "schedule", {}, at)
        assert done.is_green, done.out
        return done

    def form(self, at: str, **changed: str | None) -> PullState:
        """Fill in a form, or edit the first one; give its pull request."""
        number = 1 if "edit" in changed else 0
        changed.pop("edit", None)
        typed = {k: v for k, v in {**COMPLETE, **changed}.items() if v is not None}
        payload = self.desk.issue(filled(HANDOFF, typed), at=at, number=number)
        done = self.runner.run("intake", "issues", payload, at)
        assert done.is_green, done.out
        return [*self.desk.forge.pulls.values()][-1]

    def check(self, pull: PullState, at: str) -> Job:
        """Let the pull request be checked."""
        event = self.event(pull, at)
        return self.runner.run("check", "pull_request", event, at, pull.branch)

    def event(self, pull: PullState, at: str) -> Mapping[str, Any]:
        """Give what the forge says of a pull request."""
        repository = {"id": 501, "full_name": "acme/handoffs"}
        tips = {n: self.desk.forge.tip(n) for n in (pull.branch, "main")}
        return {
            "pull_request": {
                "number": pull.number,
                "created_at": at,
                "updated_at": at,
                "user": {"id": pull.author, "login": "github-actions[bot]"},
                "head": {
                    "ref": pull.branch,
                    "sha": tips[pull.branch],
                    "repo": repository,
                },
                "base": {"ref": "main", "sha": tips["main"], "repo": repository},
            }
        }

    def packet(self) -> str:
        """Give the packet as main has it."""
        return self.desk.forge.remote.git("show", f"main:{KITES_PACKET}")

    def told(self, place: str) -> str:
        """Give all that a channel or a person was told."""
        return "\n".join(self.slack.texts(place))


def show(name: str, *seen: tuple[str, str]) -> None:
    """Hold a part of the page in the docs against what was seen; see `PAGE`."""
    shown = (f"**{title}**\n\n````text\n{_plain(text)}\n````\n" for title, text in seen)
    part = f"<!-- part: {name} -->\n\n{chr(10).join(shown)}\n<!-- end: {name} -->"
    page = PAGE.read_text(encoding="utf-8")
    mark = re.compile(f"<!-- part: {name} -->.*<!-- end: {name} -->", re.DOTALL)
    real = mark.sub(lambda _: part, page)
    if os.environ.get("UPDATE_GOLDEN"):
        PAGE.write_text(real, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == real, "run with UPDATE_GOLDEN=1"


def _plain(text: str) -> str:
    """Take out what differs from run to run: ids of commits, ports, hidden marks."""
    text = re.sub(r"\b[0-9a-f]{10,64}\b", "…", text)
    text = re.sub(r"<!--.*?-->\n?", "", text, flags=re.DOTALL)
    return re.sub(r"127\.0\.0\.1:[0-9]+", "forge.example", text).strip()


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    files = {KITES_PATH: KITES_TEXT, AMBER_PATH: AMBER_TEXT}
    made = records(tmp_path / "records", files, at="2026-04-21T10:30:00Z")
    made.write("schemas/policy/channels.yaml", CHANNELS)
    people = made.root / "schemas/policy/people.yaml"
    text = people.read_text(encoding="utf-8")
    for handle, member in SLACK_IDS.items():
        mark = f"  - handle: {handle}\n"
        text = text.replace(mark, f"{mark}    slack: {member}\n")
    people.write_text(text, encoding="utf-8")
    with desk_over(made, tmp_path) as desk, workspace() as slack:
        runner = Runner(
            desk.forge,
            tmp_path / "runs",
            secrets={"HANDOFF_SLACK_TOKEN": TOKEN},
            network={"SLACK_API_URL": slack.url},
        )
        yield Story(desk, runner, slack)


def test_one_deal_from_form_to_acknowledged_packet(story: Story) -> None:
    forge = story.desk.forge

    # 15:00 A salesperson fills in the form and leaves one question open.
    pull = story.form("2026-04-21T13:00:00Z", **{"Red flags": None})
    assert pull.title == "Handoff: Zephyr Kites"
    assert pull.asked == ["ines-m"]
    (answer,) = forge.comments[1]
    assert "section \\`Red flags\\` is empty" in answer["body"]
    seen = [("15:00, the answer to the form", answer["body"])]

    # The check fails, and says so on the pull request, once.
    assert not story.check(pull, "2026-04-21T13:02:00Z").is_green
    (comment,) = forge.comments[pull.number]
    assert "Not complete yet" in comment["body"]
    seen += [("15:02, the comment of the failing check", comment["body"])]

    # The win is announced, once.
    story.job("clocks", "2026-04-21T13:07:00Z")
    story.job("clocks", "2026-04-21T13:27:00Z")
    assert story.told(CHANNEL).count("DEAL CLOSED — Zephyr Kites") == 1
    texts = story.slack.texts(CHANNEL)
    seen += [("15:07, the channel", next(t for t in texts if "Zephyr Kites" in t))]

    # 15:30 The form is edited; the packet is complete, so it is filed.
    story.form("2026-04-21T13:30:00Z", edit="yes")
    assert story.check(pull, "2026-04-21T13:31:00Z").is_green
    assert "**Complete.**" in comment["body"]
    seen += [("15:31, the same comment, after the form was edited", comment["body"])]

    # 16:00 Customer success approves, and the pull request is merged.
    forge.review(pull, INES, at="2026-04-21T14:00:00Z")
    forge.merge(pull, at="2026-04-21T14:05:00Z")
    assert "acknowledgement" not in story.packet()

    # The approval becomes an acknowledgement, at the time it was given.
    story.job("acknowledge", "2026-04-21T14:11:00Z")
    assert (
        "acknowledgement:\n  by: ines-moreau\n  at: 2026-04-21T16:00:00+02:00\n"
        in story.packet()
    )
    stanza = re.search(r"acknowledgement:\n(?: .*\n)+", story.packet())
    assert stanza
    seen += [("16:11, what the approval of 16:00 became in the packet", stanza[0])]
    ledger = forge.remote.git("grep", "--count", "ines-moreau", "handoff-ledger")
    assert ledger
    before = forge.tip("main"), forge.tip("handoff-ledger")
    story.job("acknowledge", "2026-04-21T14:41:00Z")
    assert forge.tip("main") == before[0]

    # The clocks agree, and nothing is told twice.
    story.job("clocks", "2026-04-21T14:47:00Z")
    story.desk.jobs.git("fetch", "--quiet", "origin")
    story.desk.jobs.git("checkout", "--quiet", "--detach", "origin/main")
    now = "2026-04-21T17:00:00+02:00"
    shown = handoff("status", KITES, at=story.desk.jobs, now=now)
    assert "acknowledged for" in shown.out
    assert handoff("check", at=story.desk.jobs, now=now).code == 0
    assert set(story.slack.deliveries().values()) == {1}
    seen += [("16:47, the channel", story.slack.texts(CHANNEL)[-1])]
    seen += [("17:00, `handoff status`", shown.out)]
    show("acknowledged", *seen)


def test_a_packet_nobody_acknowledges_climbs_the_ladder(story: Story) -> None:
    forge = story.desk.forge
    pull = story.form("2026-04-21T13:30:00Z", Opportunity=AMBER)
    assert story.check(pull, "2026-04-21T13:31:00Z").is_green
    forge.merge(pull, at="2026-04-21T13:40:00Z")

    # Who merges without approving has not acknowledged.
    story.job("acknowledge", "2026-04-21T13:41:00Z")
    story.job("clocks", "2026-04-21T13:47:00Z")

    # 24 hours later the clock is overdue; from then on the ladder is climbed.
    for hour in (13, 16, 20):
        story.job("clocks", f"2026-04-22T{hour}:47:00Z")
    assert "packet-acknowledged" in story.told("DU0INES")
    assert "packet-acknowledged" in story.told("DU0DANA")
    assert "packet-acknowledged" in story.told("DU0PRIYA")
    assert "packet-acknowledged" in story.told("DU0OSKAR")

    # The summary of the day says it to everybody, and is posted once.
    page = story.job("daily", "2026-04-22T21:23:00Z").summary
    assert page.startswith("# Daily summary, 2026-04-22")
    assert "Amber Kites" in page
    path = "handoff-reports:daily/2026/04/2026-04-22.md"
    assert "Amber Kites" in forge.remote.git("show", path)
    story.job("daily", "2026-04-22T21:43:00Z")
    summaries = [t for t in story.slack.texts(CHANNEL) if "2026-04-22" in t]
    assert sum("Amber Kites" in text for text in summaries) == 1
    assert set(story.slack.deliveries().values()) == {1}
    show(
        "ladder",
        *(
            (f"to {name}", story.slack.texts(place)[-1])
            for name, place in (
                ("the receiver, when it is overdue", "DU0INES"),
                ("the deal owner", "DU0DANA"),
                ("the chief of staff, two hours later", "DU0PRIYA"),
                ("the CEO, six hours later", "DU0OSKAR"),
            )
        ),
        ("the summary of the day", page),
    )
