"""One deal through everything that can go wrong, told with real output in the docs."""

import os
import re
import shlex
from pathlib import Path

from support.cli import ROOT, handoff, records
from support.deals import KITES, KITES_PACKET
from support.git import Repository
from support.reports import WON, WON_WITHOUT_PACKET

PAGE = ROOT / "docs" / "one-deal.md"
_PACKET = Path(KITES_PACKET).stem
_UNFILED = re.sub(r"filed:\n.*\n.*\n", "", WON[KITES_PACKET])
_COMMIT = re.compile(r"\b[0-9a-f]{10,40}\b")
_DANA, _INES = ("Dana Okafor", "dana-okafor"), ("Ines Moreau", "ines-moreau")

_INTRODUCTION = """\
# One deal, from a verbal yes to a stale acknowledgement

Every line of output on this page was printed by the tool, from a repository that
`tests/test_one_deal.py` builds commit by commit; the test keeps the page current. Only
the ids of commits and of the policy are replaced by a number, as in `(id 1)`.
"""
_END = """\
Nothing here was typed as a state. Each stage and each reading follows from dated facts,
each fact from a commit, and each commit has an author; [history](history.md) and
[trust](trust.md) say what that proves, and what it does not.
"""


class Story:
    """A repository that grows, and the page about it."""

    def __init__(self, root: Path) -> None:
        """Begin with the win, committed within the hour."""
        self.made: Repository = records(
            root, WON_WITHOUT_PACKET, at="2026-04-21T10:40:00Z"
        )
        self.page = [_INTRODUCTION]
        self.labels: dict[str, str] = {}

    def tell(self, title: str, text: str) -> None:
        """Begin a section."""
        self.page.append(f"## {title}\n\n{text.strip()}\n")

    def show(self, typed: str, now: str) -> str:
        """Run a command at an instant and put it on the page with what it prints."""
        words = shlex.split(typed)
        ran = handoff(*words, at=self.made, now=now, env={"COLUMNS": "120"})
        assert ran.code in {0, 1}, ran.err
        said = _COMMIT.sub(self._label, ran.out.rstrip())
        said = re.sub(r"(by the zone rules) \S+", r"\1 (release)", said)
        self.page.append(f"```console\n$ handoff {typed}\n{said}\n```\n")
        return ran.out

    def act(self, typed: str, now: str, author: tuple[str, str]) -> None:
        """Let somebody run a command that writes, and commit what it wrote."""
        ran = handoff(*shlex.split(typed), "--by", author[1], at=self.made, now=now)
        assert ran.code == 0, ran.out + ran.err
        self.page.append(f"```console\n$ handoff {typed}\n```\n")
        self.made.commit(typed.split(maxsplit=1)[0], at=now, author=author[0])

    def edit(self, path: str, old: str, new: str, now: str, author: str) -> None:
        """Let somebody change a file by hand, and commit it."""
        file = self.made.root / path
        text = file.read_text(encoding="utf-8")
        assert text.count(old) == 1, old
        file.write_text(text.replace(old, new), encoding="utf-8")
        self.made.commit("edit", at=now, author=author)

    def _label(self, found: re.Match[str]) -> str:
        short = found[0][:10]
        return self.labels.setdefault(short, f"(id {len(self.labels) + 1})")


def _win(story: Story) -> None:
    story.tell(
        "A verbal yes",
        """
The customer said yes on the phone on 21 April at 12:00. Dana logged it, and committed.
Nothing is signed: the clocks of the statement of work run, the delivery window does
not.
""",
    )
    story.show(f"status {KITES}", "2026-04-21T13:00:00+02:00")


def _late_packet(story: Story) -> None:
    story.tell(
        "A late packet",
        """
The packet was due two hours after the yes and filed after three and a half. Filing
stops the clock and freezes the overrun; the breach stays.
""",
    )
    story.made.write(KITES_PACKET, _UNFILED)
    story.made.commit("draft", at="2026-04-21T15:00:00+02:00", author=_DANA[0])
    story.act(f"file {_PACKET}", "2026-04-21T15:30:00+02:00", _DANA)
    later = "2026-04-21T16:00:00+02:00"
    story.show(f"sla {KITES} --rev HEAD --explain --clock packet-filed", later)


def _pause(story: Story) -> None:
    story.tell(
        "A pause",
        """
In April the follow-up had been on hold for three days, because of the customer's own
timing. Those days do not count, so the decision date moved by as much.
""",
    )
    later = "2026-04-21T16:00:00+02:00"
    story.show(f"sla {KITES} --rev HEAD --explain --clock proposal-decision", later)


def _acknowledge(story: Story) -> None:
    story.tell(
        "Acknowledged, then edited",
        """
Ines acknowledges in time. Two days later somebody changes what was handed over. The
acknowledgement was of another text: it no longer counts, the change is refused, and the
clock of the receiver runs again.
""",
    )
    story.act(f"ack {_PACKET}", "2026-04-22T09:00:00+02:00", _INES)
    now = "2026-04-24T10:00:00+02:00"
    story.edit(KITES_PACKET, "days_at_most: 28", "days_at_most: 21", now, "Rui Tanaka")
    story.show(f"check {KITES_PACKET}", now)
    story.show(f"sla {KITES} --rev HEAD --explain --clock packet-acknowledged", now)
    story.show(f"blame {KITES_PACKET} delivery_window.days_at_most", now)
    story.edit(KITES_PACKET, "days_at_most: 21", "days_at_most: 28", now, "Rui Tanaka")


def _policy(story: Story) -> None:
    story.tell(
        "A change of policy",
        """
Somebody proposes to give a packet four hours instead of two. The tool says what that
would make of every reading, before it is merged.
""",
    )
    clocks = "schemas/policy/clocks.yaml"
    file = story.made.root / clocks
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("within: 2h", "within: 4h", 1), encoding="utf-8")
    story.show("policy diff HEAD", "2026-04-24T12:00:00+02:00")
    file.write_text(text, encoding="utf-8")


def _reopening(story: Story) -> None:
    story.tell(
        "Reopened",
        """
The customer comes back before anything is signed. A second cycle begins with its own
clocks; what was met, late or broken in the first stays as it was.
""",
    )
    fields = '--set "reason=Scope grew by one programme" --set back_to=proposal'
    now = "2026-04-27T11:00:00+02:00"
    story.act(f"log {KITES} reopened {fields}", now, _DANA)
    story.show(f"sla {KITES} --all", "2026-04-27T12:00:00+02:00")


def _history(story: Story) -> None:
    story.tell(
        "The whole story", "Who did what, in which commit, in the words of the deal."
    )
    story.show(f"history {KITES}", "2026-04-27T12:00:00+02:00")


_PARTS = (_win, _late_packet, _pause, _acknowledge, _policy, _reopening, _history)


def test_the_page_shows_what_the_tool_prints(tmp_path: Path) -> None:
    story = Story(tmp_path / "records")
    for part in _PARTS:
        part(story)
    page = "\n".join((*story.page, _END))
    if os.environ.get("UPDATE_GOLDEN"):
        PAGE.write_text(page, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page, "run with UPDATE_GOLDEN=1"
